"""Closing an account: it is hidden, and its sign-ins end with it."""

from accounts.services.log import record
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused

# What keeps an account open, such as an event of its own or a ticket still to be used. Higher floors add a question
# here when they are ready: (user) -> the reason as a sentence, or None.
REASONS_TO_STAY = []


@atomic()
def close_account(user, *, by):
    for reason in REASONS_TO_STAY:
        if sentence := reason(user):
            raise Refused("account-needed", sentence, status=403)
    user.hide()
    record("user.closed", by=by, about=user)
