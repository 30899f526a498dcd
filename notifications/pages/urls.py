"""The outbox; the house mounts this at /outbox/. Outside of a demo every address of it answers 404."""

from django.urls import path

from notifications.pages import outbox

urlpatterns = [
    path("", outbox.outbox, name="outbox"),
    path("<int:pk>/", outbox.mail, name="outbox-mail"),
    path("<int:pk>/body", outbox.mail_body, name="outbox-mail-body"),
    path("<int:pk>/attachments/<int:number>", outbox.mail_attachment, name="outbox-attachment"),
]
