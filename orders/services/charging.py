"""A charge, as clients of the API pay an order: by the way that the order was placed with."""

from collections.abc import Mapping
from dataclasses import dataclass

from openevent.core.refusals import Refused
from orders.models import Order
from orders.models.order import COMPLETED
from orders.models.payment import PAID
from orders.payments import PROVIDERS
from orders.services.paying import execute_paypal, pay_by_intent, pay_by_token, refuse_unless_payable

PAYPAL_NEEDS = ("paypal_payment_id", "paypal_payer_id")


@dataclass(frozen=True, kw_only=True)
class Charge:
    """What came of it: whether it went well, and the words, or the provider's own answer, that clients read."""

    status: bool
    message: str


def charge_order(order: Order, sent: Mapping[str, str], *, by, asked_before: bool = False) -> Charge:
    """409 if there is nothing to pay, or nobody to pay it to; 422 with the provider's reason if it says no.

    Who has asked before, and never heard the answer, hears that it is paid.
    """
    if asked_before and order.current_status == COMPLETED and order.payments.filter(state=PAID).exists():
        return Charge(status=True, message="Paid.")
    refuse_unless_payable(order)
    provider = PROVIDERS.get(order.payment_mode)
    if provider is None or not provider.is_offered(order.event):
        detail = f"This event does not take payments by {order.payment_mode}."
        raise Refused("provider-not-offered", detail, status=409)
    return (_by_paypal if provider.mode == "paypal" else _by_card)(order, sent, by=by)


def _by_card(order, sent, *, by):
    """A token of an old client is charged; without one, a client with a page of its own begins."""
    if sent.get("stripe"):
        pay_by_token(order, by=by, token=sent["stripe"])
        return Charge(status=True, message="Paid.")
    if order.is_classic:
        raise Refused("token-missing", "stripe token is missing", pointer="/data/attributes/stripe")
    return Charge(status=True, message=pay_by_intent(order, by=by))


def _by_paypal(order, sent, *, by):
    """What the buyer has approved; clients of the classic flow send nothing, for PayPal knows who has."""
    for name in PAYPAL_NEEDS if sent or not order.is_classic else ():
        if not sent.get(name):
            pointer = f"/data/attributes/{name.replace('_', '-')}"
            raise Refused("payment-incomplete", "PayPal gives this to whoever pays there.", pointer=pointer)
    names = {"payment_id": sent.get("paypal_payment_id", ""), "payer_id": sent.get("paypal_payer_id", "")}
    execute_paypal(order, by=by, **names)
    return Charge(status=True, message="Paid.")
