"""A small Stripe: the calls that we make, in its shapes, and a page to pay on."""

import hashlib
import hmac
import json
import threading
import time
from html import escape
from urllib.parse import parse_qsl, urlencode
from urllib.request import Request, urlopen

from openevent.core.money import format_money
from orders.demo.providers.server import HTML, Answer, Double, page, redirect
from orders.payments.stripe import amount_of

GOOD, DECLINED, SCA = "4242424242424242", "4000000000000002", "4000002500003155"
TOKENS = {"tok_visa": GOOD, "tok_chargeDeclined": DECLINED}
CARDS = {
    GOOD: "Pay with a card that works",
    SCA: "Pay with a card that asks for confirmation (3D Secure)",
    DECLINED: "Pay with a card that is declined",
}
SECRET = "whsec_local"  # noqa: S105  of a server that knows no other
GONE = ("succeeded", "needs_response", "lost")  # states of refunds and disputes whose money is not there
DECLINE = "Your card was declined."


class LocalStripe(Double):
    """Its webhooks go to `webhook`, signed with `secret`, if that is set; in any case `events` keeps them."""

    def __init__(self, *, webhook="", secret=SECRET, **options):
        super().__init__(**options)
        self.webhook, self.secret, self.events, self.declining = webhook, secret, [], False

    def begin_anew(self):
        super().begin_anew()
        self.events, self.declining = [], False

    # ── What tests ask ───────────────────────────────────────────────────────────────────────────

    def pay(self, reference, card=GOOD):
        """What the buyer does on the page of a session, or a client with an intent."""
        with self.lock:
            session = self.table("sessions").get(reference)
            intent = self._intent_of(session) if session else self.table("payment_intents")[reference]
            self._confirm(intent, card)
            if session and intent["status"] == "succeeded":
                self._finish(session)
            return intent["status"]

    def balance(self):
        """What it has taken and not given back, by currency."""
        sums = {}
        for charge in self.table("charges").values():
            if charge["status"] == "succeeded":
                sums[charge["currency"]] = sums.get(charge["currency"], 0) + charge["amount"]
        for row in (*self._live_refunds(), *self.table("disputes").values()):
            if row["status"] in GONE:
                sums[row["currency"]] -= row["amount"]
        return sums

    def refund_by_hand(self, reference, amount=None):
        """What somebody does on Stripe's own pages, with an intent or a charge."""
        with self.lock:
            charge = self._charge_of(reference)
            left = charge["amount"] - sum(row["amount"] for row in self._live_refunds(charge))
            return self._refund({"charge": charge["id"], "amount": amount or left}, charge["account"])

    def fail_refund(self, reference):
        """The buyer's bank sends it back after some days."""
        with self.lock:
            refund = self.table("refunds")[reference]
            refund |= {"status": "failed", "failure_reason": "lost_or_stolen_card"}
            self._tell("refund.failed", refund)

    def dispute(self, reference, status="needs_response"):
        """The buyer goes to their bank, which takes the money or only asks."""
        with self.lock:
            charge = self._charge_of(reference)
            facts = {name: charge.get(name) for name in ("amount", "currency", "payment_intent")}
            facts |= {"charge": charge["id"], "reason": "product_not_received", "status": status}
            dispute = self._keep("disputes", "du_", charge["account"], object="dispute", **facts)
            self._tell("charge.dispute.created", dispute)
            return dispute["id"]

    def decide_dispute(self, reference, status):
        with self.lock:
            dispute = self.table("disputes")[reference]
            dispute["status"] = status
            self._tell("charge.dispute.closed", dispute)

    def message(self, event, *, secret=None, at=None):
        """An event as it is sent: its body, and the header that signs it."""
        body = json.dumps(event)
        at = int(at or time.time())
        signature = hmac.new((secret or self.secret).encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
        return body, f"t={at},v1={signature}"

    # ── What it is asked ─────────────────────────────────────────────────────────────────────────

    def answer(self, method, path, query, body, headers):
        if path == "/oauth/authorize":
            return self._page_to_join(method, query)
        if self.is_page(path):
            return self._page(method, path, dict(parse_qsl(body.decode())))
        if not headers.get("Authorization", "").startswith("Bearer sk_"):
            return _no(401, "invalid_request_error", "Invalid API Key provided.")
        given, account = _nested(parse_qsl(body.decode(), keep_blank_values=True)), headers.get("Stripe-Account", "")
        if path == "/oauth/token":
            return self._join(given)
        key = headers.get("Idempotency-Key") if method == "POST" else None
        if key and (account, key) in self.answers:
            asked, answer = self.answers[account, key]
            if asked != (path, given):
                return _no(
                    400, "idempotency_error", "Keys for idempotent requests can only be used with the same request."
                )
            return answer
        try:
            answer = Answer(200, self._do(method, path.removeprefix("/v1/").split("/"), given, query, account))
        except Answer as no:
            answer = no
        if key:
            self.answers[account, key] = (path, given), answer
        return answer

    def is_page(self, path):
        return super().is_page(path) and path != "/oauth/token"

    def _join(self, given):
        """The account of an organizer who was given this code."""
        if not given.get("code", "").startswith("ac_"):
            return Answer(400, {"error": "invalid_grant", "error_description": "Authorization code does not exist."})
        account = self.new_id("acct_")
        keys = {"access_token": f"sk_{account}", "refresh_token": f"rt_{account}"}
        return Answer(200, {**keys, "stripe_publishable_key": f"pk_{account}", "stripe_user_id": account})

    def _do(self, method, parts, given, query, account):
        match method, parts:
            case "POST", ["customers"]:
                if given.get("source", "tok_visa") not in TOKENS:
                    raise _no(400, "invalid_request_error", f"No such token: '{given['source']}'", "resource_missing")
                return self._keep(
                    "customers", "cus_", account, object="customer", card=TOKENS.get(given.get("source")), **given
                )
            case "POST", ["payment_intents"]:
                return self._new_intent(given, account)
            case "GET", ["payment_intents", key]:
                return self._shown(self._find("payment_intents", key, account))
            case "POST", ["checkout", "sessions"]:
                return self._new_session(given, account)
            case "GET", ["checkout", "sessions", key]:
                session = self._find("sessions", key, account)
                return {**session, "payment_intent": self._shown(self._intent_of(session))}
            case "POST", ["charges"]:
                customer = self._find("customers", given["customer"], account)
                return self._charge(given, customer.get("card"), account)
            case "GET", ["charges"]:
                return self._listed("charges", query, account)
            case "GET", ["charges", key]:
                return self._find("charges", key, account)
            case "POST", ["refunds"]:
                return self._refund(given, account)
            case "GET", ["refunds" | "disputes" as table]:
                return self._listed(table, query, account)
        raise _no(404, "invalid_request_error", f"Unrecognized request URL ({method}: /{'/'.join(parts)}).")

    def _new_intent(self, given, account):
        facts = {"status": "requires_payment_method", "latest_charge": None, "last_payment_error": None}
        intent = self._keep("payment_intents", "pi_", account, object="payment_intent", **_numbers(given), **facts)
        intent["client_secret"] = f"{intent['id']}_secret_{self.new_id('')}"
        self._tell("payment_intent.created", intent)
        return intent

    def _new_session(self, given, account):
        price = given["line_items"]["0"]["price_data"]
        wanted = {"amount": price["unit_amount"], "currency": price["currency"], "customer": given.get("customer")}
        intent = self._new_intent({**wanted, **given.get("payment_intent_data", {})}, account)
        facts = {"status": "open", "payment_status": "unpaid", "payment_intent": intent["id"]}
        session = self._keep("sessions", "cs_test_", account, object="checkout.session", **given, **facts)
        session["url"] = f"{self.address}/pay/{session['id']}"
        return {**session, "payment_intent": None}

    def _charge(self, given, card, account):
        failed = card != GOOD or self.declining
        facts = {"status": "failed" if failed else "succeeded", "payment_method_details": _card(card or GOOD)}
        charge = self._keep("charges", "ch_", account, object="charge", **_numbers(given), **facts)
        if failed:
            self._tell("charge.failed", charge)
            raise _no(402, "card_error", DECLINE, "card_declined")
        self._tell("charge.succeeded", charge)
        return charge

    def _confirm(self, intent, card):
        if intent["status"] in ("succeeded", "canceled"):
            return
        if card == SCA:
            intent["status"] = "requires_action"
            return
        if card == DECLINED or self.declining:
            intent["status"], intent["last_payment_error"] = "requires_payment_method", {"message": DECLINE}
            self._tell("payment_intent.payment_failed", intent)
            return
        given = {name: intent[name] for name in ("amount", "currency", "customer", "metadata")}
        charge = self._charge({**given, "payment_intent": intent["id"]}, GOOD, intent["account"])
        intent["status"], intent["latest_charge"] = "succeeded", charge["id"]
        self._tell("payment_intent.succeeded", intent)

    def _finish(self, session):
        session["status"], session["payment_status"] = "complete", "paid"
        self._tell("checkout.session.completed", session)

    def _refund(self, given, account):
        if self.declining:
            raise _no(400, "invalid_request_error", "Insufficient funds in your account.", "insufficient_funds")
        charge = given.get("charge") or self._find("payment_intents", given["payment_intent"], account)["latest_charge"]
        charge = self._find("charges", charge, account)
        before = sum(row["amount"] for row in self._live_refunds(charge))
        amount = int(given["amount"])
        if before + amount > charge["amount"]:
            raise _no(
                400,
                "invalid_request_error",
                "Refund amount is greater than unrefunded amount on charge.",
                "charge_already_refunded",
            )
        facts = {"amount": amount, "charge": charge["id"], "currency": charge["currency"], "status": "succeeded"}
        facts["payment_intent"] = charge.get("payment_intent")
        refund = self._keep("refunds", "re_", account, object="refund", metadata=given.get("metadata", {}), **facts)
        self._tell("charge.refunded", charge)
        return refund

    def _live_refunds(self, charge=None):
        rows = self.table("refunds").values()
        return [row for row in rows if row["status"] != "failed" and (not charge or row["charge"] == charge["id"])]

    def _charge_of(self, reference):
        intent = self.table("payment_intents").get(reference)
        return self.table("charges")[intent["latest_charge"] if intent else reference]

    def _listed(self, table, query, account):
        """The newest first, by a column that is asked for."""
        wanted = {name: query[name] for name in ("customer", "charge", "payment_intent") if name in query}
        rows = [row for row in self.table(table).values() if row["account"] == account]
        rows = [row for row in rows if all(row.get(name) == value for name, value in wanted.items())]
        return {"object": "list", "data": rows[::-1], "has_more": False, "url": f"/v1/{table}"}

    # ── Its memory ───────────────────────────────────────────────────────────────────────────────

    def _keep(self, table, prefix, account, **facts):
        key = self.new_id(prefix)
        facts = {"id": key, "account": account, "created": int(time.time()), "metadata": {}, **facts}
        self.table(table)[key] = facts
        return facts

    def _find(self, table, key, account):
        row = self.table(table).get(key)
        if row is None or row["account"] != account:
            raise _no(404, "invalid_request_error", f"No such object: '{key}'", "resource_missing")
        return row

    def _intent_of(self, session):
        return self.table("payment_intents")[session["payment_intent"]]

    def _shown(self, intent):
        return {**intent, "latest_charge": self.table("charges").get(intent["latest_charge"])}

    def _tell(self, kind, about):
        event = {"id": self.new_id("evt_"), "object": "event", "type": kind, "created": int(time.time())}
        event["data"] = {"object": json.loads(json.dumps(about))}
        self.events.append(event)
        if self.webhook:
            threading.Thread(target=self._send, args=(event,), daemon=True).start()

    def _send(self, event):
        for wait in (0.2, 2, 10):
            time.sleep(wait)
            body, signature = self.message(event)
            headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
            try:
                urlopen(Request(self.webhook, body.encode(), headers), timeout=10).close()  # noqa: S310  our own address
                return
            except OSError:
                continue

    # ── The page to choose an account on ─────────────────────────────────────────────────────────────

    def _page_to_join(self, method, query):
        """As Stripe's own: it leads back with a code, or with a no, and with what it was given."""
        back, state = query["redirect_uri"], query["state"]
        if method == "POST":
            return redirect(
                f"{back}?{urlencode({'scope': query['scope'], 'code': self.new_id('ac_'), 'state': state})}"
            )
        no = urlencode({"error": "access_denied", "error_description": "The user denied your request", "state": state})
        inner = '<form method="post"><button>Connect a new account</button></form>'
        inner += f'<a href="{escape(f"{back}?{no}")}">Refuse</a>'
        small = "A local double of Stripe. No money moves."
        return page(HTML.format(title="Connect your account", small=small, amount="", inner=inner))

    # ── The page to pay on ───────────────────────────────────────────────────────────────────────

    def _page(self, method, path, given):
        session = self.table("sessions").get(path.removeprefix("/pay/"))
        if session is None:
            return Answer(404, b"There is no such payment page.")
        intent = self._intent_of(session)
        if method == "POST" and "card" in given:
            self.pay(session["id"], GOOD if given.get("confirmed") else given["card"])
        if intent["status"] == "succeeded":
            return redirect(session["success_url"])
        buttons, problem = CARDS, (intent["last_payment_error"] or {}).get("message", "")
        if intent["status"] == "requires_action":
            buttons, problem = {SCA: "Confirm the payment, as your bank asks"}, ""
        inner = f'<p class="bad">{escape(problem)}</p>' if problem else ""
        confirmed = '<input type="hidden" name="confirmed" value="1">' if buttons is not CARDS else ""
        for number, words in buttons.items():
            button = f'<button name="card" value="{number}">{words}<br><small>{number}</small></button>'
            inner += f'<form method="post">{confirmed}{button}</form>'
        inner += f'<a href="{escape(session["cancel_url"])}">Back to the shop</a>'
        currency = intent["currency"].upper()
        amount = format_money(amount_of(intent["amount"], currency), currency)
        title = escape(intent.get("description") or "Your order")
        return page(
            HTML.format(title=title, small="A local double of Stripe. No money moves.", amount=amount, inner=inner)
        )


def _no(status, kind, message, code=None):
    return Answer(status, {"error": {"type": kind, "code": code, "message": message}})


def _card(number):
    return {"type": "card", "card": {"brand": "visa", "last4": number[-4:], "exp_month": 12, "exp_year": 2034}}


def _numbers(given):
    return {**given, "amount": int(given["amount"])}


def _nested(pairs):
    """`a[b][c]=d`, as Stripe's clients send it: {"a": {"b": {"c": "d"}}}."""
    found = {}
    for name, value in pairs:
        *path, last = name.replace("]", "").split("[")
        inner = found
        for part in path:
            inner = inner.setdefault(part, {})
        inner[last] = value
    return found
