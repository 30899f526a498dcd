"""At the door: who came, when, and who was sent away."""

from datetime import UTC

from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive

from accounts.services.log import record
from openevent.core.refusals import Refused
from orders.models.order import COMPLETED, PLACED

TIMES = ("checkin_times", "checkout_times", "register_times")
DOOR = {  # what only those who work at the door say of an attendee
    *TIMES,
    *("is_checked_in", "is_checked_out", "is_registered", "device_name_checkin"),
    *("is_badge_printed", "badge_printed_at", "attendee_notes", "tag_id"),
}
PLAIN = ("device_name_checkin", "is_badge_printed", "badge_printed_at", "attendee_notes", "tag_id")
MOST_TIMES = 1000


def note_at_the_door(attendee, *, by, changes) -> None:
    """Check in, check out or note something, as scanners send it. The caller holds the attendee's row lock.

    Times are texts of ISO 8601 moments with commas between. Clients send the old value with one more at its end,
    so what is new is added to what is there: two devices never lose each other's entry, and nothing is removed.
    Whether somebody is in is read from the times, whatever the flags say.
    """
    added = {name: _added(attendee, name, changes[name]) for name in TIMES if name in changes}
    if changes.get("is_checked_in") and not attendee.is_checked_in and not added.get("checkin_times"):
        raise Refused("checkin-time-missing", "Say when: checkin-times.", pointer="/data/attributes/checkin-times")
    if added.get("checkin_times"):
        _refuse_unless_valid(attendee)
    for name, times in added.items():
        setattr(attendee, name, ",".join([*_times(getattr(attendee, name)), *times]) or None)
    for name in PLAIN:
        if name in changes:
            setattr(attendee, name, changes[name])
    if added.get("checkin_times") or added.get("checkout_times"):
        last_in, last_out = (_latest(getattr(attendee, name)) for name in ("checkin_times", "checkout_times"))
        attendee.is_checked_in = last_in is not None and (last_out is None or last_in > last_out)
        attendee.is_checked_out = last_out is not None and not attendee.is_checked_in
    attendee.is_registered = bool(attendee.register_times)
    attendee.save()
    for name, verb in (("checkin_times", "checked-in"), ("checkout_times", "checked-out")):
        if added.get(name):
            record(f"attendee.{verb}", by=by, about=attendee, event_id=attendee.event_id, times=added[name])


def _added(attendee, name, given) -> list[str]:
    """The entries that are not there yet, each a moment, in the order sent."""
    pointer = f"/data/attributes/{name.replace('_', '-')}"
    there = _times(getattr(attendee, name))
    new = [time for time in dict.fromkeys(_times(given)) if time not in there]
    if len(there) + len(new) > MOST_TIMES:
        raise Refused("too-many-times", f"At most {MOST_TIMES} entries.", pointer=pointer)
    for time in new:
        if _moment(time) is None:
            raise Refused("not-a-time", f"“{time[:40]}” is not a moment of ISO 8601.", pointer=pointer)
    return new


def _refuse_unless_valid(attendee):
    """A ticket lets in when it is paid, or is to be paid at the door."""
    order = attendee.order
    paid = order is not None and order.status == COMPLETED
    if not paid and not (order is not None and order.status == PLACED and order.payment_mode == "onsite"):
        raise Refused("ticket-not-valid", "This ticket is not paid, or not valid any more.", status=409)


def _times(text) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def _moment(text):
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment is not None and is_naive(moment) else moment


def _latest(text):
    return max(filter(None, map(_moment, _times(text))), default=None)
