"""Notifications, and the outbox: outside of a demo every address of that one answers 404."""

from django.urls import path

from notifications.pages import inbox, outbox

urlpatterns = [
    path("notifications/", inbox.inbox, name="notifications"),
    path("notifications/unread", inbox.unread, name="notifications-unread"),
    path("notifications/read", inbox.read_all, name="notifications-read"),
    path("notifications/<int:pk>/read", inbox.read, name="notification-read"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<int:pk>/", outbox.mail, name="outbox-mail"),
    path("outbox/<int:pk>/body", outbox.mail_body, name="outbox-mail-body"),
    path("outbox/<int:pk>/attachments/<int:number>", outbox.mail_attachment, name="outbox-attachment"),
]
