"""Providers of payments that tests talk to: a Stripe and a PayPal of our own."""

import pytest

from accounts.models import Setting
from orders.demo.providers import paypal
from orders.demo.providers.stripe import SECRET, LocalStripe


@pytest.fixture(scope="session")
def _stripe_server():
    server = LocalStripe().start()
    yield server
    server.stop()


@pytest.fixture
def local_stripe(_stripe_server, settings, db):
    """A Stripe of our own with nothing in it, to which the site has the keys."""
    _stripe_server.begin_anew()
    settings.STRIPE_API = settings.STRIPE_CONNECT = _stripe_server.address
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET]
    keys = Setting.current()
    keys.stripe_secret_key, keys.stripe_client_id = "sk_test_local", "ca_local"
    keys.save()
    return _stripe_server


@pytest.fixture(scope="session")
def _paypal_server():
    server = paypal.LocalPayPal().start()
    yield server
    server.stop()


@pytest.fixture
def local_paypal(_paypal_server, settings, event):
    """A PayPal of our own with nothing in it, to which the site has the keys, and an event that takes it."""
    _paypal_server.begin_anew()
    settings.PAYPAL_API = _paypal_server.address
    settings.PAYPAL_WEBHOOK_IDS = [paypal.WEBHOOK]
    keys = Setting.current()
    keys.paypal_sandbox_client, keys.paypal_sandbox_secret = paypal.CLIENT, paypal.SECRET
    keys.save()
    event.can_pay_by_paypal = True
    event.save()
    return _paypal_server


@pytest.fixture
def deliver(client, local_stripe, django_capture_on_commit_callbacks):
    """Hand an event in at the door, as the provider does; the answer's status."""

    def deliver(event, **how):
        body, signature = local_stripe.message(event, **how)
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(
                "/payments/stripe/webhook",
                body,
                content_type="application/json",
                headers={"Stripe-Signature": signature},
            )
        return answer.status_code

    return deliver
