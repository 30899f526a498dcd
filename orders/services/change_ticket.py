"""Another ticket type for somebody who has a ticket: seat, price, money, paper and mail in one step.

What was agreed for the others stays. The new seat costs what the one pricing function says of it today, with the codes
of its order. A paid order stays paid: what is dearer is `due`, until the team books it by hand or the buyer pays it
online; what is cheaper goes back through the outbox.
"""

from dataclasses import dataclass
from decimal import Decimal

from accounts.services.log import record
from events.rules import coorganizes
from openevent.core.atomic import atomic
from openevent.core.money import ZERO, round_money
from openevent.core.refusals import Refused
from orders.models import Attendee, Order, OrderLine, Payment, Ticket
from orders.models.order import COMPLETED, PLACED
from orders.services.cart import cart_for
from orders.services.holders import issue_anew, lock_holder
from orders.services.invoicing import keep_invoiced
from orders.services.ledger import book_due, left_of
from orders.services.mails import send_ticket, tell_of_change
from orders.services.notices import tell_room
from orders.services.outbox import owe_back, ways_back
from orders.services.pricing import Line, price_cart, with_amount
from orders.services.shares import Share, shares_of
from orders.services.states import explain, lock_order, move
from orders.services.stock import SoldOut, change_seat, release_for_a_buyer

TICKET = "/data/relationships/ticket"


@dataclass(frozen=True, kw_only=True)
class Change:
    """What it comes to for one attendee, before anything is written."""

    attendee: Attendee
    share: Share  # what the present ticket costs, and its line
    line: Line  # what the new one costs
    due: Decimal  # what its buyer then owes on top of what was paid before, for this
    waived: Decimal  # what they owed since an earlier change, and no longer do
    back: Decimal  # what goes back to them
    ways: list[tuple[Payment | None, Decimal]]

    @property
    def difference(self) -> Decimal:
        return self.line.total - self.share.amount

    @property
    def seen(self) -> str:
        """What somebody has seen who says yes: nothing else is done for them."""
        return f"{self.share.amount} {self.line.total} {self.due} {self.back}"


def preview_change(attendee: Attendee, *, ticket: Ticket, keep_price: bool = False) -> Change:
    """What the change would come to now, or with the same refusal; nothing is written."""
    order = attendee.order
    if order is None or order.current_status not in (PLACED, COMPLETED):
        why = explain(order) if order else "It belongs to no order."
        raise Refused("ticket-not-changeable", f"Only tickets of a finished order are changed. {why}", status=409)
    if ticket.event_id != order.event_id or ticket.deleted_at is not None:
        raise Refused("ticket-unknown", "There is no such ticket.", status=404, pointer=TICKET)
    if ticket.pk == attendee.ticket_id:
        raise Refused("ticket-the-same", "This is the ticket type that it has.", pointer=TICKET)
    share = shares_of(order).get(attendee.pk, Share(None, ZERO))
    quote = price_cart(cart_for(order, ticket))
    line = (with_amount(quote, share.amount) if keep_price else quote).lines[0]
    difference, paid = line.total - share.amount, order.status == COMPLETED
    waived = min(order.due, max(-difference, ZERO))
    back = min(max(-difference, ZERO) - waived, max(left_of(order), ZERO)) if paid else ZERO
    return Change(
        attendee=attendee,
        share=share,
        line=line,
        due=max(difference, ZERO) if paid else ZERO,
        waived=waived,
        back=back,
        ways=ways_back(order, back) if back else [],
    )


def change_ticket(
    attendee: Attendee, *, ticket: Ticket, by, keep_price: bool = False, seen: str | None = None
) -> Attendee:
    """Give this attendee a ticket of another type. 403 to all but the team; 409 if no seat of it is left, or if it
    comes to something else than was seen.

    With `keep_price` nothing is asked for and nothing given back. The old ticket is void; the new one is mailed.
    """
    wanted = {"ticket": ticket, "by": by, "keep_price": keep_price, "seen": seen}
    try:
        return _change(attendee, **wanted)
    except SoldOut:  # perhaps holds stand in the way that the clock has ended
        order = attendee.order
        release_for_a_buyer(tickets=[ticket.pk], access=order.access_code, discount=order.discount_code)
        return _change(attendee, **wanted)


def _change(attendee, *, ticket, by, keep_price, seen):
    with atomic():
        order = lock_order(attendee.order)
        if not coorganizes(by, order):
            raise Refused("not-your-order", "Only the event's team changes the type of a ticket.", status=403)
        attendee = lock_holder(attendee)
        attendee.order = order
        change = preview_change(attendee, ticket=ticket, keep_price=keep_price)
        if seen not in (None, change.seen):
            raise Refused("order-changed", "It has changed since you looked. This is how it stands now.", status=409)
        before = attendee.ticket
        _write_lines(order, change)
        access, discount = _uses_moved(order, change)
        order.access_uses, order.discount_uses = order.access_uses + access, order.discount_uses + discount
        order.amount, order.due = order.amount + change.difference, order.due + change.due - change.waived
        order.save()
        _issue(attendee, change)
        words = f"{ticket.name} instead of {before.name}"
        facts = {"amount": str(change.difference), "reason": words}
        record("order.ticket-changed", by=by, about=order, event_id=order.event_id, **facts)
        owe_back(order, change.back, by=by, reason=words, attendee=attendee)
        if order.status == PLACED and not order.amount:
            order = move(order, COMPLETED, by=by)  # nothing is awaited any more: its mails have the new ticket
        else:
            tell_of_change(order, before=before.name, after=ticket.name, due=order.due, back=change.back, by=by)
            if order.status == COMPLETED and attendee.email and attendee.email != order.email:
                send_ticket(attendee, order, by=by)
        tell_room("attendee.changed", attendee)
        change_seat(
            before.pk, ticket.pk, access=(order.access_code_id, access), discount=(order.discount_code_id, discount)
        )
        keep_invoiced(order, by=by, why=words)
        return attendee


def _issue(attendee, change):
    """The ticket that is out there is of a type that its holder does not have any more."""
    attendee.ticket = change.line.ticket
    attendee.is_discount_applied, attendee.is_access_code_applied = change.line.is_discounted, change.line.is_unlocked
    issue_anew(attendee, by="server")
    attendee.save()


def _write_lines(order: Order, change: Change) -> None:
    """One seat less on the line that it was on, and a line of its own."""
    if change.share.line is not None:
        _take_off(change.share.line, change.share.amount, order.currency)
    line = change.line
    taken_over = ("ticket", "quantity", "price", "discount", "fee", "tax", "tax_name", "tax_rate", "total")
    parts = {name: getattr(line, name) for name in taken_over}
    OrderLine.objects.create(order=order, holder=change.attendee, **parts)


def _take_off(line: OrderLine, share: Decimal, currency: str) -> None:
    rest = line.quantity - 1
    if not rest:
        line.delete()
        return
    added = line.is_tax_added
    discount, fee, tax = (
        round_money(part * rest / line.quantity, currency) for part in (line.discount, line.fee, line.tax)
    )
    line.quantity, line.discount, line.fee, line.total = rest, discount, fee, line.total - share
    line.tax = line.total - (line.price * rest - discount + fee) if added else tax
    line.save()


def _uses_moved(order, change):
    """By how much the counters of its codes move: the access code's, the discount code's."""
    was, line = change.attendee, change.line
    counts = order.user is None or not coorganizes(order.user, order.event)  # a coupon of the team is not consumed
    discount = line.is_discounted - bool(was.is_discount_applied) if counts else 0
    return line.is_unlocked - bool(was.is_access_code_applied), discount


def receive_due(order: Order, *, by) -> Decimal:
    """The team has what was still to be paid, by hand; how much. 409 if nothing is due."""
    with atomic():
        order = lock_order(order)
        if not coorganizes(by, order):
            raise Refused("not-your-order", "Only the event's team says that money has come.", status=403)
        if not order.due:
            raise Refused("nothing-due", "Nothing is to be paid on this order any more.", status=409)
        amount = book_due(order, by=by)
        record("order.due-paid", by=by, about=order, event_id=order.event_id, amount=str(amount))
        tell_room("order.completed", order)
        return amount
