"""The doubles beside a demo: they remember in var/ what was paid, and tell the server of it as providers do."""

import logging

from django.conf import settings

from orders.demo.providers.paypal import LocalPayPal
from orders.demo.providers.stripe import LocalStripe

log = logging.getLogger(__name__)


def start_local_providers() -> None:
    """A port that is taken is no reason to have no shop: then cards cannot be paid with, and the log says why."""
    memory = settings.VAR_DIR / "local-providers"
    webhook = f"http://127.0.0.1:{settings.PORT}/payments/stripe/webhook"
    try:
        LocalStripe(webhook=webhook, port=settings.LOCAL_STRIPE_PORT, keep=memory / "stripe.json").start()
        LocalPayPal(port=settings.LOCAL_PAYPAL_PORT, keep=memory / "paypal.json").start()
    except OSError as problem:
        log.error("The doubles of the payment providers do not run: %s", problem)
