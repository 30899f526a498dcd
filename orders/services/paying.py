"""Paying an order through a provider, on its page or by what a client of the API has of it."""

import json
import logging
from decimal import Decimal
from functools import partial

from django.conf import settings

from accounts.models import Setting
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused
from orders.models import Order, Payment
from orders.models.order import COMPLETED, ON_THE_CLOCK, PENDING
from orders.models.payment import PAID
from orders.payments import PROVIDERS
from orders.payments.base import Declined, Pages
from orders.payments.paypal import APP, PAGE
from orders.payments.stripe import INTENT, TOKEN
from orders.services.asking import PAGE_OF, PAYMENT_ID, ask, execute, open_payment, verify
from orders.services.checkout import finish_order
from orders.services.settling import settle
from orders.services.states import lock_order, parts_of

log = logging.getLogger(__name__)


def pay_by_page(order: Order, *, by, mode: str, pages: Pages) -> str:
    """Where the buyer pays: the provider's own page, which sends them back to ours."""
    payment, found = _ask(order, by=by, mode=mode, kind=PAGE_OF[mode], pages=pages)
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
    """The buyer has approved: take the money. Clients of the classic flow name neither payment nor payer."""
    _refuse_strangers(order, by=by)
    return execute(order, refuse=partial(refuse_unless_payable, order), payment_id=payment_id, payer_id=payer_id)


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
    """Ask the providers, but for one, about every open payment of an order."""
    return verify(order, but=but)


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


def _ask(order, *, by, mode, kind, **options):
    provider = PROVIDERS[mode]
    return ask(partial(_open, order, by=by, provider=provider, kind=kind), provider, **options)


def _open(order, *, by, provider, kind):
    """The open payment of an order, whose hold lasts while it is being paid."""
    with atomic():
        order = lock_order(order)
        _refuse_strangers(order, by=by)
        refuse_unless_payable(order)
        is_begun = order.current_status == PENDING and order.payment_mode == provider.mode
        if order.current_status != COMPLETED and not is_begun:
            order = finish_order(order, by=by, mode=provider.mode)
        account = provider.account_of(order.event)
        return open_payment(order, provider, kind=kind, amount=to_pay(order), account=account)


def _refuse_strangers(order, *, by):
    if not parts_of(by, order):
        raise Refused("not-your-order", "Only its buyer and the team pay an order.", status=403)
