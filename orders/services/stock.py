"""Seats and the uses of codes: taken, given back, and never more than there are.

A counter moves by one conditional update, as the last statements of the transaction, always in the same order:
ticket types by ascending id, access codes, discount codes. Whoever changes an order that exists locks its row
first. So nobody ever waits in a circle, and a hot row is locked for no longer than a commit takes.
"""

from collections import Counter
from datetime import timedelta

from django.db.models import Count, F, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.models import Setting
from accounts.services.log import record
from notifications.services.live import announce
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused
from orders.models import AccessCode, Attendee, DiscountCode, Order, Ticket
from orders.models.order import EXPIRED, ended_holds

SWEEP = 200  # holds ended in one transaction


class SoldOut(Refused):
    """The seats or the uses were not there when the counter was to move."""

    def __init__(self, code, detail, *, status=409, pointer=None):
        super().__init__(code, detail, status=status, pointer=pointer)


def hold_minutes() -> int:
    """How long a checkout may take before its seats go back on sale."""
    return Setting.objects.values_list("order_expiry_time", flat=True).get(pk=1)


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────


def seats_left(tickets) -> dict[int, int]:
    """What is left of each ticket type now: a hold that has ended counts as free, whoever tidies up and when."""
    tickets = list(tickets)
    ended = ended_seats([ticket.pk for ticket in tickets])
    return {ticket.pk: max(0, ticket.quantity - ticket.reserved + ended.get(ticket.pk, 0)) for ticket in tickets}


def ended_seats(ticket_ids) -> dict[int, int]:
    """How many seats the counters of these ticket types still hold for orders that the clock has ended."""
    orders = Order.objects.filter(ended_holds(), lines__ticket__in=ticket_ids)
    rows = Attendee.objects.filter(order__in=orders, ticket__in=ticket_ids, deleted_at=None)
    return dict(rows.order_by().values_list("ticket").annotate(count=Count("pk")))


def seats_of(order) -> dict[int, int]:
    """How many seats of each ticket type an order has."""
    rows = Attendee.objects.filter(order=order, deleted_at=None).order_by()
    return dict(rows.values_list("ticket").annotate(count=Count("pk")).order_by("ticket"))


def uses_of(order) -> tuple[int, int]:
    """How many uses of its access code and of its discount code an order has, while it has seats."""
    rows = Attendee.objects.filter(order=order, deleted_at=None).order_by()
    opened, discounted = Q(is_access_code_applied=True), Q(is_discount_applied=True)
    return tuple(rows.aggregate(access=Count("pk", opened), discount=Count("pk", discounted)).values())


# ── Taking and giving back: inside the caller's transaction, at its end ──────────────────────────────


def take(seats, *, access=(None, 0), discount=(None, 0)):
    """Take seats ({ticket id: count}) and uses ((code id, count)); SoldOut if one of them is not there."""
    for ticket_id, count in sorted(seats.items()):
        free = Ticket.objects.filter(pk=ticket_id, reserved__lte=F("quantity") - count)
        if count and not free.update(reserved=F("reserved") + count):
            raise sold_out(Ticket.objects.get(pk=ticket_id))
    for model, (code_id, count), word in ((AccessCode, access, "access"), (DiscountCode, discount, "discount")):
        within = Q(tickets_number=None) | Q(used__lte=F("tickets_number") - count)
        if count and not model.objects.filter(within, pk=code_id).update(used=F("used") + count):
            detail = f"This {word} code has been used as often as it may be."
            raise SoldOut(f"{word}-code-exhausted", detail, status=422, pointer=f"/{word}-code")


def give_back(seats, *, access=(), discount=()):
    """Give back seats ({ticket id: count}) and uses (pairs of code id and count). No counter goes below zero."""
    for ticket_id, count in sorted(seats.items()):
        Ticket.objects.filter(pk=ticket_id).update(reserved=Greatest(F("reserved") - count, 0))
    for model, pairs in ((AccessCode, access), (DiscountCode, discount)):
        uses = Counter()
        for code_id, count in pairs:
            uses[code_id] += count
        for code_id, count in sorted(pair for pair in uses.items() if pair[0] and pair[1]):
            model.objects.filter(pk=code_id).update(used=Greatest(F("used") - count, 0))


def change_seat(before, after, *, access=(None, 0), discount=(None, 0)):
    """Give back one seat of a type and take one of another, by their ids, the lower first; SoldOut if there is none.

    Uses of codes ((code id, more or fewer)) move with it.
    """
    for ticket_id in sorted((before, after)):
        if ticket_id == after:
            take({after: 1})
        else:
            give_back({before: 1})
    for name, (code_id, count) in (("access", access), ("discount", discount)):
        if count > 0:
            take({}, **{name: (code_id, count)})
        elif count < 0:
            give_back({}, **{name: [(code_id, -count)]})


def sold_out(ticket):
    left = seats_left([ticket])[ticket.pk]
    detail = f"Only {left} left of “{ticket.name}”." if left else f"“{ticket.name}” is sold out."
    return SoldOut("sold-out", detail)


# ── Holds that the clock has ended ───────────────────────────────────────────────────────────────────


def release_expired_holds() -> int:
    """Give back what ended holds still occupy, leaving to others the orders that they are at. How many."""
    with atomic():
        ended = Order.objects.select_for_update(skip_locked=True).filter(ended_holds())
        return expire(list(ended.order_by("pk")[:SWEEP]), by="clock")


def release_for_a_buyer(*, tickets, access=None, discount=None) -> int:
    """The same for those whose seats or uses a buyer needs now.

    Who comes while another buyer does it waits for them, or the seats would seem to be gone. A transaction of
    its own: the seats stay free whatever becomes of the order.
    """
    concerned = Q(pk__in=Attendee.objects.filter(ticket__in=tickets).exclude(order=None).values("order"))
    if access is not None:
        concerned |= Q(access_code=access)
    if discount is not None:
        concerned |= Q(discount_code=discount)
    with atomic():
        ended = Order.objects.select_for_update().filter(concerned, ended_holds())
        return expire(list(ended.order_by("pk")[:SWEEP]), by="clock")


def expire(orders, *, by) -> int:
    """End these holds, whose rows are locked by the caller."""
    if not orders:
        return 0
    by_event = {}
    for order in orders:
        by_event.setdefault(order.event_id, []).append(order.pk)
    for event_id, ids in by_event.items():
        Order.objects.filter(pk__in=ids).update_at(event_id, status=EXPIRED, discount_uses=0, access_uses=0)
        announce("event", event_id, {"meta": "order.expired", "count": len(ids)})
    for order in orders:
        record("order.expired", by=by, about=order, event_id=order.event_id, after=order.status)
    rows = Attendee.objects.filter(order__in=[order.pk for order in orders], deleted_at=None).order_by()
    give_back(
        dict(rows.values_list("ticket").annotate(count=Count("pk"))),
        access=[(order.access_code_id, order.access_uses) for order in orders],
        discount=[(order.discount_code_id, order.discount_uses) for order in orders],
    )
    return len(orders)


def remove_loose_attendees() -> int:
    """Attendees who waited for an order longer than a checkout may take. They hold no seat."""
    too_old = timezone.now() - timedelta(minutes=hold_minutes())
    return Attendee.objects.filter(order=None, created_at__lt=too_old).delete()[0]
