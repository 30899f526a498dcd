"""What a provider says of a payment is written down, and followed: once, whoever brings it and however often."""

from django.utils import timezone

from accounts.services.log import record
from openevent.core.atomic import atomic
from orders.models import Attendee, EventInvoice, Order, Payment
from orders.models.invoice import PAID as INVOICE_PAID
from orders.models.order import CANCELLED, COMPLETED
from orders.models.payment import FAILED, PAID
from orders.payments.base import Found
from orders.services.going_back import look_after
from orders.services.invoices import settle_invoice
from orders.services.ledger import book_payment, lock_debt, paid_of
from orders.services.mails import tell_of_refund
from orders.services.notices import tell_room
from orders.services.outbox import owe_back
from orders.services.states import SERVER, move
from orders.services.stock import SoldOut, release_for_a_buyer

TWICE = "This order had been paid already."
INVOICE_TWICE = "This invoice had been paid already."
TOO_MUCH = "More was paid than the order costs."
OVER = "The order was cancelled before its payment arrived."
NO_EVENT = "The event does not take place."
TOO_LITTLE = "The order costs another amount by now."
TOO_LATE = "Your payment arrived after the time to pay was over, and the last places had been sold."
CODE_GONE = "Your payment arrived after the time to pay was over, and others had used your code as often as it may be."


def settle(payment: Payment, found: Found) -> Order | EventInvoice:
    """Bring payment, ledger and order, or invoice, to what the provider says.

    Paid: the order is completed, also after its hold has ended if there are seats and uses of its code. If there are
    none, or the order cannot be completed for another reason, the money goes back and the buyer is told. Once paid,
    nothing that is said later changes it.
    """
    try:
        return _write_down(payment, found)
    except SoldOut:
        order = payment.order
        wanted = Attendee.objects.filter(order=order, deleted_at=None).values_list("ticket", flat=True)
        tickets = list(wanted.order_by().distinct())
        release_for_a_buyer(tickets=tickets, access=order.access_code, discount=order.discount_code)
    try:
        return _write_down(payment, found)
    except SoldOut as gone:
        return _write_down(payment, found, why_not=TOO_LATE if gone.code == "sold-out" else CODE_GONE)


def fail(payment: Payment, why: str) -> None:
    """The provider has said no: another try is another payment."""
    with atomic():
        changes = {"state": FAILED, "error": why, "next_look_at": None}
        if Payment.objects.filter(pk=payment.pk).exclude(state__in=(PAID, FAILED)).update(**changes):
            _note_failure(payment, why)


def _write_down(payment, found, *, why_not=""):
    with atomic():
        debt = _lock(payment)
        if payment.state == PAID:
            return debt
        for name in ("reference", "money_reference", "pay_url", "error"):
            setattr(payment, name, getattr(found, name) or getattr(payment, name))
        if found.state == FAILED:
            if payment.state != FAILED:
                _note_failure(payment, found.error)
            payment.state, payment.next_look_at = FAILED, None
        if found.state == PAID:
            payment.state, payment.paid_at, payment.error = PAID, timezone.now(), ""
        payment.save()
        if found.state == PAID:
            look_after(payment.pk)
            _book(debt, payment)
            if payment.invoice_id:
                _receive_for_invoice(debt, payment, found)
            else:
                _receive(debt, payment, found, why_not)
        return debt


def _note_failure(payment, why):
    detail = {"amount": str(payment.amount), "why": why}
    record("payment.failed", by=payment.provider, about=payment.debt, event_id=payment.debt.event_id, **detail)


def _lock(payment):
    """The row of the order or invoice first, as everywhere; then the payment as it is now."""
    debt = lock_debt(payment)
    payment.refresh_from_db()
    payment.debt = debt
    return debt


def _book(debt, payment):
    book_payment(payment)
    detail = {"amount": str(payment.amount), "mode": payment.provider, "reference": payment.money_reference}
    record("payment.received", by=payment.provider, about=debt, event_id=debt.event_id, **detail)


def _receive_for_invoice(invoice, payment, found):
    """It is paid by this payment, unless it was paid before: then the money goes back."""
    if invoice.status == INVOICE_PAID:
        owe_back(invoice, payment.amount, by=SERVER, reason=INVOICE_TWICE, payment=payment)
        return
    paid = {"status": INVOICE_PAID, "paid_via": payment.provider, "payment_mode": payment.provider}
    settle_invoice(
        invoice, by=payment.provider, changes={**paid, "transaction_id": payment.money_reference, **found.card}
    )


def _receive(order, payment, found, why_not):
    if why_not := why_not or _why_not(order, payment):
        owe_back(order, payment.amount, by=SERVER, reason=why_not, payment=payment)
        tell_of_refund(order, payment.amount, why=why_not)
        return
    if order.status == COMPLETED:
        order.due -= payment.amount
        order.save(update_fields=["due"])
        tell_room("order.completed", order)
        return
    order.transaction_id, order.paid_via = payment.money_reference, payment.provider
    for name, value in found.card.items():
        setattr(order, name, value)
    move(order, COMPLETED, by=SERVER, mode=payment.provider)
    if (excess := paid_of(order) - order.amount) > 0:
        owe_back(order, excess, by=SERVER, reason=TOO_MUCH, payment=payment)


def _why_not(order, payment):
    """Why this payment neither completes the order nor is what is due on it since; empty if it does, or is."""
    if order.status == COMPLETED:
        return "" if payment.amount <= order.due else TWICE
    if order.status == CANCELLED or order.deleted_at is not None:
        return OVER
    if order.event.deleted_at is not None:
        return NO_EVENT
    return TOO_LITTLE if paid_of(order) < order.amount else ""
