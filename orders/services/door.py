"""What those at the door look at: who is in and who is to come, and who somebody without a code is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils import timezone

from openevent.core.tokens import hash_token
from orders.models import Attendee, Order, Scan
from orders.models.order import CANCELLED, COMPLETED, PLACED
from orders.models.scan import IN
from orders.services.admission import COMING
from orders.services.find_orders import NUMBERED, says, words_of

MOST_PEOPLE = 20
AN_HOUR = timedelta(hours=1)
FRESH = 2  # seconds


@dataclass(frozen=True, kw_only=True)
class Counts:
    """People with a valid ticket, counted, not kept: in now, gone out again, not seen yet; let in within the hour."""

    inside: int = 0
    gone: int = 0
    to_come: int = 0
    last_hour: int = 0

    @property
    def total(self) -> int:
        return self.inside + self.gone + self.to_come

    def __add__(self, other):
        return Counts(**{name: value + getattr(other, name) for name, value in vars(self).items()})


def counts_by_ticket(event) -> dict[int, Counts]:
    """For each ticket type of which somebody comes."""
    inside, gone = Q(is_checked_in=True), Q(is_checked_in=False, is_checked_out=True)
    recently = Scan.objects.filter(attendee=OuterRef("pk"), verdict=IN, time__gte=timezone.now() - AN_HOUR)
    rows = Attendee.objects.filter(COMING, event=event).order_by().values_list("ticket")
    rows = rows.annotate(
        inside=Count("pk", filter=inside),
        gone=Count("pk", filter=gone),
        to_come=Count("pk", filter=~inside & ~gone),
        last_hour=Count("pk", filter=inside & Exists(recently)),
    )
    names = ("inside", "gone", "to_come", "last_hour")
    return {ticket: Counts(**dict(zip(names, numbers, strict=True))) for ticket, *numbers in rows}


def recent_counts(event) -> dict[int, Counts]:
    """The same, at most two seconds old: however many devices ask, everybody is counted once."""
    return cache.get_or_set(f"door-counts:{event.pk}", lambda: counts_by_ticket(event), FRESH)


def added_up(every: dict[int, Counts], tickets: Collection[int] | None = None) -> Counts:
    """The sum over the types that a door lets in, None for all."""
    return sum((counts for ticket, counts in every.items() if tickets is None or ticket in tickets), Counts())


def find_people(event, text: str) -> list[Attendee]:
    """Holders whom a name, an e-mail address, an order's or a ticket's code means, by name; the first twenty.

    Also those whose order was cancelled or is not paid: the door tells them so. Each has its `ticket`, `order` and
    `entered_at`, when it last came in.
    """
    words = words_of(text)
    if not words:
        return []
    entries = Scan.objects.filter(attendee=OuterRef("pk"), verdict=IN).order_by("-time").values("time")[:1]
    people = Attendee.objects.filter(event=event, deleted_at=None)
    people = people.filter(order__deleted_at=None, order__status__in=(COMPLETED, PLACED, CANCELLED))
    people = people.annotate(entered_at=Subquery(entries)).select_related("ticket", "order")
    people = people.order_by("lastname", "firstname", "pk")
    called_so = list(people.filter(says(words))[:MOST_PEOPLE])
    if len(called_so) == MOST_PEOPLE:  # half the event is: do not look for all the others
        return called_so
    # Each way has an index of its own; joined by OR, the database would read everybody.
    here = Attendee.objects.filter(event=event).order_by().values("pk")
    orders = Order.objects.filter(says(words), event=event).order_by().values("pk")
    ways = [here.filter(order__in=orders), here.filter(code_hash=hash_token(text.strip().upper()))]
    if match := NUMBERED.fullmatch(text.strip()):
        ways.append(here.filter(order__identifier=match[1].upper()))
    return list(people.filter(pk__in=here.filter(says(words)).union(*ways))[:MOST_PEOPLE])
