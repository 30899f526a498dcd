"""What may be changed on an order after it was made, by whom."""

from collections.abc import Mapping

from accounts.services.log import record
from events.rules import coorganizes
from openevent.core.atomic import atomic
from openevent.core.money import ZERO, round_money
from openevent.core.policies import is_site_staff
from openevent.core.refusals import Refused
from orders.models import Order
from orders.models.order import CANCELLED, COMPLETED, INITIALIZING, PENDING, PLACED
from orders.payments import OFFLINE_MODES, ONLINE_MODES, payment_of
from orders.rules import bought_it
from orders.services.invoicing import invoice_anew, keep_invoiced
from orders.services.notices import tell_room
from orders.services.pricing import discount_for, share_amount
from orders.services.states import change_status, lock_order, move
from orders.services.stock import give_back

UNPAID = (INITIALIZING, PENDING, PLACED)
ADDRESS = ("company", "address", "city", "zipcode", "country")  # what an invoice needs
BUYER_FIELDS = {
    *ADDRESS,
    *("state", "tax_business_info", "order_notes", "payment_mode", "is_billing_enabled"),
}
STAFF_FIELDS = BUYER_FIELDS | {"amount", "cancel_note", "discount_code", "access_code", "marketer"}
MODES_OF = {PENDING: ONLINE_MODES, PLACED: OFFLINE_MODES}


def edit_order(order: Order, *, by, changes: Mapping) -> Order:
    """Apply a change as far as it is this caller's to make.

    Staff: every field, any status. The team: the status, and everything else is left as it was. The buyer: while
    an order of the create-order flow is unpaid and not expired, the billing parts, notes, payment mode, and the
    moves of a buyer. What else is sent is ignored; 403 for what is refused.
    """
    with atomic():
        order = lock_order(order)
        if is_site_staff(by):
            return _edit_as_staff(order, by=by, changes=changes)
        own = bought_it(by, order) and not order.is_classic and order.current_status in UNPAID
        if coorganizes(by, order) and not own:
            return change_status(order, changes.get("status", order.current_status), by=by)
        if not own and not bought_it(by, order):
            raise Refused("not-your-order", "Only its buyer and the team change an order.", status=403)
        return _edit_as_buyer(order, by=by, changes=changes)


def _edit_as_staff(order, *, by, changes):
    """Whatever staff say. The lines share a new amount, so that they still sum to it."""
    edited = {name: value for name, value in changes.items() if name in STAFF_FIELDS and getattr(order, name) != value}
    if "amount" in edited:
        edited["amount"] = round_money(edited["amount"], order.currency)
    gone = _uses_of_former_codes(order, edited)
    for name, value in edited.items():
        setattr(order, name, value)
    if edited:
        order.save()
        if "amount" in edited:
            _share_amount(order)
        record("order.edited", by=by, about=order, event_id=order.event_id, fields=sorted(edited))
        tell_room("order.edited", order)
    status = changes.get("status", order.current_status)
    order = move(order, status, by=by) if status != order.current_status else order
    give_back({}, **gone)
    if edited:
        keep_invoiced(order, by=by, why="Another price was agreed")
        invoice_anew(order, by=by)
    return order


def _uses_of_former_codes(order, edited):
    """What an order gives back that gets other codes. A coupon that staff send is not consumed."""
    gone = {}
    for name in ("access", "discount"):
        if f"{name}_code" in edited:
            gone[name] = [(getattr(order, f"{name}_code_id"), getattr(order, f"{name}_uses"))]
            setattr(order, f"{name}_uses", 0)
    return gone


def _share_amount(order):
    lines = list(order.lines.all())
    shares = share_amount(order.amount, [(line.total, line.quantity) for line in lines], order.currency)
    for line, share in zip(lines, shares, strict=True):
        is_added = line.is_tax_added
        if line.total:
            line.tax = round_money(line.tax * share / line.total, order.currency)
        line.discount = discount_for(share - line.tax if is_added else share, line)
        line.fee, line.total = ZERO, share
        line.save()


def _edit_as_buyer(order, *, by, changes):
    status = changes.get("status", order.current_status)
    edited = {name: value for name, value in changes.items() if name in BUYER_FIELDS and _differs(order, name, value)}
    offline = edited.get("payment_mode", order.payment_mode) in OFFLINE_MODES
    if changes.get("status") == PENDING and offline and not order.is_classic:
        status = PLACED  # clients ask for `pending` whatever the mode, and go where the answer's status leads
    moved = status != order.current_status
    if not (edited or moved):
        return order
    if order.is_classic:
        raise _closed("This order was placed as it is. Cancel it in the shop, or ask the organizer.")
    if status == CANCELLED and moved:
        if order.amount and order.current_status == COMPLETED:
            raise _closed("It is paid. Cancel it in the shop, where you see what goes back, or ask the organizer.")
        return change_status(order, CANCELLED, by=by)
    if edited and order.current_status not in UNPAID:
        raise _closed("This order is finished: it cannot be changed any more.")
    if "payment_mode" in edited and status != COMPLETED:  # what costs nothing is free, whatever is sent along
        _check_mode(order, edited["payment_mode"])
    for name, value in edited.items():
        setattr(order, name, value)
    if moved:
        _check_move(order, status)
    in_progress = status == PENDING and order.payment_mode in ONLINE_MODES
    url = payment_of(order.payment_mode).start(order).payment_url if in_progress else None
    if edited or url != order.payment_url:
        order.payment_url = url
        order.save()
    if edited:
        record("order.edited", by=by, about=order, event_id=order.event_id, fields=sorted(edited))
    order = change_status(order, status, by=by)
    if edited:
        invoice_anew(order, by=by)
    return order


def _check_mode(order, mode):
    """Only ways of paying that the event enables; a placed order stays with the offline ones."""
    payment_of(mode, event=order.event)
    if (mode == "free" and order.amount) or (order.current_status == PLACED and mode not in OFFLINE_MODES):
        raise _wrong_mode(f"This order cannot be paid by {mode}.")


def _check_move(order, status):
    """A provider or an offline mode, as the move needs; and what an invoice needs."""
    if status in MODES_OF:
        payment_of(order.payment_mode, event=order.event)
        if order.payment_mode not in MODES_OF[status]:
            raise _wrong_mode(f"An order paid by {order.payment_mode} is not made {status}.")
    if status not in (PENDING, PLACED, COMPLETED):
        return
    if order.amount and order.event.is_billing_info_mandatory and not order.is_billing_enabled:
        raise Refused(
            "billing-missing", "This event wants billing details.", pointer="/data/attributes/is-billing-enabled"
        )
    missing = [name for name in ADDRESS if not getattr(order, name)] if order.is_billing_enabled else []
    if missing:
        raise Refused("billing-missing", "Billing details need this.", pointer=f"/data/attributes/{missing[0]}")


def _differs(order, name, value):
    """Old clients send null and an empty text for the same nothing."""
    return (getattr(order, name) or None) != (value or None)


def _wrong_mode(detail):
    return Refused("payment-mode-wrong", detail, pointer="/data/attributes/payment-mode")


def _closed(detail):
    return Refused("order-closed", detail, status=403, pointer="/data")
