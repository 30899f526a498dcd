"""A small PayPal: payments that are created, approved on a page and executed; refunds; signed events."""

import base64
import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from orders.demo.providers.server import HTML, Answer, Double, page, redirect

CLIENT, SECRET, WEBHOOK = "local-client", "local-secret", "WH-LOCAL"
PAYER = "LOCALPAYER123"


class LocalPayPal(Double):
    """`events` keeps what it would tell; `message` signs one as it is sent."""

    def __init__(self, **options):
        super().__init__(**options)
        self.events, self.declining = [], False

    def begin_anew(self):
        super().begin_anew()
        self.events, self.declining = [], False

    # ── What tests ask ───────────────────────────────────────────────────────────────────────────

    def approve(self, reference):
        """What the buyer does on PayPal's page; the id of the payer, with which they come back."""
        with self.lock:
            payment = self.table("payments")[reference]
            payment["payer"] |= {"status": "VERIFIED", "payer_info": {"payer_id": PAYER, "email": "payer@example.org"}}
            return PAYER

    def pay_in_app(self, total, currency):
        """What a mobile app does without us: a payment that is approved and done."""
        with self.lock:
            amount = {"total": total, "currency": currency}
            payment = self._create({"transactions": [{"amount": amount}], "payer": {}, "intent": "sale"})
            self._execute(payment)
            return payment["id"]

    def balance(self):
        """What it has taken and not given back, by currency, in hundredths."""
        sums = {}
        for sale in self.table("sales").values():
            currency = sale["amount"]["currency"]
            sums[currency] = sums.get(currency, 0) + _hundredths(sale["amount"]["total"])
        for refund in self._live_refunds():
            sums[refund["amount"]["currency"]] -= _hundredths(refund["amount"]["total"])
        return sums

    def refund_by_hand(self, reference, total=None):
        """What somebody does on PayPal's own pages, with a sale."""
        with self.lock:
            sale = self.table("sales")[reference]
            amount = {**sale["amount"], "total": total or sale["amount"]["total"]}
            return self._refund(sale, {"amount": amount})

    def fail_refund(self, reference):
        """It cannot be delivered, as it turns out after some days."""
        with self.lock:
            refund = self.table("refunds")[reference]
            refund["state"] = "failed"
            self._show(self.table("sales")[refund["sale_id"]])
            self._tell("PAYMENT.SALE.REFUNDED", refund)

    def message(self, event, *, webhook=WEBHOOK, at=None):
        """An event as it is sent: its body and the headers that sign it."""
        body = json.dumps(event)
        headers = {
            "Paypal-Transmission-Id": secrets.token_hex(8),
            "Paypal-Transmission-Time": (at or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "Paypal-Cert-Url": f"{self.address}/v1/notifications/certs/CERT-1",
            "Paypal-Auth-Algo": "SHA256withRSA",
        }
        headers["Paypal-Transmission-Sig"] = _signature(headers, webhook, body)
        return body, headers

    # ── What it is asked ─────────────────────────────────────────────────────────────────────────

    def answer(self, method, path, query, body, headers):
        if self.is_page(path):
            return self._page(method, query)
        if path == "/v1/oauth2/token":
            return self._let_in(headers)
        if not headers.get("Authorization", "").startswith("Bearer local-"):
            return _no(401, "AUTHENTICATION_FAILURE", "Authentication failed due to invalid credentials.")
        if path == "/v1/notifications/verify-webhook-signature":
            return self._verify(body)
        key = headers.get("PayPal-Request-Id") if method == "POST" else None
        if (path, key) in self.answers:
            return self.answers[path, key]
        try:
            answer = self._do(method, path.removeprefix("/v1/payments/").split("/"), json.loads(body or b"{}"))
        except Answer as no:
            return no
        if key:
            self.answers[path, key] = answer
        return answer

    def is_sign_in(self, path):
        return path == "/v1/oauth2/token"

    def _let_in(self, headers):
        known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if headers.get("Authorization") != f"Basic {known}":
            return Answer(401, {"error": "invalid_client", "error_description": "Client Authentication failed"})
        return Answer(200, {"access_token": "local-token", "token_type": "Bearer", "expires_in": 32400})

    def _do(self, method, parts, given):
        match method, parts:
            case "POST", ["payment"]:
                return Answer(201, self._create(given))
            case "GET", ["payment", key]:
                return Answer(200, self._find("payments", key))
            case "POST", ["payment", key, "execute"]:
                payment = self._find("payments", key)
                if payment["state"] == "approved":
                    raise _no(400, "PAYMENT_ALREADY_DONE", "Payment has been done already for this cart.")
                if payment["payer"].get("payer_info", {}).get("payer_id") != given.get("payer_id"):
                    raise _no(400, "PAYMENT_NOT_APPROVED_FOR_EXECUTION", "Payer has not approved payment")
                if self.declining:
                    raise _no(400, "INSTRUMENT_DECLINED", "The funding instrument presented was declined.")
                return Answer(200, self._execute(payment))
            case "POST", ["sale", key, "refund"]:
                return Answer(201, self._refund(self._find("sales", key), given))
        raise _no(404, "INVALID_RESOURCE_ID", "The requested resource ID was not found.")

    def _create(self, given):
        key, token = self.new_id("PAYID-").upper(), self.new_id("EC-").upper()
        links = [
            {"href": f"{self.address}/v1/payments/payment/{key}", "rel": "self", "method": "GET"},
            {"href": f"{self.address}/checkoutnow?token={token}", "rel": "approval_url", "method": "REDIRECT"},
        ]
        payment = {**given, "id": key, "state": "created", "links": links, "token": token}
        payment["payer"] = dict(given.get("payer") or {})
        self.table("payments")[key] = payment
        return payment

    def _execute(self, payment):
        [transaction] = payment["transactions"]
        sale = {"id": self.new_id("SALE").upper(), "state": "completed", "amount": transaction["amount"]}
        sale |= {"parent_payment": payment["id"], "custom": transaction.get("custom", "")}
        self.table("sales")[sale["id"]] = sale
        payment["state"], transaction["related_resources"] = "approved", [{"sale": sale}]
        self._tell("PAYMENT.SALE.COMPLETED", sale)
        return payment

    def _refund(self, sale, given):
        amount = given.get("amount") or sale["amount"]
        before = sum(_hundredths(row["amount"]["total"]) for row in self._live_refunds(sale))
        if self.declining:
            raise _no(400, "INSUFFICIENT_FUNDS", "Refund cannot be issued due to insufficient funds.")
        if before + _hundredths(amount["total"]) > _hundredths(sale["amount"]["total"]):
            raise _no(400, "TRANSACTION_REFUSED", "The requested refund is more than is left of the sale.")
        refund = {"id": self.new_id("REF").upper(), "state": "completed", "amount": amount, "sale_id": sale["id"]}
        refund |= {"parent_payment": sale["parent_payment"], "invoice_number": given.get("invoice_number", "")}
        self.table("refunds")[refund["id"]] = refund
        self._show(sale)
        self._tell("PAYMENT.SALE.REFUNDED", refund)
        return refund

    def _live_refunds(self, sale=None):
        rows = self.table("refunds").values()
        return [row for row in rows if row["state"] == "completed" and (not sale or row["sale_id"] == sale["id"])]

    def _show(self, sale):
        """A payment shows what followed from it, and its sale how much of it went back."""
        back = sum(_hundredths(row["amount"]["total"]) for row in self._live_refunds(sale))
        whole = back == _hundredths(sale["amount"]["total"])
        sale["state"] = ("refunded" if whole else "partially_refunded") if back else "completed"
        [transaction] = self.table("payments")[sale["parent_payment"]]["transactions"]
        refunds = [row for row in self.table("refunds").values() if row["sale_id"] == sale["id"]]
        transaction["related_resources"] = [{"sale": sale}, *({"refund": row} for row in refunds)]

    def _verify(self, body):
        asked = json.loads(body)
        event = body.decode().partition('"webhook_event": ')[2][:-1]
        texts = {name: value for name, value in asked.items() if isinstance(value, str)}
        headers = {f"Paypal-{name.replace('_', '-').title()}": value for name, value in texts.items()}
        good = hmac.compare_digest(_signature(headers, asked["webhook_id"], event), asked["transmission_sig"])
        return Answer(200, {"verification_status": "SUCCESS" if good else "FAILURE"})

    # ── Its memory ───────────────────────────────────────────────────────────────────────────────

    def _find(self, table, key):
        row = self.table(table).get(key)
        if row is None:
            raise _no(404, "INVALID_RESOURCE_ID", "The requested resource ID was not found.")
        return row

    def _tell(self, kind, about):
        resource = json.loads(json.dumps(about))
        self.events.append({"id": self.new_id("WH-").upper(), "event_type": kind, "resource": resource})

    # ── The page to approve on ───────────────────────────────────────────────────────────────────

    def _page(self, method, query):
        payment = next((row for row in self.table("payments").values() if row["token"] == query.get("token")), None)
        if payment is None:
            return Answer(404, b"There is no such payment.")
        urls, [transaction] = payment["redirect_urls"], payment["transactions"]
        if method == "POST":
            payer = self.approve(payment["id"])
            facts = {"paymentId": payment["id"], "token": payment["token"], "PayerID": payer}
            return redirect(_with(urls["return_url"], facts))
        amount = f"{transaction['amount']['total']} {transaction['amount']['currency']}"
        inner = '<form method="post"><button>Pay with PayPal</button></form>'
        inner += f'<a href="{escape(urls["cancel_url"])}">Back to the shop</a>'
        title = escape(transaction.get("description") or "Your order")
        return page(
            HTML.format(title=title, small="A local double of PayPal. No money moves.", amount=amount, inner=inner)
        )


def _no(status, name, message):
    return Answer(status, {"name": name, "message": message, "debug_id": "local"})


def _hundredths(total):
    return round(float(total) * 100)


def _signature(headers, webhook, body):
    signed = f"{headers['Paypal-Transmission-Id']}|{headers['Paypal-Transmission-Time']}|{webhook}|{body}"
    return hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).hexdigest()


def _with(address, facts):
    parts = urlsplit(address)
    return urlunsplit(parts._replace(query=urlencode([*parse_qsl(parts.query), *facts.items()])))
