"""Saying something in a live room, and sending people out of it."""

from django.db import transaction

from notifications.herald import herald
from notifications.services.rooms import group_of, windows_of
from openevent.core.tokens import hash_token


def announce(room: str, subject_id, message: dict) -> None:
    """Tell everybody in a room, once the transaction is safe: `announce("event", event.pk, {"meta": "order.placed"})`.

    Costs the request nothing and never fails it. A message says that something happened and what it is called;
    whoever shows more asks for it, and is then asked whether they may see it.
    """
    _after_commit(group_of(room, subject_id), {"type": "tell", "document": message})


def drop(room: str, subject_id, user) -> None:
    """A right at the subject was taken from a user (or their id): with none left they are sent out at once."""
    _after_commit(group_of(room, subject_id), {"type": "ask.again", "user": getattr(user, "pk", user)})


def drop_everywhere(user) -> None:
    """The same for all that this user has open: a blocked or closed account, another password."""
    _after_commit(windows_of(user.pk), {"type": "ask.again", "user": user.pk})


def leave_with(session_key: str, user) -> None:
    """A session has ended: so do the windows that were opened with it."""
    _after_commit(windows_of(user.pk), {"type": "leave", "session": hash_token(session_key)})


def _after_commit(group, message):
    transaction.on_commit(lambda: herald.call(group, message), robust=True)
