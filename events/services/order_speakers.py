"""In which order an event's speakers are shown."""

from accounts.services.log import record
from events.models import Event, Speaker
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused

LARGEST = 2**31 - 1


def order_speakers(event: Event, places: list, *, by) -> int:
    """Give each named speaker its place, all or none; how many. 403 if one is not of this event."""
    wanted = {}
    for number, entry in enumerate(places if isinstance(places, list) else [None]):
        speaker, order = (entry.get("speaker"), entry.get("order")) if isinstance(entry, dict) else (None, None)
        speaker = int(speaker) if isinstance(speaker, str) and speaker.isascii() and speaker.isdigit() else speaker
        if not all(type(value) is int and abs(value) <= LARGEST for value in (speaker, order)):
            raise Refused("bad-place", "Name each speaker and its order by numbers.", pointer=f"/{number}")
        wanted[speaker] = order
    with atomic():
        rows = {row.pk: row for row in Speaker.objects.filter(event=event, deleted_at=None, pk__in=wanted)}
        if len(rows) != len(wanted):
            raise Refused("not-of-this-event", "Somebody in the list does not speak at this event.", status=403)
        for pk, row in rows.items():
            row.order = wanted[pk]
        Speaker.objects.bulk_update(rows.values(), ["order"], batch_size=200)
        record("speakers.ordered", by=by, about=event, event_id=event.pk, count=len(rows))
    return len(rows)


def reset_speakers_order(event: Event, *, by) -> int:
    """Nobody has a place of their own any more: by name again."""
    with atomic():
        count = Speaker.objects.filter(event=event, deleted_at=None).update_at(event.pk, order=0)
        record("speakers.ordered", by=by, about=event, event_id=event.pk, count=0)
    return count
