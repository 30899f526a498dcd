"""How many places of each ticket type are sold, held and free, as lists, overview and orders all count them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.utils import timezone

from events.models import Event
from orders.models import Attendee, Ticket
from orders.models.order import COMPLETED, ON_THE_CLOCK, PLACED

SOLD = (PLACED, COMPLETED)  # nothing but a person takes these away again
HELD = ON_THE_CLOCK


@dataclass(frozen=True, kw_only=True)
class Seats:
    quantity: int
    sold: int = 0
    held: int = 0

    @property
    def free(self) -> int:
        return max(0, self.quantity - self.sold - self.held)


def seats_of_tickets(tickets: Iterable[Ticket]) -> dict[int, Seats]:
    """{ticket id: Seats}, with as many questions for one as for many."""
    tickets = list(tickets)
    counts = _count("ticket", [ticket.pk for ticket in tickets], {ticket.event_id for ticket in tickets})
    return {ticket.pk: Seats(quantity=ticket.quantity, **counts[ticket.pk]) for ticket in tickets}


def seats_of_events(events: Iterable[Event]) -> dict[int, Seats]:
    """{event id: Seats}: places of the ticket types that an event still has, tickets of all."""
    ids = [event.pk for event in events]
    places = Ticket.objects.filter(event__in=ids, deleted_at=None).order_by()
    places = dict(places.values_list("event").annotate(Sum("quantity")))
    counts = _count("event", ids, ids)
    return {pk: Seats(quantity=places.get(pk, 0), **counts[pk]) for pk in ids}


def _count(by, ids, events):
    """{id: {"sold": n, "held": n}}; a hold that the clock has ended is neither.

    What is on the clock is counted, and is little. What is sold is the rest of what the counters have reserved, so
    that a hundred thousand tickets are not counted one by one.
    """
    rows = Ticket.objects.filter(**{f"{'pk' if by == 'ticket' else by}__in": ids}).order_by()
    reserved = dict(rows.values_list("pk" if by == "ticket" else by).annotate(Sum("reserved")))
    live = Q(order__expires_at=None) | Q(order__expires_at__gt=timezone.now())
    holds = Attendee.objects.filter(
        order__event__in=events, order__status__in=HELD, order__deleted_at=None, deleted_at=None
    )
    holds = holds.order_by().values_list(by).annotate(every=Count("pk"), held=Count("pk", filter=live))
    on_the_clock = {pk: (every, held) for pk, every, held in holds}
    counts = {}
    for pk in ids:
        every, held = on_the_clock.get(pk, (0, 0))
        counts[pk] = {"sold": max(0, reserved.get(pk, 0) - every), "held": held}
    return counts
