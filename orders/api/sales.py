"""What the team of an event reads with it: how much is sold, by state as it is stored."""

from decimal import Decimal

from django.db.models import Count, Sum

from orders.models import Attendee, Order

STATES = ("completed", "placed", "pending")
SALES = [f"{state}_order_{what}" for state in STATES for what in ("sales", "tickets")]


def sales_of(events) -> dict[int, dict[str, Decimal]]:
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
