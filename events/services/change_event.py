"""Changing an event, by whichever door; and deleting it."""

from collections.abc import Callable

from accounts.services.log import record
from events.models import Event
from events.rules import owns_the_event
from events.services.create_event import check_runs, forget_roles
from events.services.places import offer_place
from notifications.services.live import drop
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused
from openevent.core.serializers import is_other

# What higher floors know of an event, added when they are ready.
REASONS_TO_KEEP: dict[str, list[Callable]] = {}  # {column: [question of (event): why it cannot change, or ""]}
CONSEQUENCES: list[Callable] = []  # of deleting: (event) -> sentences


def change_event(event: Event, *, by, **values) -> list[str]:
    """Write what differs from the row in the database, and say in the log which columns that was."""
    with atomic():
        row = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
        if "group" in values and is_other(row.group, values["group"]):
            _check_group(row, values["group"], by=by)
            values["is_announced"] = False  # its followers are others
        changed = sorted(name for name, value in values.items() if is_other(getattr(row, name), value))
        for name in changed:
            if reason := why_kept(row, name):
                raise Refused("fixed", reason, status=409, pointer=f"/data/attributes/{name.replace('_', '-')}")
        for name, value in values.items():
            setattr(event, name, value)
        if changed:
            event.save(update_fields=changed)
            offer_place(event)
            record("event.changed", by=by, about=event, event_id=event.pk, fields=changed)
        if "group" in changed:
            _has_left(row, by=by)
    return changed


def _check_group(event, group, *, by):
    """Who runs a group runs its events: so the event's owner gives it away, and they or the group's take it back."""
    is_let_go = group is None and event.group.user_id == by.pk
    if not (is_let_go or owns_the_event(by, event)):
        pointer = "/data/relationships/group"
        raise Refused("not-the-owner", "Only its owner gives an event to a group.", status=403, pointer=pointer)
    check_runs(group, by=by)


def _has_left(event, *, by):
    """The event as it was: whoever runs the group that it was in has lost it."""
    forget_roles(by)
    if event.group_id is not None:
        for user in event.group.roles.filter(accepted=True).values_list("user", flat=True):
            drop("event", event.pk, user)


def why_kept(event, name) -> str:
    """Why this column of the event cannot change any more, in a sentence; empty if it can."""
    return next(filter(None, (question(event) for question in REASONS_TO_KEEP.get(name, ()))), "")


def delete_event(event: Event, *, by) -> None:
    """Hide the event and everything below it. Buyers keep their orders; staff can bring it back."""
    if not owns_the_event(by, event):
        raise Refused("not-the-owner", "Only its owner deletes an event.", status=403)
    with atomic():
        event.hide()
        record("event.deleted", by=by, about=event, event_id=event.pk)


def consequences_of_deleting(event) -> list[str]:
    return [sentence for question in CONSEQUENCES for sentence in question(event)]
