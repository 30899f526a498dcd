"""How many mails the forms of one person may send in a day: whoever got hold of an account does not get a mail gun."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from notifications.models import BLOCKED, Mail

A_DAY = timedelta(days=1)


def reason_to_hold_back(by) -> str:
    """Why no more mail is sent for this person today, in words for those who look for it; empty if it may go."""
    if not isinstance(by, User):
        return ""
    most = mails_a_day(by)
    asked = Mail.objects.filter(asked_by=by, created_at__gt=timezone.now() - A_DAY).exclude(status=BLOCKED).count()
    if asked < most:
        return ""
    return f"{by.name} has asked for {asked} mails within a day, and {most} is the most. Send it again tomorrow."


def mails_a_day(by: User) -> int:
    is_new = by.created_at > timezone.now() - timedelta(days=settings.NEW_ACCOUNT_DAYS)
    return settings.MAILS_A_DAY_OF_NEW_ACCOUNTS if is_new else settings.MAILS_A_DAY
