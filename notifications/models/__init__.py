"""What was told to whom."""

from notifications.models.mail import FAILED, QUEUED, SENDING, SENT, Mail
from notifications.models.notification import Notification

__all__ = ["FAILED", "QUEUED", "SENDING", "SENT", "Mail", "Notification"]
