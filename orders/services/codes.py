"""Discount and access codes: found by their text, and the refusals in their order."""

from dataclasses import replace

from django.db.models import Sum
from django.utils import timezone

from accounts.services.log import record
from events.rules import coorganizes
from openevent.core.atomic import atomic
from openevent.core.policies import is_site_staff
from openevent.core.refusals import Refused
from orders.models import AccessCode, DiscountCode, Order
from orders.models.order import ended_holds


def find_discount(text, event):
    """The discount code with exactly this text at an event, or None."""
    return _find(DiscountCode.objects.filter(used_for="ticket"), text, event)


def find_access(text, event):
    """The access code with exactly this text at an event, or None."""
    return _find(AccessCode.objects.all(), text, event)


def _find(codes, text, event):
    if "\x00" in text:  # which PostgreSQL cannot be asked
        return None
    return codes.filter(event=event, code=text.strip(), deleted_at=None, event__deleted_at=None).first()


def check_discount(cart, code, *, by, pointer=None):
    """The cart with this discount. One skip, then four refusals, in this order.

    A co-organizer's discount is ignored: they say the amount themselves. Staff's is applied, never counted.
    """
    if hasattr(by, "is_authenticated") and coorganizes(by, cart.event) and not is_site_staff(by):
        return cart
    meant_for = frozenset(code.tickets.values_list("pk", flat=True))
    _refuse_unusable(code, cart, meant_for, "discount", pointer or "/discount-code")
    return replace(cart, discount=code, discount_tickets=meant_for)


def check_access(cart, code, *, pointer=None):
    """The cart with the hidden ticket types of this access code unlocked; the same four refusals."""
    opens = frozenset(code.tickets.values_list("pk", flat=True))
    _refuse_unusable(code, cart, opens, "access", pointer or "/access-code")
    return replace(cart, access=code, access_tickets=opens)


def _refuse_unusable(code, cart, ticket_ids, word, pointer):
    def refuse(reason, detail):
        raise Refused(f"{word}-code-{reason}", detail, pointer=pointer)

    if not code.is_active or code.deleted_at is not None:
        refuse("inactive", f"This {word} code is not active.")
    if not code.is_in_time():
        refuse("out-of-time", f"This {word} code is not valid at this time.")
    if not covers(code, max(1, cart.count_of(ticket_ids))):
        refuse("exhausted", f"This {word} code has been used as often as it may be.")
    if code.event_id != cart.event.pk:
        refuse("of-another-event", f"This {word} code is for another event.")


def covers(code, count):
    """Whether so many more tickets are within the code's limit, not counting holds that the clock has ended."""
    if code.covers(count):
        return True
    column = "discount_uses" if isinstance(code, DiscountCode) else "access_uses"
    ended = code.orders.filter(ended_holds()).aggregate(uses=Sum(column))["uses"] or 0
    return code.used - ended + count <= code.tickets_number


def check_quantities(cart):
    """An order holds as many tickets of a code as the code says: at least `min-quantity`, at most `max-quantity`."""
    for code, tickets, word in (
        (cart.discount, cart.discount_tickets, "discount"),
        (cart.access, cart.access_tickets, "access"),
    ):
        count = cart.count_of(tickets) if code else 0
        if not count:
            continue
        if code.min_quantity and count < code.min_quantity:
            detail = f"This {word} code is for at least {code.min_quantity} of its tickets."
            raise Refused(f"{word}-code-too-few", detail, pointer=f"/{word}-code")
        if code.max_quantity is not None and 0 <= code.max_quantity < count:
            detail = f"This {word} code is for at most {code.max_quantity} of its tickets in one order."
            raise Refused(f"{word}-code-too-many", detail, pointer=f"/{word}-code")


def remove_unused_codes(event, *, by) -> int:
    """Hide the discount codes of an event that stand in no order; how many there were."""
    used = Order.objects.filter(event=event).exclude(discount_code=None).values("discount_code")
    with atomic():
        codes = DiscountCode.objects.filter(event=event, used_for="ticket", used=0, deleted_at=None)
        count = codes.exclude(pk__in=used).update_at(event.pk, deleted_at=timezone.now())
        record("codes.unused-removed", by=by, about=event, event_id=event.pk, count=count)
    return count


def codes_of(order: Order):
    """The codes whose counters this order stands in, with how often: access first, as they are always locked."""
    return [
        (AccessCode, order.access_code_id, order.access_uses),
        (DiscountCode, order.discount_code_id, order.discount_uses),
    ]
