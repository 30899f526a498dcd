"""How much is sold, by whatever orders are told apart by: two questions, however many rows there are.

By state as it is stored: a hold that has ended counts as pending until it is tidied up, within a minute.
"""

from collections import defaultdict

from django.db.models import Count, Q, Sum

from openevent.core.money import ZERO
from orders.models import Order
from orders.models.order import COMPLETED, PENDING, PLACED

STATES = (COMPLETED, PLACED, PENDING)


def sales_by(key, orders=Order.objects, **within) -> dict:
    """{value of this column: {"completed": {"ticket_count": number, "sales_total": amount}, …}} of orders within."""
    orders = orders.filter(status__in=STATES, deleted_at=None, **within).order_by()
    sales = defaultdict(lambda: {state: {"ticket_count": 0, "sales_total": ZERO} for state in STATES})
    for value, state, amount in orders.values_list(key, "status").annotate(Sum("amount")):
        sales[value][state]["sales_total"] = amount
    live = Count("attendees", filter=Q(attendees__deleted_at=None))
    for value, state, count in orders.values_list(key, "status").annotate(live=live):
        sales[value][state]["ticket_count"] = count
    return sales
