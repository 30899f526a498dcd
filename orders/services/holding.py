"""A buyer's own hold: given more time, for some people type slower (WCAG 2.2.1), or given up."""

from datetime import timedelta

from accounts.models import Activity
from accounts.services.log import record
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused
from orders.models import Order
from orders.services.checkout import refuse_unless_open
from orders.services.states import lock_order
from orders.services.stock import expire

EXTENSION_MINUTES = 10
MOST_EXTENSIONS = 10
EXTENDED = "order.extended"


def extensions_left(order: Order) -> int:
    used = Activity.objects.filter(subject_type="order", subject_id=str(order.pk), action=EXTENDED).count()
    return max(0, MOST_EXTENSIONS - used)


def extend_hold(order: Order, *, by) -> Order:
    """Ten minutes more for a hold that has not ended; 409 if it has, or after ten times."""
    with atomic():
        order = lock_order(order)
        refuse_unless_open(order)
        if not extensions_left(order):
            detail = "This hold was extended as often as it can be. Its seats are yours until it ends."
            raise Refused("hold-extended-too-often", detail, status=409)
        order.expires_at += timedelta(minutes=EXTENSION_MINUTES)
        order.save(update_fields=["expires_at"])
        record(EXTENDED, by=by, about=order, event_id=order.event_id)
        return order


def give_up_hold(order: Order, *, by) -> None:
    """Put the seats back on sale before the clock does. Nobody is mailed: nothing was ordered yet."""
    with atomic():
        order = lock_order(order)
        refuse_unless_open(order)
        expire([order], by=by)
