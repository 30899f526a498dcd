"""What keeps an account open: tickets still to be used."""

from django.utils import timezone

from orders.models import Order
from orders.models.order import CANCELLED, EXPIRED, ended_holds


def has_tickets_to_use(user):
    """The reason as a sentence, or None."""
    held = Order.objects.filter(user=user, deleted_at=None, event__ends_at__gt=timezone.now(), event__deleted_at=None)
    open_ones = held.exclude(status__in=(CANCELLED, EXPIRED)).exclude(ended_holds())
    if order := open_ones.select_related("event").first():
        return f"You have an order for {order.event.name}, which is not over. Cancel it first."
    return None
