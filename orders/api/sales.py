"""What the team of an event reads with it: how much is sold."""

from decimal import Decimal
from typing import TypedDict

from orders.services.sales import STATES, sales_by

KINDS = {"sales": Decimal, "tickets": int}
SALES = {f"{state}_order_{what}": kind for state in STATES for what, kind in KINDS.items()}


def sales_of(events) -> dict[int, TypedDict("Sales", SALES)]:
    """A batch: {event's id: {"completed_order_sales": amount, "completed_order_tickets": number, …}}."""
    ids = [event.pk for event in events]
    sales = sales_by("event", event__in=ids)
    return {pk: side_by_side(sales[pk]) for pk in ids}


def side_by_side(sales):
    """The same numbers by the names that events have always had for them."""
    totals = {f"{state}_order_sales": numbers["sales_total"] for state, numbers in sales.items()}
    return totals | {f"{state}_order_tickets": numbers["ticket_count"] for state, numbers in sales.items()}
