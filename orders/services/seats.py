"""How many places of each ticket type are sold, held and free, as lists, overview and orders all count them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.utils import timezone

from events.models import Event
from orders.models import Attendee, Ticket
from orders.models.order import COMPLETED, INITIALIZING, PENDING, PLACED

SOLD = (PLACED, COMPLETED)  # nothing but a person takes these away again
HELD = (INITIALIZING, PENDING)  # on the clock


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
    counts = _count("ticket", [ticket.pk for ticket in tickets])
    return {ticket.pk: Seats(quantity=ticket.quantity, **counts[ticket.pk]) for ticket in tickets}


def seats_of_events(events: Iterable[Event]) -> dict[int, Seats]:
    """{event id: Seats}: places of the ticket types that an event still has, tickets of all."""
    ids = [event.pk for event in events]
    places = Ticket.objects.filter(event__in=ids, deleted_at=None).order_by()
    places = dict(places.values_list("event").annotate(Sum("quantity")))
    counts = _count("event", ids)
    return {pk: Seats(quantity=places.get(pk, 0), **counts[pk]) for pk in ids}


def _count(by, ids):
    """{id: {"sold": n, "held": n}}; a hold that the clock has ended is neither."""
    counts = {pk: {"sold": 0, "held": 0} for pk in ids}
    rows = Attendee.objects.filter(**{f"{by}__in": ids}, deleted_at=None, order__deleted_at=None).order_by()
    for states, name in ((SOLD, "sold"), (HELD, "held")):
        live = Q(order__expires_at=None) | Q(order__expires_at__gt=timezone.now()) if name == "held" else Q()
        found = rows.filter(live, order__status__in=states)
        for pk, count in found.values_list(by).annotate(Count("pk")):
            counts[pk][name] = count
    return counts
