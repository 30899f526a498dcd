"""A charge, as clients of the API pay an order: by the way that the order was placed with."""

from collections.abc import Mapping
from dataclasses import dataclass

from openevent.core.refusals import Refused
from orders.models import Order
from orders.payments import PROVIDERS
from orders.payments.base import Declined
from orders.services.paying import execute_paypal, pay_by_intent, pay_by_token, refuse_unless_payable

PAYPAL_NEEDS = ("paypal_payment_id", "paypal_payer_id")


@dataclass(frozen=True, kw_only=True)
class Charge:
    """What came of it: whether it went well, and the words, or the provider's own answer, that clients read."""

    status: bool
    message: str


def charge_order(order: Order, sent: Mapping[str, str], *, by) -> Charge:
    """409 if there is nothing to pay, or nobody to pay it to. A provider's no is an answer, and no refusal."""
    refuse_unless_payable(order)
    provider = PROVIDERS.get(order.payment_mode)
    if provider is None or not provider.is_offered(order.event):
        detail = f"This event does not take payments by {order.payment_mode}."
        raise Refused("provider-not-offered", detail, status=409)
    for name in PAYPAL_NEEDS if provider.mode == "paypal" else ():
        if not sent.get(name):
            pointer = f"/data/attributes/{name.replace('_', '-')}"
            raise Refused("payment-incomplete", "PayPal gives this to whoever pays there.", pointer=pointer)
    try:
        return Charge(status=True, message=_charge(order, sent, by=by))
    except Declined as no:
        return Charge(status=False, message=str(no))


def _charge(order, sent, *, by):
    """With Stripe a token of an old client is charged; without one, a client with a page of its own begins."""
    if order.payment_mode == "paypal":
        execute_paypal(order, by=by, payment_id=sent["paypal_payment_id"], payer_id=sent["paypal_payer_id"])
    elif sent.get("stripe"):
        pay_by_token(order, by=by, token=sent["stripe"])
    else:
        return pay_by_intent(order, by=by)
    return "Paid."
