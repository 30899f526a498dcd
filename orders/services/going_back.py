"""What went back at a provider, whoever began it, and what of it came to nothing: each written down once."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.services.log import record
from openevent.core.atomic import atomic
from orders.models import EventInvoice, Payment, Refund
from orders.models.invoice import PAID, REFUNDED
from orders.models.payment import DISPUTE, DONE, FAILED, HOUSE, OWED, PROVIDER, UNDONE, WAITING
from orders.payments import PROVIDERS
from orders.payments.base import Returned
from orders.services.invoicing import keep_invoiced
from orders.services.ledger import book_refund, book_return, lock_debt, paid_of, sum_of

LOOKS_AFTER = (1, 6, 23, 60)  # days between looks at what went back of a payment: banks take their time to say no
CAME_BACK = "The provider could not deliver it: the money came back."
GIVEN_OTHERWISE = "It had gone back by another way."


def given_of(payment: Payment) -> Decimal:
    """What of a payment went back, or is to."""
    return sum_of(payment.refunds.exclude(state=UNDONE))


def finish_refund(refund: Refund, *, reference: str = "", by) -> None:
    """It was given back: the ledger says so, once. Banks that cannot deliver it say so later, so it is looked after."""
    with atomic():
        debt = lock_debt(refund)
        changes = {"state": DONE, "done_at": timezone.now(), "next_try_at": None, "error": "", "reference": reference}
        if not Refund.objects.filter(pk=refund.pk).exclude(state=DONE).update(**changes):
            return
        refund.refresh_from_db()
        book_refund(refund, by=by)
        look_after(refund.payment_id)
        record("refund.done", by=by, about=debt, event_id=debt.event_id, amount=str(refund.amount))


def look_after(payment_id: int | None) -> None:
    """From now on the clock asks, ever less often, what of this payment went back."""
    if payment_id is None:
        return
    first = timezone.now() + timedelta(days=LOOKS_AFTER[0])
    Payment.objects.filter(pk=payment_id).update(looks=0, next_look_at=first)


def read_back(payment: Payment) -> None:
    """Ask the provider what of a payment went back, and bring refunds and ledger to what it says."""
    follow(payment, PROVIDERS[payment.provider].returns(payment))


def follow(payment: Payment, returns: list[Returned]) -> None:
    """What we know of is finished or undone; what we do not know was begun elsewhere, and becomes a refund of its own.

    So the ledger comes to what the provider has. What was promised besides, and is no longer there, is not owed.
    """
    with atomic():
        debt = lock_debt(payment)
        for one in returns:
            refund = _refund_of(payment, one)
            if one.is_gone and not (refund and refund.payment_id and refund.state == DONE):
                _gone(debt, payment, refund, one)
            elif refund is not None and not one.is_gone:
                _came_back(refund, one, by=payment.provider)
            if refund is not None and one.is_dispute and one.is_decided:
                Refund.objects.filter(pk=refund.pk, done_at=None).update(done_at=timezone.now())
        _drop_promises(payment)
        if payment.order_id:
            keep_invoiced(debt, by=payment.provider)


def _refund_of(payment, one):
    """The row that this is. By its reference, else as one of ours that is open: by our key, else by its amount."""
    if found := payment.refunds.filter(reference=one.reference).first():
        return found
    if one.is_dispute:
        return None
    open_ones = payment.refunds.filter(source=HOUSE, state__in=(*OWED, UNDONE)).order_by("pk")
    if one.key:
        known = next((row for row in open_ones if one.key.partition("-")[0] == row.key), None)
        # A no to an earlier try is said already: it was begun anew since.
        return known if known and (one.is_gone or one.key == known.present_key) else None
    if not one.is_gone:
        return None
    by_hand = payment.debt.refunds.filter(payment=None, provider=payment.provider, state=DONE)
    owed = open_ones.filter(state__in=OWED, amount=one.amount)
    return owed.first() or by_hand.filter(amount=one.amount, reference="").first()


def _gone(debt, payment, refund, one):
    if refund is not None:
        if refund.state == DONE:  # somebody said that it was given by hand, and gave it on the provider's pages
            book_return(refund, by=payment.provider)
            Refund.objects.filter(pk=refund.pk).update(payment=payment, state=WAITING)
        finish_refund(refund, reference=one.reference, by=payment.provider)
        return
    refund = Refund.objects.create(
        debt=debt,
        payment=payment,
        provider=payment.provider,
        source=DISPUTE if one.is_dispute else PROVIDER,
        reference=one.reference,
        amount=one.amount,
        currency=payment.currency,
        reason=one.why[:400] or None,
        state=DONE,
        done_at=timezone.now() if one.is_decided else None,
    )
    book_refund(refund, by=payment.provider)
    look_after(payment.pk)
    what = "refund.disputed" if one.is_dispute else "refund.found"
    detail = {"amount": str(refund.amount), "reason": one.why}
    record(what, by=payment.provider, about=debt, event_id=debt.event_id, **detail)
    if payment.invoice_id and paid_of(debt) <= 0:
        EventInvoice.objects.filter(pk=debt.pk, status=PAID).update_at(debt.event_id, status=REFUNDED)


def _came_back(refund, one, *, by):
    """What we owe stands as failed, to be tried again; what others began is undone."""
    was_given = refund.state == DONE
    if not was_given and not (refund.state == WAITING and refund.reference != one.reference):
        return
    refund.state, refund.reference = FAILED if refund.source == HOUSE else UNDONE, one.reference
    refund.error, refund.next_try_at = one.why or CAME_BACK, None
    refund.save(update_fields=["state", "reference", "error", "next_try_at"])
    if was_given:
        book_return(refund, by=by)
        if refund.invoice_id and refund.state == UNDONE:
            invoices = EventInvoice.objects.filter(pk=refund.invoice_id, status=REFUNDED)
            invoices.update_at(refund.debt.event_id, status=PAID)
    detail = {"amount": str(refund.amount), "why": refund.error}
    record("refund.came-back", by=by, about=refund.debt, event_id=refund.debt.event_id, **detail)


def _drop_promises(payment):
    """Newest first, as long as more was promised of a payment than is there."""
    for refund in payment.refunds.filter(state__in=OWED).order_by("-pk"):
        if given_of(payment) <= payment.amount:
            return
        refund.state, refund.error, refund.next_try_at = UNDONE, GIVEN_OTHERWISE, None
        refund.save(update_fields=["state", "error", "next_try_at"])
        detail = {"amount": str(refund.amount), "why": GIVEN_OTHERWISE}
        record("refund.dropped", by=payment.provider, about=refund.debt, event_id=refund.debt.event_id, **detail)
