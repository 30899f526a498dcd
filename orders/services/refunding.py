"""Giving money back: all of it, a part, or what single tickets cost; never more than was paid."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from operator import attrgetter

from events.rules import coorganizes
from openevent.core.atomic import atomic
from openevent.core.money import ZERO, format_money, round_money
from openevent.core.policies import is_site_staff
from openevent.core.refusals import Refused
from orders.models import Attendee, Order, Payment, Refund
from orders.models.order import CANCELLED, SEATED
from orders.models.payment import OWED
from orders.services.going_back import finish_refund
from orders.services.holders import remove_attendee
from orders.services.invoicing import keep_invoiced
from orders.services.ledger import left_of, lock_debt
from orders.services.mails import tell_of_refund
from orders.services.outbox import owe_back, ways_back
from orders.services.shares import prices_of
from orders.services.states import SERVER, change_status, lock_order

AMOUNT = "/data/attributes/amount"


def refund_order(
    order: Order, *, by, amount: Decimal | None = None, attendees: Iterable[Attendee] = (), reason: str = ""
) -> list[Refund]:
    """Give back an amount, or what these tickets cost, or all that is left; 422 for more than that.

    The order stays as it is, without the seats of the tickets that are given back; with the last of them it is
    cancelled. What a provider has goes back through the outbox, what it has not by the organizer's hand.
    """
    with atomic():
        order = lock_order(order)
        _refuse_others(order, by=by)
        attendees = [_own(order, attendee) for attendee in attendees]
        left = left_of(order)
        wanted = _wanted(order, amount, attendees, left)
        if attendees and amount is None:
            prices = prices_of(order)
            refunds = [
                refund
                for attendee in attendees
                for refund in _give(order, prices[attendee.pk], by=by, reason=reason, attendee=attendee)
            ]
            order.save(update_fields=["due"])
        else:
            refunds = owe_back(order, wanted, by=by, reason=reason, attendee=attendees[0] if attendees else None)
        for attendee in sorted(attendees, key=attrgetter("ticket_id")):  # as ticket types are always locked
            remove_attendee(attendee, by=by)
        if attendees and order.status in SEATED and not order.attendees.filter(deleted_at=None).exists():
            change_status(order, CANCELLED, by=by, note=reason or None)
        elif refunds:
            tell_of_refund(order, wanted, why=reason or "The organizer gives you money back.")
        keep_invoiced(order, by=by, why=_words_of(attendees, reason))
        return refunds


def preview_refund(
    order: Order, *, amount: Decimal | None = None, attendees: Iterable[Attendee] = ()
) -> list[tuple[Payment | None, Decimal]]:
    """What `refund_order` would give now, and by which payment, or with the same refusal; nothing is written."""
    attendees = [_own(order, attendee) for attendee in attendees]
    return ways_back(order, _wanted(order, amount, attendees, left_of(order)))


def confirm_refund(refund: Refund, *, by) -> None:
    """Somebody gave it back by hand; 409 if it was given already, or is not owed any more.

    Did they give it on the provider's own pages, then the provider says so by and by, and it is booked there.
    """
    _refuse_others(refund.debt, by=by)
    with atomic():
        lock_debt(refund)
        if not Refund.objects.filter(pk=refund.pk, state__in=OWED).update(payment=None):
            raise Refused("refund-given", "This was given back already.", status=409)
        finish_refund(refund, by=by)


def _wanted(order, amount, attendees, left):
    if amount is not None:
        wanted = round_money(amount, order.currency)
    else:
        prices = prices_of(order)
        agreed = sum((prices.get(attendee.pk, ZERO) for attendee in attendees), ZERO)
        wanted = agreed - min(order.due, agreed) if attendees else left
    if left <= 0 and not (attendees and not wanted):
        raise Refused("nothing-to-refund", "Nothing is left to give back.", status=409, pointer=AMOUNT)
    if wanted <= 0 and not attendees:
        raise Refused("refund-of-nothing", "Say how much.", pointer=AMOUNT)
    if wanted < 0 or wanted > left:
        most = format_money(left, order.currency)
        raise Refused("refund-too-much", f"At most {most} can be given back.", pointer=AMOUNT)
    return wanted


def _give(order, amount, *, by, reason, attendee):
    """What is still due was never paid: it is no longer asked for, and does not go back."""
    waived = min(order.due, amount)
    order.due, amount = order.due - waived, amount - waived
    return owe_back(order, amount, by=by, reason=reason, attendee=attendee) if amount else []


def _words_of(attendees, reason):
    """What the credit note is for."""
    types = Counter(attendee.ticket.name for attendee in attendees)
    tickets = ", ".join(f"{count} × {name}" for name, count in types.items())
    return ": ".join(part for part in (f"Given back {tickets}".strip(), reason) if part)


def _own(order, attendee):
    found = order.attendees.filter(pk=attendee.pk, deleted_at=None).first()
    if found is None:
        raise Refused("attendee-unknown", "This ticket was given back already, or is not of this order.", status=409)
    return found


def _refuse_others(debt, *, by):
    may_give = coorganizes if debt.bill_kind == "order" else is_site_staff
    if by != SERVER and not may_give(by, debt):
        raise Refused("not-your-order", "Only the event's team gives money back.", status=403)
