"""Stripe: its hosted Checkout, PaymentIntents for clients with a page of their own, and the tokens of old ones."""

import json
import logging
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode

import stripe
from django.conf import settings

from accounts.models import Setting
from openevent.core.atomic import refuse_inside_work
from openevent.core.money import exponent, round_money
from orders.models.order import PENDING
from orders.models.payment import FAILED, PAID, STARTED
from orders.payments.base import Declined, Forged, Found, Provider, ProviderAway, Returned, Start, Told

log = logging.getLogger(__name__)

CHECKOUT, INTENT, TOKEN = "checkout", "intent", "token"
SECONDS = (3, 12)  # to be connected, and to be answered
TOLERANCE = 300  # seconds that an event may have been on its way
PAGE_MINUTES = 32  # that the hosted page stays open: Stripe wants 30 or more
SHOWN = ("id", "object", "amount", "currency", "client_secret", "status")  # to clients with a page of their own
TEST_MODES = ("test", "sandbox", "development")
# Where Stripe counts otherwise than ISO 4217, and currencies of three digits of which it takes two.
# https://docs.stripe.com/currencies#special-cases
TWO_DIGITS = ("ISK", "UGX")


class Stripe(Provider):
    mode, name = "stripe", "Stripe"

    def is_enabled(self, event):
        return event.can_pay_by_stripe

    def is_offered(self, event):
        joined = not event.is_stripe_linked or bool(self.account_of(event))
        return self.is_enabled(event) and joined and self.has_keys()

    def has_keys(self):
        return bool(_secret_key())

    def start(self, order):
        return Start(status=PENDING, payment_url=self.mode)

    def account_of(self, event):
        own = getattr(event, "stripe_authorization", None) if event.is_stripe_linked else None
        return (own and own.stripe_user_id) or ""

    def page_to_join(self, *, state, back):
        """Where an organizer lets the site charge cards for an account of theirs."""
        keys = Setting.current()
        client = keys.stripe_test_client_id if keys.stripe_mode in TEST_MODES else keys.stripe_client_id
        asked = {"response_type": "code", "client_id": client or "", "scope": "read_write"}
        return f"{settings.STRIPE_CONNECT}/oauth/authorize?{urlencode({**asked, 'state': state, 'redirect_uri': back})}"

    def account_by_code(self, code):
        """What Stripe says of the account whose owner was given this code."""
        with _answers("") as client:
            try:
                given = client.oauth.token({"grant_type": "authorization_code", "code": code})
            except stripe.oauth_error.OAuthError as no:
                log.info("Stripe refuses a code: %s", no.code)
                why = "Stripe does not know this code, or it was used before."
                raise Declined(why, code="code-refused", pointer="/data/attributes/stripe-auth-code") from None
            return {
                "stripe_secret_key": given.access_token,
                "stripe_refresh_token": given.refresh_token,
                "stripe_publishable_key": given.stripe_publishable_key,
                "stripe_user_id": given.stripe_user_id,
            }

    # ── What we ask ──────────────────────────────────────────────────────────────────────────────

    def ask(self, payment, *, pages=None, token=""):
        with _answers(payment.account) as client:
            if not payment.customer:
                payment.customer = _new_customer(client, payment, token)
                # At once: should the next answer get lost, what was charged is found by its customer.
                payment.save(update_fields=["customer"])
            if payment.kind == TOKEN:
                return _of_charge(client.v1.charges.create(_wanted(payment), options=_once(payment.key)))
            if payment.kind == INTENT:
                wanted = {**_wanted(payment), "automatic_payment_methods": {"enabled": True}}
                return _of_intent(client.v1.payment_intents.create(wanted, options=_once(payment.key)))
            page = client.v1.checkout.sessions.create(_page(payment, pages), options=_once(payment.key))
            return _of_page(page)

    def look(self, payment):
        with _answers(payment.account) as client:
            if payment.kind == TOKEN:
                return _look_at_charge(client, payment)
            if not payment.reference:  # its buyer never heard of it, so nobody can have paid it
                return Found(state=STARTED)
            if payment.kind == INTENT:
                found = client.v1.payment_intents.retrieve(payment.reference, {"expand": ["latest_charge"]})
                return _of_intent(found)
            expand = {"expand": ["payment_intent.latest_charge"]}
            return _of_page(client.v1.checkout.sessions.retrieve(payment.reference, expand))

    def give_back(self, refund):
        payment = refund.payment
        wanted = {
            **_money_of(payment),
            "amount": units(refund.amount, refund.currency),
            "metadata": {"refund": refund.present_key, **_named(refund)},
        }
        with _answers(payment.account) as client:
            given = client.v1.refunds.create(wanted, options=_once(refund.present_key))
            if given.status in ("failed", "canceled"):
                raise Declined("Stripe could not give the money back.", code="refund-declined")
            return given.id

    def returns(self, payment):
        asked = {**_money_of(payment), "limit": 100}
        with _answers(payment.account) as client:
            refunds = [_returned(refund) for refund in client.v1.refunds.list(asked).auto_paging_iter()]
            disputes = [_disputed(dispute) for dispute in client.v1.disputes.list(asked).auto_paging_iter()]
            return [*reversed(refunds), *reversed(disputes)]

    # ── What we are told ─────────────────────────────────────────────────────────────────────────

    def read_event(self, body, headers):
        signature = headers.get("Stripe-Signature", "")
        try:
            text = body.decode()
            if not any(_is_signed(text, signature, secret) for secret in settings.STRIPE_WEBHOOK_SECRETS):
                raise Forged("The signature is missing, wrong, or too old.")
            event = json.loads(text)
            about = event["data"]["object"]
            names = (about.get("id"), about.get("payment_intent"), about.get("charge"))
            names += ((about.get("metadata") or {}).get("payment"),)
            references = tuple(name for name in names if isinstance(name, str) and name)
            return Told(event_id=event["id"], type=event["type"], references=references)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Forged("This is not an event of Stripe's.") from None


def units(amount, currency):
    """The whole number in which Stripe counts: 12.34 EUR is 1234, 500 JPY is 500, 5.12 KWD is 5120."""
    if exponent(currency) == 3 and amount != round(amount, 2):
        raise Declined(f"Stripe takes no amount with three digits behind the point in {currency}.")
    return int(round_money(amount, currency).scaleb(2 if currency in TWO_DIGITS else exponent(currency)))


def amount_of(number, currency):
    """The amount that such a whole number is."""
    return Decimal(number).scaleb(-(2 if currency in TWO_DIGITS else exponent(currency)))


# ── Requests ─────────────────────────────────────────────────────────────────────────────────────


def _secret_key():
    keys = Setting.current()
    return keys.stripe_test_secret_key if keys.stripe_mode in TEST_MODES else keys.stripe_secret_key


@contextmanager
def _answers(account):
    """A client for one account, and whatever goes wrong with it as a refusal."""
    refuse_inside_work()
    if not (key := _secret_key()):
        raise Declined("This site has no keys for Stripe yet.", code="provider-not-set-up")
    client = stripe.StripeClient(
        key,
        stripe_account=account or None,
        base_addresses={"api": settings.STRIPE_API, "connect": settings.STRIPE_CONNECT},
        http_client=stripe.RequestsClient(timeout=SECONDS),
        max_network_retries=0,
    )
    try:
        yield client
    except stripe.IdempotencyError as problem:  # the same request is being answered at this moment
        log.warning("Stripe is still at it: %s", problem.code)
        raise ProviderAway("Stripe") from None
    except stripe.CardError as no:
        raise Declined(no.user_message or "The card was declined.", pointer="/data/attributes/stripe") from None
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as problem:
        log.warning("Stripe does not answer: %s", type(problem).__name__)
        raise ProviderAway("Stripe") from None
    except stripe.InvalidRequestError as no:
        log.warning("Stripe refuses a request: %s %s", no.code, no.param)
        raise Declined(no.user_message or "Stripe refuses this payment.") from None
    except stripe.StripeError as problem:  # keys, rights, a key used twice: nothing that a buyer can change
        log.error("Stripe turns us away: %s", type(problem).__name__)
        raise Declined("This site is not set up with Stripe correctly. Nothing was charged.") from None
    except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError) as problem:  # JSON, but not Stripe's
        log.warning("Stripe answers what nobody understands: %s", type(problem).__name__, exc_info=True)
        raise ProviderAway("Stripe") from None


def _money_of(payment):
    return {"charge" if payment.kind == TOKEN else "payment_intent": payment.money_reference}


def _once(key):
    return {"idempotency_key": key}


def _new_customer(client, payment, token):
    debt = payment.debt
    facts = {"email": debt.payer_email, "name": debt.payer_name, "source": token}
    wanted = {name: value for name, value in facts.items() if value}
    wanted["metadata"] = _named(payment)
    return client.v1.customers.create(wanted, options=_once(f"{payment.key}-customer")).id


def _wanted(payment):
    return {
        "amount": units(payment.amount, payment.currency),
        "currency": payment.currency.lower(),
        "customer": payment.customer,
        **_described(payment),
    }


def _described(payment):
    return {"description": payment.debt.bill_title, "metadata": {"payment": payment.key, **_named(payment)}}


def _named(row):
    """By what people find it on Stripe's own pages."""
    return {row.debt.bill_kind: row.debt.identifier}


def _page(payment, pages):
    described = _described(payment)
    price = {
        "currency": payment.currency.lower(),
        "unit_amount": units(payment.amount, payment.currency),
        "product_data": {"name": described["description"]},
    }
    closes = payment.created_at + timedelta(minutes=PAGE_MINUTES)
    return {
        "mode": "payment",
        "customer": payment.customer,
        "client_reference_id": payment.debt.identifier,
        "line_items": [{"quantity": 1, "price_data": price}],
        "payment_intent_data": described,
        "metadata": described["metadata"],
        "success_url": pages.success,
        "cancel_url": pages.cancel,
        "expires_at": int(closes.timestamp()),
    }


def _look_at_charge(client, payment):
    if payment.reference:
        return _of_charge(client.v1.charges.retrieve(payment.reference))
    if payment.customer:  # it was about to be charged: perhaps it was, and the answer got lost
        for charge in client.v1.charges.list({"customer": payment.customer, "limit": 10}).data:
            if charge.metadata.to_dict().get("payment") == payment.key:
                return _of_charge(charge)
    return Found(state=STARTED)


# ── Answers ──────────────────────────────────────────────────────────────────────────────────────


def _of_charge(charge):
    currency = charge.currency.upper()
    return Found(
        state={"succeeded": PAID, "failed": FAILED}.get(charge.status, STARTED),
        reference=charge.id,
        money_reference=charge.id,
        amount=amount_of(charge.amount, currency),
        currency=currency,
        error=getattr(charge, "failure_message", None) or "",
        card=_card_of(charge),
    )


def _of_intent(intent, *, reference="", pay_url=""):
    currency = intent.currency.upper()
    problem = getattr(intent, "last_payment_error", None)
    return Found(
        state={"succeeded": PAID, "canceled": FAILED}.get(intent.status, STARTED),
        reference=reference or intent.id,
        money_reference=intent.id,
        amount=amount_of(intent.amount, currency),
        currency=currency,
        error=(problem and problem.message) or "",
        pay_url=pay_url,
        card=_card_of(getattr(intent, "latest_charge", None)),
        answer={
            name: getattr(intent, name) for name in ("id", "object", "amount", "currency", "client_secret", "status")
        },
    )


def _of_page(page):
    intent = getattr(page, "payment_intent", None)
    if page.payment_status == "paid":
        return _of_intent(intent, reference=page.id)
    state = FAILED if page.status == "expired" else STARTED
    error = "The payment page was closed." if state == FAILED else ""
    return Found(state=state, reference=page.id, pay_url=getattr(page, "url", None) or "", error=error)


def _returned(refund):
    is_gone = refund.status not in ("failed", "canceled")
    reason = getattr(refund, "failure_reason", None) or refund.status
    return Returned(
        reference=refund.id,
        amount=amount_of(refund.amount, refund.currency.upper()),
        key=(refund.metadata and refund.metadata.to_dict().get("refund")) or "",
        is_gone=is_gone,
        why="Given back on Stripe’s own pages." if is_gone else f"Stripe could not deliver it: {_words(reason)}.",
    )


def _disputed(dispute):
    """The bank takes the money at once, unless it only asks; won, it comes back."""
    is_question = dispute.status.startswith("warning")
    return Returned(
        reference=dispute.id,
        amount=amount_of(dispute.amount, dispute.currency.upper()),
        is_gone=dispute.status != "won" and not is_question,
        is_dispute=True,
        is_decided=dispute.status in ("won", "lost"),
        why=f"The buyer disputes it at their bank: {_words(dispute.reason)}. Answer on Stripe’s own pages.",
    )


def _words(name):
    return str(name).replace("_", " ")


def _card_of(charge):
    details = getattr(charge, "payment_method_details", None)
    card = getattr(details, "card", None)
    if card is None:
        return {}
    return {name: str(getattr(card, name)) for name in ("brand", "last4", "exp_month", "exp_year")}


def _is_signed(text, signature, secret):
    try:
        return stripe.WebhookSignature.verify_header(text, signature, secret, TOLERANCE)
    except stripe.SignatureVerificationError:
        return False
