"""Telling somebody on our pages: a row behind the bell, and a word in the room of its user."""

from collections.abc import Iterable

from django.contrib.humanize.templatetags.humanize import naturaltime
from django.db import models
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import User
from notifications.models import Notification, NotificationSetting
from notifications.services.live import announce
from openevent.core.atomic import atomic
from openevent.core.cleaning import plain

NEWS = "New notifications"


def notify(
    user: User,
    kind: str,
    *,
    title: str,
    message: str = "",
    action: str = "",
    about: models.Model | None = None,
    event_id: int | None = None,
    by: User | str | None = None,
) -> Notification | None:
    """Put a message behind somebody's bell; None where the site's staff has switched this kind off.

    The message may hold HTML, which is cleaned; what people wrote in it must be escaped by the caller. The action is
    a path of ours that the message leads to. `by` is whoever did what it is about.
    """
    rows = notify_all([user], kind, title=title, message=message, action=action, about=about, event_id=event_id, by=by)
    return rows[0] if rows else None


def notify_all(
    users: Iterable[User],
    kind: str,
    *,
    title: str,
    message: str = "",
    action: str = "",
    about: models.Model | None = None,
    event_id: int | None = None,
    by: User | str | None = None,
) -> list[Notification]:
    """The same to several people, written at once."""
    users = list(users)
    if not users or not NotificationSetting.lets(kind):
        return []
    if action and not url_has_allowed_host_and_scheme(action, allowed_hosts=None):
        raise ValueError(f"“{action}” leads away from this server.")
    values = {
        "kind": kind,
        "title": plain(title)[:300],
        "message": message,
        "action": action,
        "subject_type": about._meta.model_name if about is not None else "",
        "subject_id": str(about.pk) if about is not None else "",
        "subject_state": str(getattr(about, "status", None) or getattr(about, "state", None) or ""),
        "event_id": event_id,
        "actor": by if isinstance(by, User) else None,
    }
    with atomic(savepoint=False):
        rows = Notification.objects.bulk_create([Notification(user=user, **values) for user in users])
        for row in rows:
            push(row.user_id, [row])
        return rows


def mark_read(notification: Notification) -> None:
    """It was seen. The other windows of its user learn of it."""
    if notification.is_read:
        return
    with atomic():
        notification.is_read = True
        notification.save(update_fields=["is_read"])
        push(notification.user_id, [])


def mark_all_read(user: User) -> int:
    """Everything that was behind the bell was seen; how many there were."""
    with atomic():
        count = Notification.objects.filter(user=user, is_read=False).update(is_read=True)
        push(user.pk, [])
        return count


def push(user_id: int, rows: Iterable[Notification]) -> None:
    """Say in the user's room what is new. How many are unread is counted where it is heard, if anybody hears it."""
    announce("user", user_id, {"meta": NEWS, "notifs": [told(row) for row in rows]})


def told(notification: Notification) -> dict:
    """A notification as a window is told of it."""
    return {
        "title": notification.title,
        "received_at": str(naturaltime(notification.received_at)),
        "mark_read": reverse("notification-read", args=[notification.pk]),
    }


def unread_count(user_id: int) -> int:
    return Notification.objects.filter(user=user_id, is_read=False).order_by().count()
