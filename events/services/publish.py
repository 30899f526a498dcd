"""Showing an event to the public, and hiding it again."""

from accounts.services.log import record
from events.models import Event
from events.models.event import DRAFT, PUBLISHED
from events.rules import may_publish
from events.services.places import offer_place
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused


def what_blocks(event) -> dict[str, str]:
    """What an event cannot be published without, by the column that is to blame: a name, and dates that hold."""
    found = {} if (event.name or "").strip() else {"name": "The event needs a name."}
    if event.ends_at <= event.starts_at:
        found["ends_at"] = "The end must be after the start."
    return found


def publish_event(event: Event, *, by) -> Event:
    """From now on the public sees it (a private one: whoever knows its address). Done already: nothing changes."""
    if not may_publish(by):
        raise Refused("unverified-user", "Verify your e-mail address first, then publish.", status=403)
    with atomic():
        _lock(event)
        for name, words in what_blocks(event).items():
            raise Refused("not-publishable", words, pointer=f"/data/attributes/{name.replace('_', '-')}")
        _move(event, PUBLISHED, by=by, action="event.published")
        offer_place(event)
    return event


def unpublish_event(event: Event, *, by) -> Event:
    """A draft again: only the team sees it and nothing is sold. Orders and tickets stay as they are."""
    with atomic():
        _lock(event)
        _move(event, DRAFT, by=by, action="event.unpublished")
    return event


def _lock(event):
    event.refresh_from_db(from_queryset=Event.objects.select_for_update())


def _move(event, state, *, by, action):
    if event.state != state:
        event.state = state
        event.save(update_fields=["state"])
        record(action, by=by, about=event, event_id=event.pk)
