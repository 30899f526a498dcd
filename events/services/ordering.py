"""In which order an event's speakers, or its exhibitors, are shown."""

from accounts.services.log import record
from events.models import Event
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused

LARGEST = 2**31 - 1


def put_in_order(event: Event, model, places: list, *, column: str, by) -> int:
    """Give each named row its place, all or none; how many. 403 if one is not of this event."""
    name = model._meta.model_name
    wanted = {}
    for number, entry in enumerate(places if isinstance(places, list) else [None]):
        pk, place = (entry.get(name), entry.get(column)) if isinstance(entry, dict) else (None, None)
        pk = int(pk) if isinstance(pk, str) and pk.isascii() and pk.isdigit() else pk
        if not all(type(value) is int and abs(value) <= LARGEST for value in (pk, place)):
            raise Refused("bad-place", f"Name each {name} and its {column} by numbers.", pointer=f"/{number}")
        wanted[pk] = place
    with atomic():
        rows = {row.pk: row for row in model.objects.filter(model.live_rows(), event=event, pk__in=wanted)}
        if len(rows) != len(wanted):
            raise Refused("not-of-this-event", f"Some {name} in the list is not at this event.", status=403)
        for pk, row in rows.items():
            setattr(row, column, wanted[pk])
        model.objects.bulk_update(rows.values(), [column], batch_size=200)
        record(f"{name}s.ordered", by=by, about=event, event_id=event.pk, count=len(rows))
    return len(rows)


def reset_order(event: Event, model, *, column: str, by) -> int:
    """None has a place of its own any more."""
    with atomic():
        count = model.objects.filter(model.live_rows(), event=event).update_at(event.pk, **{column: 0})
        record(f"{model._meta.model_name}s.ordered", by=by, about=event, event_id=event.pk, count=0)
    return count
