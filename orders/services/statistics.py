"""The sales of events or ticket types by state, as the clock has it: three questions for as many as there are."""

from django.db.models import Count, DecimalField, F, Q, Sum

from openevent.core.money import ZERO
from orders.models import Order, Ticket
from orders.models.order import INITIALIZING, STATUSES, status_now

NAMES = {status: "draft" if status == INITIALIZING else status for status in STATUSES}  # as old clients know them
VALUE = Sum(F("quantity") * F("price"), output_field=DecimalField())


def statistics_of_events(events) -> dict[int, dict]:
    """A batch: {event's id: {"tickets": numbers by state, "orders": numbers by state, "sales": amounts by state}}"""
    ids = [event.pk for event in events]
    return _statistics(ids, Q(event__in=ids), stock="event", order="event", seat="event", amount="amount")


def statistics_of_tickets(tickets) -> dict[int, dict]:
    ids = [ticket.pk for ticket in tickets]
    return _statistics(
        ids,
        Q(lines__ticket__in=ids),
        stock="pk",
        order="lines__ticket",
        seat="attendees__ticket",
        amount="lines__total",
    )


def _statistics(ids, within, *, stock, order, seat, amount):
    """By these columns of ticket types, of orders and of their seats; `max` is what there is to sell."""
    places = Ticket.objects.filter(**{f"{stock}__in": ids}, deleted_at=None).order_by()
    most = {
        pk: numbers for pk, *numbers in places.values_list(stock).annotate(quantity_of=Sum("quantity"), value=VALUE)
    }
    found = {pk: _empty(*most.get(pk, (0, ZERO))) for pk in ids}
    orders = Order.objects.filter(within, deleted_at=None).order_by().annotate(now=status_now())
    for pk, status, count, money in orders.values_list(order, "now").annotate(Count("pk", distinct=True), Sum(amount)):
        _add(found[pk], status, orders=count, sales=money)
    seats = Order.objects.filter(**{f"{seat}__in": ids}, attendees__deleted_at=None, deleted_at=None).order_by()
    seats = seats.annotate(now=status_now())
    for pk, status, count in seats.values_list(seat, "now").annotate(Count("attendees")):
        _add(found[pk], status, tickets=count)
    return found


def _empty(quantity, value):
    blank = {"total": 0, **dict.fromkeys(NAMES.values(), 0)}
    return {
        "tickets": {**blank, "max": quantity},
        "orders": {**blank, "max": quantity},
        "sales": {**blank, "max": value or ZERO},
    }


def _add(statistics, status, **numbers):
    for name, number in numbers.items():
        statistics[name][NAMES[status]] += number
        statistics[name]["total"] += number
