"""What was told to whom, and the work that somebody waits for."""

from notifications.models.job import ImportJob, Job
from notifications.models.mail import BLOCKED, FAILED, QUEUED, SENDING, SENT, Mail
from notifications.models.notification import Notification
from notifications.models.switches import MessageSetting, NotificationSetting

__all__ = [
    "BLOCKED",
    "FAILED",
    "QUEUED",
    "SENDING",
    "SENT",
    "ImportJob",
    "Job",
    "Mail",
    "MessageSetting",
    "Notification",
    "NotificationSetting",
]
