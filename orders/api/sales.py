"""What the team of an event reads with it: how much is sold, by state as it is stored."""

from decimal import Decimal
from typing import TypedDict

from django.db.models import Count, Sum

from orders.models import Attendee, Order

STATES = ("completed", "placed", "pending")
KINDS = {"sales": Decimal, "tickets": int}
SALES = {f"{state}_order_{what}": kind for state in STATES for what, kind in KINDS.items()}


def sales_of(events) -> dict[int, TypedDict("Sales", SALES)]:
    """A batch: {event's id: {"completed_order_sales": amount, "completed_order_tickets": number, …}}."""
    ids = [event.pk for event in events]
    sales = {pk: dict.fromkeys(SALES, 0) for pk in ids}
    orders = Order.objects.filter(event__in=ids, status__in=STATES, deleted_at=None).order_by()
    for event, state, amount in orders.values_list("event", "status").annotate(Sum("amount")):
        sales[event][f"{state}_order_sales"] = amount
    seats = Attendee.objects.filter(event__in=ids, order__in=orders, deleted_at=None).order_by()
    for event, state, count in seats.values_list("event", "order__status").annotate(Count("pk")):
        sales[event][f"{state}_order_tickets"] = count
    return sales
