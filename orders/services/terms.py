"""The time that a placed order has to be paid: its buyer is reminded before it ends, and told when it has."""

from datetime import timedelta

from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.models import Activity
from accounts.services.log import record
from events.rules import coorganizes
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused
from orders.models import Order
from orders.models.order import AT_THE_DOOR, EXPIRED, PLACED, overdue
from orders.services.mails import remind_to_pay
from orders.services.moves import CLOCK
from orders.services.states import explain, lock_order, move

REMIND_BEFORE = timedelta(days=3)
NOT_AT_ONCE = timedelta(days=1)  # after the order, whose own mail has said how to pay
REMINDED, PROLONGED = "order.reminded", "order.prolonged"
AT_ONCE = 200  # orders in one round; the clock comes again in a minute


def expire_overdue() -> int:
    """End every placed order whose term is over: its seats go back on sale once, and its buyer is told. How many."""
    ended = 0
    for order in Order.objects.filter(overdue()).select_related("event").order_by("pk")[:AT_ONCE]:
        with atomic():
            order = lock_order(order)
            if (
                order.awaited_until is not None and order.awaited_until <= timezone.now()
            ):  # still, now that it is locked
                move(order, EXPIRED, by=CLOCK)
                ended += 1
    return ended


def remind_of_payments() -> int:
    """Remind, once in their last days, the buyers whose money has not come. How many."""
    reminded = 0
    for order in _to_remind(timezone.now()).select_related("event").order_by("pk")[:AT_ONCE]:
        with atomic():
            order = lock_order(order)
            if order.awaited_until is not None:
                record(REMINDED, by=CLOCK, about=order, event_id=order.event_id)
                remind_to_pay(order)
                reminded += 1
    return reminded


def wait_longer(order: Order, *, by) -> Order:
    """The team gives a placed order the event's term once more, from today on; it is reminded of anew."""
    with atomic():
        order = lock_order(order)
        if not coorganizes(by, order):
            raise Refused("not-your-order", "Only the event's team waits longer for its money.", status=403)
        if order.awaited_until is None:
            raise Refused("order-not-awaited", f"Nothing ends here by the clock. {explain(order)}", status=409)
        order.expires_at = max(order.expires_at, timezone.now() + timedelta(days=order.event.payment_term))
        order.save(update_fields=["expires_at"])
        record(PROLONGED, by=by, about=order, event_id=order.event_id)
        return order


def _to_remind(now):
    """Placed orders in their last days of which nothing was said in these days."""
    lines = Activity.objects.filter(
        subject_type="order", action=REMINDED, time__gte=OuterRef("expires_at") - REMIND_BEFORE
    )
    said = Exists(lines.filter(subject_id=Cast(OuterRef("pk"), CharField())))
    last_days = {"expires_at__gt": now, "expires_at__lte": now + REMIND_BEFORE, "created_at__lte": now - NOT_AT_ONCE}
    orders = Order.objects.filter(status=PLACED, deleted_at=None, event__deleted_at=None, **last_days)
    return orders.exclude(payment_mode=AT_THE_DOOR).exclude(email=None).exclude(said)
