"""Every way of paying, by its payment mode."""

from django.utils.text import capfirst

from openevent.core.refusals import Refused
from orders.payments.base import Provider, WayOfPaying
from orders.payments.free import Free
from orders.payments.offline import OFFLINE
from orders.payments.online import OTHERS
from orders.payments.paypal import PayPal
from orders.payments.stripe import Stripe

PROVIDERS: dict[str, Provider] = {provider.mode: provider for provider in (Stripe(), PayPal())}
ONLINE = (*PROVIDERS.values(), *OTHERS)
PAYMENTS: dict[str, WayOfPaying] = {payment.mode: payment for payment in (Free(), *OFFLINE, *ONLINE)}
OFFLINE_MODES = frozenset(payment.mode for payment in OFFLINE)
ONLINE_MODES = frozenset(payment.mode for payment in ONLINE)

NAMES = {"bank": "Bank transfer", "cheque": "Cheque", "onsite": "At the door", "invoice": "Invoice"}


def name_of(provider: str) -> str:
    """What people call a way of paying, as the ledger has it."""
    return PROVIDERS[provider].name if provider in PROVIDERS else NAMES.get(provider, capfirst(provider))


def payment_of(mode, *, event=None) -> WayOfPaying:
    """The way of paying with this name; with an event, only if its organizer enables it (422)."""
    payment = PAYMENTS.get(mode)
    if payment is None or (event is not None and not payment.is_enabled(event)):
        raise Refused(
            "payment-mode-not-enabled",
            f"This event does not take payments by {mode}." if payment else "There is no such way of paying.",
            pointer="/data/attributes/payment-mode",
        )
    return payment


def payments_offered(event) -> list[WayOfPaying]:
    """What the shop offers for an order that costs something."""
    return [payment for payment in PAYMENTS.values() if payment.mode != "free" and payment.is_offered(event)]
