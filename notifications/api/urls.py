"""What notifications serve under /v1."""

from django.urls import path

from accounts.api.users import UserSerializer
from notifications.api.jobs import ImportJobViewSet, TaskFileView, TaskView
from notifications.api.mails import MailViewSet
from notifications.api.notifications import NotificationViewSet
from notifications.api.switches import MessageSettingViewSet, NotificationSettingViewSet
from notifications.api.trial_mail import TrialMailView
from notifications.models import Notification
from openevent.core.registry import register
from openevent.core.relations import Relation

UserSerializer.extend(notifications=Relation(Notification, "user"))

register("notifications", NotificationViewSet)
register("mails", MailViewSet)
register("message-settings", MessageSettingViewSet)
register("notification-settings", NotificationSettingViewSet)
register("import-jobs", ImportJobViewSet)

urlpatterns = [
    path("test-mail", TrialMailView.as_view()),
    path("tasks/files/<str:link>", TaskFileView.as_view(), name="task-file"),
    path("tasks/<str:key>", TaskView.as_view()),
]
