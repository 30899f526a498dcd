"""What an event has sold, in numbers: each is the total of a list that can be opened. Few questions tell them all."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Max, Min, Q, Sum
from django.utils import timezone

from events.models import Event
from openevent.core.money import ZERO
from orders.models import Order, Ticket
from orders.models.order import EXPIRED, ON_THE_CLOCK, STATUSES, ended_holds
from orders.services.find_orders import midnight
from orders.services.seats import SOLD, Seats, seats_of_tickets

MOST_BARS = 62  # of a chart: beyond, one stands for several days


@dataclass(frozen=True)
class State:
    """The orders in one state as the clock has it: how many, and what they come to in each currency."""

    orders: int = 0
    money: dict[str, Decimal] = field(default_factory=dict)

    def __add__(self, other):
        currencies = self.money.keys() | other.money.keys()
        money = {one: self.money.get(one, ZERO) + other.money.get(one, ZERO) for one in sorted(currencies)}
        return State(self.orders + other.orders, {one: amount for one, amount in money.items() if amount})


@dataclass(frozen=True, kw_only=True)
class Figures:
    tickets: list[tuple[Ticket, Seats]]  # types that are sold, or were
    states: dict[str, State]

    @property
    def seats(self) -> Seats:
        """All of them together."""
        return Seats(
            quantity=sum(seats.quantity for _, seats in self.tickets),
            sold=sum(seats.sold for _, seats in self.tickets),
            held=sum(seats.held for _, seats in self.tickets),
        )

    @property
    def checkouts(self) -> State:
        return sum((self.states[status] for status in ON_THE_CLOCK), State())


def figures_of(event: Event) -> Figures:
    tickets = Ticket.objects.filter(Q(deleted_at=None) | Q(reserved__gt=0), event=event).order_by("position", "pk")
    tickets = list(tickets)
    found = seats_of_tickets(tickets)
    lines = [(ticket, found[ticket.pk]) for ticket in tickets if ticket.deleted_at is None]
    for ticket in tickets:
        seats = found[ticket.pk]
        if ticket.deleted_at and seats.sold + seats.held:  # off sale: no place of it is free
            lines.append((ticket, replace(seats, quantity=seats.sold + seats.held)))
    return Figures(tickets=lines, states=states_of(event))


def states_of(event: Event) -> dict[str, State]:
    """{status: State} of every status, in the order of an order's life."""
    # Counted in an index alone, for which the currencies must not be told apart; they rarely have to be.
    rows = Order.objects.filter(event=event, deleted_at=None).order_by().values("status")
    ended, now = ended_holds(), timezone.now()
    found = list(
        rows.annotate(
            orders=Count("pk"),
            money=Sum("amount"),
            ended=Count("pk", filter=ended),
            ended_money=Sum("amount", filter=ended),
            first=Min("currency"),
            last=Max("currency"),
        )
    )
    if any(row["first"] != row["last"] for row in found):
        found = _by_currency(rows, now)
    states = {status: State() for status in STATUSES}
    for row in found:
        gone = State(row["ended"], {row["first"]: row["ended_money"] or ZERO})
        live = State(row["orders"] - row["ended"], {row["first"]: row["money"] - (row["ended_money"] or ZERO)})
        states[row["status"]] += live
        states[EXPIRED] += gone
    return states


def _by_currency(rows, now):
    ended = ended_holds(now)
    return rows.values("status", "currency").annotate(
        orders=Count("pk"),
        money=Sum("amount"),
        ended=Count("pk", filter=ended),
        ended_money=Sum("amount", filter=ended),
        first=Min("currency"),
    )


# ── Over time ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Bar:
    """So many orders from one day to another, both included, as the event's clock has them."""

    first: date
    last: date
    orders: int


def orders_over_time(event: Event, days: int | None) -> list[Bar]:
    """What was sold in the last days, today included; with None from the first order on. Only what is sold by now."""
    today = timezone.now().astimezone(event.zone).date()
    first = today - timedelta(days=days - 1) if days else _first_day(event) or today
    length = -(-((today - first).days + 1) // MOST_BARS)
    starts = [first + timedelta(days=number) for number in range(0, (today - first).days + 1, length)]
    spans = [(start, min(today, start + timedelta(days=length - 1))) for start in starts]
    counts = _count_within(event, spans)
    return [Bar(first=first, last=last, orders=count) for (first, last), count in zip(spans, counts, strict=True)]


def _first_day(event):
    moments = Order.objects.filter(event=event, deleted_at=None, status__in=SOLD).order_by().values_list("status")
    first = min((moment for _, moment in moments.annotate(Min("created_at"))), default=None)
    return first.astimezone(event.zone).date() if first else None


def _count_within(event, spans) -> list[int]:
    """How many orders each span of days has: a glance into an index for each, and one statement for all.

    Asked row by row, a database would have to put every order's moment on the event's clock.
    """
    adapt = connection.ops.adapt_datetimefield_value
    within = "(%s, %s, %s)" if connection.vendor != "postgresql" else "(%s, %s::timestamptz, %s::timestamptz)"
    values, arguments = ", ".join([within] * len(spans)), []
    for number, (first, last) in enumerate(spans):
        ends = midnight(last + timedelta(days=1), event.zone)
        arguments += [number, adapt(midnight(first, event.zone)), adapt(ends)]
    statement = f"""
        WITH span (number, first, ends) AS (VALUES {values})
        SELECT (SELECT COUNT(*) FROM orders_order
            WHERE event_id = %s AND deleted_at IS NULL AND status IN (%s, %s)
            AND created_at >= span.first AND created_at < span.ends)
        FROM span ORDER BY number"""  # noqa: S608 - the values are arguments
    with connection.cursor() as cursor:
        cursor.execute(statement, [*arguments, event.pk, *SOLD])
        return [count for (count,) in cursor.fetchall()]


# ── Latest, and next ─────────────────────────────────────────────────────────────────────────────────


def latest_orders(event: Event, count: int) -> list[Order]:
    """The newest orders, each with how many `tickets` it has."""
    newest = Order.objects.filter(event=event, deleted_at=None).order_by("-created_at", "-pk")
    ids = list(newest.values_list("pk", flat=True)[:count])
    live = Count("attendees", filter=Q(attendees__deleted_at=None))
    orders = {order.pk: order for order in Order.objects.filter(pk__in=ids).annotate(tickets=live)}
    for order in orders.values():
        order.event = event
    return [orders[pk] for pk in ids if pk in orders]
