"""Paying through a provider: it is asked outside of every lock, and what it says is settled.

Three steps, so that nothing is charged twice whatever happens between them: a payment is written down with a key of its
own; the provider is asked with that key; its answer is settled. Whoever tries again finds the open payment and asks
with the same key.
"""

import json
import logging
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from accounts.models import Setting
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused
from orders.models import Order, Payment
from orders.models.order import COMPLETED, ON_THE_CLOCK, PENDING
from orders.models.payment import FAILED, PAID, STARTED
from orders.payments import PROVIDERS
from orders.payments.base import Declined, Pages
from orders.payments.paypal import APP, PAGE
from orders.payments.stripe import CHECKOUT, INTENT, TOKEN
from orders.services.checkout import finish_order
from orders.services.settling import fail, settle
from orders.services.states import lock_order, parts_of

log = logging.getLogger(__name__)

FIRST_LOOK = timedelta(minutes=2)
IN_FLIGHT = timedelta(seconds=45)  # longer than all that one try waits for
PAYMENT_ID = "/data/attributes/payment-id"


def pay_by_page(order: Order, *, by, mode: str, pages: Pages) -> str:
    """Where the buyer pays: the provider's own page, which sends them back to ours."""
    kind = CHECKOUT if mode == "stripe" else PAGE
    payment, found = _ask(order, by=by, mode=mode, kind=kind, pages=pages)
    return found.pay_url or payment.pay_url or pages.success


def pay_by_token(order: Order, *, by, token: str) -> Order:
    """Charge the card that an old client has made a token of."""
    payment, _ = _ask(order, by=by, mode="stripe", kind=TOKEN, token=token)
    return payment.order


def pay_by_intent(order: Order, *, by) -> str:
    """For clients with a payment page of their own: the PaymentIntent, as JSON text with its client secret."""
    _, found = _ask(order, by=by, mode="stripe", kind=INTENT)
    return json.dumps(dict(found.answer))


def name_the_page(order: Order, *, by) -> None:
    """An order of the classic flow is answered with the page where PayPal's buyers approve, if PayPal is there."""
    if order.payment_mode != "paypal" or order.current_status != PENDING:
        return
    home = Setting.current().frontend_url or settings.BASE_URL
    page = f"{home.rstrip('/')}/orders/{order.identifier}"
    try:
        order.payment_url = ask_paypal(order, by=by, pages=Pages(success=f"{page}/view", cancel=page)).pay_url
    except Refused as problem:  # the order stands, and there is another endpoint to ask once more
        log.info("an order waits for its page at PayPal: %s", problem.code)
        return
    order.save(update_fields=["payment_url"])


def ask_paypal(order: Order, *, by, pages: Pages) -> Payment:
    """A PayPal payment for the buyer to approve: its id, and the page where they do."""
    payment, _ = _ask(order, by=by, mode="paypal", kind=PAGE, pages=pages)
    return payment


def execute_paypal(order: Order, *, by, payment_id: str = "", payer_id: str = "") -> Order:
    """The buyer has approved: take the money. Only of a payment that we asked for, and for this order.

    Clients of the classic flow name neither: it is the open one, and PayPal knows who has approved it.
    """
    _refuse_strangers(order, by=by)
    asked_for = order.payments.filter(provider="paypal", kind=PAGE).exclude(reference="")
    payment = asked_for.filter(**({"reference": payment_id} if payment_id else {"state": STARTED})).first()
    if payment is None:
        raise Declined("No such PayPal payment was asked for.", pointer=PAYMENT_ID)
    if payment.state == PAID:
        order.refresh_from_db()
        return order
    refuse_unless_payable(order)
    found = PROVIDERS["paypal"].execute(payment, payer_id)
    order = settle(payment, found)
    if found.state == FAILED:
        raise Declined(found.error)
    return order


def verify_app_payment(order: Order, *, by, payment_id: str) -> Order:
    """A payment that a mobile app has made with PayPal by itself: it must be of this amount, and is good once."""
    _refuse_strangers(order, by=by)
    known = Payment.objects.filter(provider="paypal", reference=payment_id).first()
    if known is None:
        refuse_unless_payable(order)
        found = PROVIDERS["paypal"].look(Payment(order=order, reference=payment_id))
        if found.state != PAID or (found.amount, found.currency) != (to_pay(order), order.currency):
            why = "It is not of this amount." if found.state == PAID else "PayPal does not say that it is paid."
            raise Declined(why, pointer=PAYMENT_ID)
        facts = {"order": order, "kind": APP, "amount": found.amount, "currency": found.currency}
        with atomic():
            known, _ = Payment.objects.get_or_create(provider="paypal", reference=found.reference, defaults=facts)
    if known.order_id != order.pk:
        raise Declined("This payment was for another order.", pointer=PAYMENT_ID)
    return settle(known, PROVIDERS["paypal"].look(known))


def verify_payment(order: Order, *, but: str = "") -> Order:
    """Ask the providers, but for one, about every open payment of an order. Who is away is asked again later."""
    for payment in order.payments.filter(state=STARTED).exclude(provider=but).select_related("order__event"):
        try:
            order = settle(payment, PROVIDERS[payment.provider].look(payment))
        except Refused as problem:
            log.info("payment %s is asked about later: %s", payment.pk, problem.code)
    return order


def to_pay(order: Order) -> Decimal:
    """What is to be paid now: all of it, or on a completed order what is due since a ticket was changed."""
    return order.due if order.current_status == COMPLETED else order.amount


def refuse_unless_payable(order: Order) -> None:
    """409 if there is nothing to pay on this order, or no more."""
    if not order.amount:
        raise Refused("order-is-free", "There is nothing to pay.", status=409)
    if order.current_status == COMPLETED:
        if order.due:
            return
        raise Refused("order-is-paid", "This order is paid.", status=409)
    if order.current_status not in ON_THE_CLOCK:
        detail = f"This order is {order.current_status}: it cannot be paid any more."
        raise Refused("order-not-payable", detail, status=409)


# ── The three steps ──────────────────────────────────────────────────────────────────────────────


def _ask(order, *, by, mode, kind, pages=None, token=""):
    """The payment and how it stands. What was open and has come to nothing meanwhile is followed by a new one."""
    provider = PROVIDERS[mode]
    while True:
        payment, is_new = _open(order, by=by, provider=provider, kind=kind)
        try:
            found = provider.look(payment) if payment.reference else provider.ask(payment, pages=pages, token=token)
        except Declined as no:
            fail(payment, str(no))
            if is_new:
                raise
            continue
        payment.order = settle(payment, found)
        if found.state != FAILED:
            return payment, found
        if is_new:
            raise Declined(found.error or f"{provider.name} declined the payment.")


def _open(order, *, by, provider, kind):
    """The open payment of this kind, or a new one; and whether it is new."""
    with atomic():
        order = lock_order(order)
        _refuse_strangers(order, by=by)
        refuse_unless_payable(order)
        is_begun = order.current_status == PENDING and order.payment_mode == provider.mode
        if order.current_status != COMPLETED and not is_begun:
            order = finish_order(order, by=by, mode=provider.mode)
        wanted = {"provider": provider.mode, "kind": kind, "amount": to_pay(order), "currency": order.currency}
        wanted["account"] = provider.account_of(order.event)
        payment = order.payments.filter(state=STARTED, **wanted).first()
        if payment is not None and kind == TOKEN and not payment.customer:
            if payment.created_at > timezone.now() - IN_FLIGHT:
                raise Refused("payment-in-progress", "This order is being paid just now.", status=409, retry_after=5)
            fail(payment, "It was given up before anything was charged.")
            payment = None
        if is_new := payment is None:
            payment = Payment.objects.create(order=order, next_look_at=timezone.now() + FIRST_LOOK, **wanted)
        payment.order = order
        return payment, is_new


def _refuse_strangers(order, *, by):
    if not parts_of(by, order):
        raise Refused("not-your-order", "Only its buyer and the team pay an order.", status=403)
