"""How many mails the forms of one person may send in a day: whoever got hold of an account does not get a mail gun."""

import math
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from notifications.models import BLOCKED, Mail

A_DAY = timedelta(days=1)


def mails_left(by) -> float:
    """How many more mails are sent for this person today; infinite for who is nobody."""
    if not isinstance(by, User):
        return math.inf
    asked = Mail.objects.filter(asked_by=by, created_at__gt=timezone.now() - A_DAY).exclude(status=BLOCKED).count()
    return max(0, mails_a_day(by) - asked)


def why_held_back(by: User) -> str:
    """In words, for those who look for a mail of somebody who has none left."""
    most = mails_a_day(by)
    return f"{by.name} has asked for {most} mails within a day, and {most} is the most. Send it again tomorrow."


def mails_a_day(by: User) -> int:
    is_new = by.created_at > timezone.now() - timedelta(days=settings.NEW_ACCOUNT_DAYS)
    return settings.MAILS_A_DAY_OF_NEW_ACCOUNTS if is_new else settings.MAILS_A_DAY
