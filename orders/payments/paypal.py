"""PayPal: a payment is created, approved by the buyer on PayPal's page, and executed when they come back."""

import json
import logging
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import quote

import paypalrestsdk as paypal
import requests
from django.conf import settings
from django.utils import timezone
from paypalrestsdk import exceptions
from paypalrestsdk.resource import Resource

from accounts.models import Setting
from openevent.core.atomic import refuse_inside_work
from openevent.core.money import round_money
from orders.models.order import PENDING
from orders.models.payment import FAILED, PAID, STARTED
from orders.payments.base import Declined, Forged, Found, Provider, ProviderAway, Returned, Start, Told

log = logging.getLogger(__name__)

PAGE, APP = "page", "app"  # approved on the page that we ask for, or in a mobile app
SECONDS = (3, 12)  # to be connected, and to be answered
TOLERANCE = timedelta(seconds=300)  # that an event may have been on its way
WHOLE = ("JPY", "HUF", "TWD")  # of which PayPal takes no parts
TAKEN = ("completed", "partially_refunded", "refunded")  # states of a sale whose money came
DONE_BEFORE = "PAYMENT_ALREADY_DONE"
SIGNED = {  # what of a message's headers PayPal checks, by its name there
    "transmission_id": "Paypal-Transmission-Id",
    "transmission_time": "Paypal-Transmission-Time",
    "transmission_sig": "Paypal-Transmission-Sig",
    "cert_url": "Paypal-Cert-Url",
    "auth_algo": "Paypal-Auth-Algo",
}


class PatientApi(paypal.Api):
    """The library's own waits for ever."""

    def http_call(self, url, method, **options):
        return super().http_call(url, method, timeout=SECONDS, **options)


class PayPal(Provider):
    mode, name = "paypal", "PayPal"

    def is_enabled(self, event):
        return event.can_pay_by_paypal

    def is_offered(self, event):
        return self.is_enabled(event) and self.has_keys()

    def has_keys(self):
        return all(_keys())

    def start(self, order):
        return Start(status=PENDING, payment_url=self.mode)

    def account_of(self, event):
        return event.paypal_email or ""

    # ── What we ask ──────────────────────────────────────────────────────────────────────────────

    def ask(self, payment, *, pages=None, token=""):
        with _answers() as api:
            asked = paypal.Payment(_wanted(payment, pages), api=api)
            asked.request_id = payment.key
            if not asked.create():
                raise Declined(_words(asked.error))
            return _of(asked.to_dict())

    def execute(self, payment, payer_id=""):
        """The buyer has approved it: take the money. Done before, it is as it was then."""
        with _answers() as api:
            payer_id = payer_id or _payer_of(paypal.Payment.find(quote(payment.reference, safe=""), api=api))
            approved = paypal.Payment({"id": payment.reference}, api=api)
            payer = Resource({"payer_id": payer_id}, api=api)
            payer.request_id = f"{payment.key}-execute"
            if approved.execute(payer):
                return _of(approved.to_dict())
            if approved.error.get("name") != DONE_BEFORE:
                raise Declined(_words(approved.error))
        return self.look(payment)

    def look(self, payment):
        if not payment.reference:
            return Found(state=STARTED)
        with _answers() as api:
            return _of(paypal.Payment.find(quote(payment.reference, safe=""), api=api).to_dict())

    def give_back(self, refund):
        with _answers() as api:
            sale = paypal.Sale({"id": refund.payment.money_reference}, api=api)
            facts = {"amount": _amount(refund.amount, refund.currency), "invoice_number": refund.present_key}
            wanted = Resource(facts, api=api)
            wanted.request_id = refund.present_key
            given = sale.refund(wanted)
            if given.error or given.state == "failed":
                raise Declined(_words(given.error), code="refund-declined")
            return str(given["id"])

    def returns(self, payment):
        with _answers() as api:
            found = paypal.Payment.find(quote(payment.reference, safe=""), api=api).to_dict()
            return [_returned(refund) for refund in _related(found, "refund")]

    # ── What we are told ─────────────────────────────────────────────────────────────────────────

    def read_event(self, body, headers):
        """PayPal is asked whether it is theirs, with the very bytes that came."""
        signed = {name: headers.get(header, "") for name, header in SIGNED.items()}
        try:
            event = json.loads(body)
            sent_at = datetime.fromisoformat(signed["transmission_time"])
            if not all(signed.values()) or abs(timezone.now() - sent_at) > TOLERANCE:
                raise Forged("The signature is missing or too old.")
            about = event["resource"]
            names = (about.get("parent_payment"), about.get("id"), about.get("sale_id"), about.get("custom"))
            references = tuple(name for name in names if isinstance(name, str) and name)
            told = Told(event_id=event["id"], type=event["event_type"], references=references)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Forged("This is not an event of PayPal's.") from None
        if not any(_is_signed(body, signed, webhook) for webhook in settings.PAYPAL_WEBHOOK_IDS):
            raise Forged("The signature is wrong.")
        return told


# ── Requests ─────────────────────────────────────────────────────────────────────────────────────


def _keys():
    keys = Setting.current()
    if keys.paypal_mode == "live":
        return keys.paypal_client, keys.paypal_secret
    return keys.paypal_sandbox_client, keys.paypal_sandbox_secret


@contextmanager
def _answers():
    """A way to ask PayPal, and whatever goes wrong with it as a refusal."""
    refuse_inside_work()
    client, secret = _keys()
    if not (client and secret):
        raise Declined("This site has no keys for PayPal yet.", code="provider-not-set-up")
    address = {"endpoint": settings.PAYPAL_API} if settings.PAYPAL_API else {}
    mode = "live" if Setting.current().paypal_mode == "live" else "sandbox"
    try:
        yield PatientApi(mode=mode, client_id=client, client_secret=secret, **address)
    except (requests.RequestException, exceptions.ServerError) as problem:
        log.warning("PayPal does not answer: %s", type(problem).__name__)
        raise ProviderAway("PayPal") from None
    except exceptions.UnauthorizedAccess:
        log.error("PayPal turns us away: the keys are wrong.")
        raise Declined("This site is not set up with PayPal correctly. Nothing was charged.") from None
    except exceptions.ResourceNotFound:
        raise Declined("PayPal knows no such payment.", pointer="/data/attributes/paypal-payment-id") from None
    except exceptions.ClientError as no:
        log.warning("PayPal refuses a request: %s", no.response.status_code)
        raise Declined(_words_in(no.content)) from None
    except (exceptions.ConnectionError, AttributeError, KeyError, IndexError, TypeError, ValueError) as problem:
        log.warning("PayPal answers what nobody understands: %s", type(problem).__name__, exc_info=True)
        raise ProviderAway("PayPal") from None


def _wanted(payment, pages):
    debt = payment.debt
    transaction = {
        "amount": _amount(payment.amount, payment.currency),
        "description": debt.bill_title[:127],
        "custom": payment.key,
        "invoice_number": f"{debt.identifier}-{payment.pk}",
    }
    if payment.account:
        transaction["payee"] = {"email": payment.account}
    return {
        "intent": "sale",
        "payer": {"payment_method": "paypal"},
        "redirect_urls": {"return_url": pages.success, "cancel_url": pages.cancel},
        "transactions": [transaction],
    }


def _amount(amount, currency):
    rounded = round_money(amount, currency)
    if currency in WHOLE:
        if rounded != rounded.to_integral_value():
            raise Declined(f"PayPal takes whole amounts only in {currency}.")
        rounded = rounded.to_integral_value()
    return {"total": f"{rounded:f}", "currency": currency}


def _is_signed(body, signed, webhook):
    """The body goes as it came: read and written again it would not be what was signed."""
    facts = json.dumps({**signed, "webhook_id": webhook})
    question = facts[:-1].encode() + b', "webhook_event": ' + body + b"}"
    with _answers() as api:
        headers = {**api.headers(), "Content-Type": "application/json"}
        address = f"{api.endpoint}/v1/notifications/verify-webhook-signature"
        return api.http_call(address, "POST", data=question, headers=headers)["verification_status"] == "SUCCESS"


def _payer_of(found):
    payer = (found.to_dict().get("payer") or {}).get("payer_info") or {}
    if not payer.get("payer_id"):
        raise Declined("The buyer has not approved this payment yet.")
    return payer["payer_id"]


# ── Answers ──────────────────────────────────────────────────────────────────────────────────────


def _of(payment):
    transaction = payment["transactions"][0]
    state, sale = STARTED, next(iter(_related(payment, "sale")), {})
    if payment["state"] == "approved" and sale.get("state") in TAKEN:
        state = PAID
    elif payment["state"] == "failed" or sale.get("state") == "denied":
        state = FAILED
    links = {link["rel"]: link["href"] for link in payment.get("links") or []}
    return Found(
        state=state,
        reference=payment["id"],
        money_reference=sale.get("id", ""),
        amount=Decimal(transaction["amount"]["total"]),
        currency=transaction["amount"]["currency"],
        error="PayPal could not take the money." if state == FAILED else "",
        pay_url=links.get("approval_url", ""),
    )


def _related(payment, kind):
    """What followed from a payment: its sale, its refunds."""
    return [one[kind] for one in payment["transactions"][0].get("related_resources") or [] if kind in one]


def _returned(refund):
    is_gone = refund["state"] not in ("failed", "cancelled")
    return Returned(
        reference=refund["id"],
        amount=abs(Decimal(refund["amount"]["total"])),
        key=refund.get("invoice_number") or "",
        is_gone=is_gone,
        why="Given back on PayPal’s own pages." if is_gone else "PayPal could not deliver it.",
    )


def _words(error):
    error = error or {}
    return error.get("message") or error.get("name") or "PayPal declined the payment."


def _words_in(content):
    try:
        return _words(json.loads(content))
    except (ValueError, AttributeError):
        return "PayPal declined the payment."
