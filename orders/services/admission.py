"""Whether a ticket lets somebody in: the one answer for every door, with its reason in words."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import Activity
from orders.models import Attendee
from orders.models.order import AT_THE_DOOR, CANCELLED, COMPLETED, PLACED

# Rows of attendees: who may come in at all, for counts and lists. The same as `is_valid` asks of one.
COMING = Q(deleted_at=None, order__deleted_at=None) & (
    Q(order__status=COMPLETED) | Q(order__status=PLACED, order__payment_mode=AT_THE_DOOR)
)


@dataclass(frozen=True)
class Refusal:
    """`code` is for programs and the row of the scan, `words` for whoever stands at the door."""

    code: str
    words: str


UNKNOWN = Refusal("unknown-code", "This code is on no ticket of this event.")
OTHER_EVENT = Refusal("other-event", "This is a ticket of another event.")


def is_valid(attendee: Attendee) -> bool:
    """A ticket lets in when it is paid, or is to be paid at the door."""
    order = attendee.order
    if attendee.deleted_at or order is None or order.deleted_at:
        return False
    return order.status == COMPLETED or (order.status == PLACED and order.payment_mode == AT_THE_DOOR)


def refusal_of(attendee: Attendee, *, tickets: Collection[int] | None = None) -> Refusal | None:
    """Why this ticket lets nobody in here, or None. `tickets` are the types that this door lets in, None for all."""
    if attendee.event.deleted_at:
        return Refusal("event-deleted", "This event does not take place.")
    if not is_valid(attendee):
        return _why_not_valid(attendee)
    if tickets is not None and attendee.ticket_id not in tickets:
        return Refusal("wrong-list", f"This door does not let in {attendee.ticket.name}.")
    return None


def reissued(attendee: Attendee, voided_at) -> Refusal:
    since = clock(voided_at, attendee.event)
    return Refusal("reissued", f"An older copy of this ticket: a newer one was issued {since}. Ask for that one.")


def _why_not_valid(attendee):
    order = attendee.order
    if order is None or order.deleted_at:
        return Refusal("not-ordered", "This ticket belongs to no order.")
    if order.status == CANCELLED:
        return Refusal("order-cancelled", f"The order was cancelled{_cancelled_at(order, attendee.event)}.")
    if attendee.deleted_at:
        since = clock(attendee.deleted_at, attendee.event)
        return Refusal("ticket-removed", f"This ticket was taken off its order {since}.")
    if order.status == PLACED:
        return Refusal("not-paid", "The order is not paid yet.")
    return Refusal("not-ordered", "The order was never finished.")


def _cancelled_at(order, event):
    lines = Activity.objects.filter(subject_type="order", subject_id=str(order.pk), action="order.cancelled")
    line = lines.order_by("-pk").first()
    return f" {clock(line.time, event)}" if line else ""


def clock(moment, event) -> str:
    """A moment as one says it at the door, in the event's zone: “09:12”, “yesterday 19:40”, “12 May 10:00”."""
    moment, today = moment.astimezone(event.zone), timezone.now().astimezone(event.zone).date()
    time = f"{moment:%H:%M}"
    if moment.date() == today:
        return time
    if moment.date() == today - timedelta(days=1):
        return f"yesterday {time}"
    year = "" if moment.year == today.year else f" {moment.year}"
    return f"{moment.day} {moment:%B}{year} {time}"
