"""The three steps of paying through a provider, the same for an order and for an invoice.

A payment is written down with a key of its own; the provider is asked with that key, outside of every lock; what it
says is settled. So nothing is charged twice whatever happens between them: whoever tries again finds the open payment
and asks with the same key.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from openevent.core.refusals import Refused
from orders.models import EventInvoice, Order, Payment
from orders.models.payment import FAILED, PAID, STARTED
from orders.payments import PROVIDERS
from orders.payments.base import Declined, Found, Pages, Provider
from orders.payments.paypal import PAGE
from orders.payments.stripe import CHECKOUT, TOKEN
from orders.services.settling import fail, settle

log = logging.getLogger(__name__)

FIRST_LOOK = timedelta(minutes=2)
IN_FLIGHT = timedelta(seconds=45)  # longer than all that one try waits for
PAYMENT_ID = "/data/attributes/payment-id"
PAGE_OF = {"stripe": CHECKOUT, "paypal": PAGE}  # the kind of payment that is made on the provider's own page


def ask(
    open_one: Callable[[], tuple[Payment, bool]], provider: Provider, *, pages: Pages | None = None, token: str = ""
) -> tuple[Payment, Found]:
    """The payment and how it stands. What was open and has come to nothing meanwhile is followed by a new one."""
    while True:
        payment, is_new = open_one()
        try:
            found = provider.look(payment) if payment.reference else provider.ask(payment, pages=pages, token=token)
        except Declined as no:
            fail(payment, str(no))
            if is_new:
                raise
            continue
        payment.debt = settle(payment, found)
        if found.state != FAILED:
            return payment, found
        if is_new:
            raise Declined(found.error or f"{provider.name} declined the payment.")


def open_payment(
    debt: Order | EventInvoice, provider: Provider, *, kind: str, amount: Decimal, account: str
) -> tuple[Payment, bool]:
    """The open payment of this kind, or a new one; and whether it is new. The caller holds the row's lock."""
    wanted = {"provider": provider.mode, "kind": kind, "amount": amount, "currency": debt.currency}
    payment = debt.payments.filter(state=STARTED, account=account, **wanted).first()
    if payment is not None and kind == TOKEN and not payment.customer:
        if payment.created_at > timezone.now() - IN_FLIGHT:
            raise Refused("payment-in-progress", "This is being paid just now.", status=409, retry_after=5)
        fail(payment, "It was given up before anything was charged.")
        payment = None
    if is_new := payment is None:
        next_look_at = timezone.now() + FIRST_LOOK
        payment = Payment.objects.create(debt=debt, account=account, next_look_at=next_look_at, **wanted)
    payment.debt = debt
    return payment, is_new


def execute(
    debt: Order | EventInvoice, *, refuse: Callable[[], None], payment_id: str = "", payer_id: str = ""
) -> Order | EventInvoice:
    """The payer has approved it at PayPal: take the money. Only of a payment that we asked for, and for this debt.

    Who names neither means the open one, and PayPal knows who has approved it. `refuse` says why nothing is to be paid.
    """
    asked_for = debt.payments.filter(provider="paypal", kind=PAGE).exclude(reference="")
    payment = asked_for.filter(**({"reference": payment_id} if payment_id else {"state": STARTED})).first()
    if payment is None:
        raise Declined("No such PayPal payment was asked for.", pointer=PAYMENT_ID)
    if payment.state == PAID:
        debt.refresh_from_db()
        return debt
    refuse()
    found = PROVIDERS["paypal"].execute(payment, payer_id)
    debt = settle(payment, found)
    if found.state == FAILED:
        raise Declined(found.error)
    return debt


def verify(debt: Order | EventInvoice, *, but: str = "") -> Order | EventInvoice:
    """Ask the providers, but for one, about every open payment. One that is away changes nothing: it is asked later."""
    for payment in debt.payments.filter(state=STARTED).exclude(provider=but):
        payment.debt = debt
        try:
            debt = settle(payment, PROVIDERS[payment.provider].look(payment))
        except Refused as problem:
            log.info("payment %s is asked about later: %s", payment.pk, problem.code)
    return debt
