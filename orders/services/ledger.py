"""The one writer of the ledger, and what can be read from it. Callers hold the row lock of the order or invoice."""

from decimal import Decimal

from openevent.core.money import ZERO
from orders.models import EventInvoice, LedgerLine, Order, Payment, Refund
from orders.models.payment import DISPUTE, OWED
from orders.payments import OFFLINE_MODES

BY_HAND = "by hand"  # money that somebody vouches for, at an order that a provider was to be paid for


def sum_of(rows) -> Decimal:
    """Of the few amounts that one order has, added up here: SQLite would add floats."""
    return sum(rows.values_list("amount", flat=True), ZERO)


def paid_of(debt: Order | EventInvoice) -> Decimal:
    """What came in for it and did not go back."""
    return sum_of(debt.ledger)


def owed_of(debt: Order | EventInvoice) -> Decimal:
    """What was promised back and has not been given yet."""
    return sum_of(debt.refunds.filter(state__in=OWED))


def left_of(debt: Order | EventInvoice) -> Decimal:
    """What could still be given back."""
    return paid_of(debt) - owed_of(debt)


def by_hand_of(order: Order) -> Decimal:
    """The part of it that no provider has."""
    return sum_of(order.ledger.filter(payment=None))


def lock_debt(row: Payment | Refund) -> Order | EventInvoice:
    """What this money is for, as it is now, its row locked until the transaction ends."""
    rows = EventInvoice.objects if row.invoice_id else Order.objects
    debt = rows.select_for_update(of=("self",)).select_related("event").get(pk=row.invoice_id or row.order_id)
    row.debt = debt
    return debt


def book_payment(payment: Payment) -> LedgerLine:
    """The provider has the money of a payment."""
    return _book(
        payment.debt,
        payment.amount,
        payment=payment,
        provider=payment.provider,
        reference=payment.money_reference,
        by_name=payment.provider,
    )


def book_refund(refund: Refund, *, by) -> LedgerLine:
    """It was given back."""
    return _book_back(refund, -refund.amount, by=by)


def book_return(refund: Refund, *, by) -> LedgerLine:
    """What was given back did not arrive, and is here again."""
    return _book_back(refund, refund.amount, by=by)


def book_the_rest(order: Order, *, by, reference: str = "") -> None:
    """An order is completed: what no provider has taken of it, somebody says that they have."""
    missing = order.amount - paid_of(order)
    if missing > 0:
        _book(order, missing, provider=by_hand_provider(order), reference=reference, by_name=_name(by))


def book_due(order: Order, *, by, mode: str = "") -> Decimal:
    """What was still to be paid on a completed order is there, somebody says; how much."""
    amount, order.due = order.due, ZERO
    if amount:
        _book(order, amount, provider=mode or by_hand_provider(order), by_name=_name(by))
        order.save(update_fields=["due"])
    return amount


def take_back_by_hand(order: Order, *, by) -> None:
    """It was said that the money is there, and it is not."""
    if (said := by_hand_of(order)) > 0:
        _book(order, -said, provider=by_hand_provider(order), by_name=_name(by))


def by_hand_provider(order: Order) -> str:
    return order.payment_mode if order.payment_mode in OFFLINE_MODES else BY_HAND


def _book_back(refund, amount, *, by):
    return _book(
        refund.debt,
        amount,
        payment=refund.payment,
        refund=refund,
        provider=refund.provider if refund.payment or refund.provider in OFFLINE_MODES else BY_HAND,
        reference=refund.reference,
        by_name=_name(by),
    )


def what_of(line: LedgerLine) -> str:
    """What a line tells, to people."""
    if line.amount > 0:
        return "Came back: the refund came to nothing" if line.refund_id else "Paid"
    if line.refund_id and line.refund.source == DISPUTE:
        return "Taken back by the buyer’s bank"
    return "Given back" if line.refund_id else "Taken back: it had not come"


def _book(debt, amount, **facts):
    event_id = debt.event_id if debt.bill_kind == "order" else None
    return LedgerLine.objects.create(debt=debt, event_id=event_id, amount=amount, currency=debt.currency, **facts)


def _name(by):
    return getattr(by, "name", "") or str(by)
