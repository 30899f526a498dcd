"""What opens something is in no log: neither a token, nor a link that somebody was sent. Nor is who people are."""

import json
import logging
import re
import socket

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Setting
from accounts.services.tokens import give_tokens
from accounts.tests.people import PASSWORD
from events.tests.factories import make_event
from openevent.celery import app
from openevent.logs import WithoutSecrets
from orders.demo.providers.stripe import LocalStripe
from orders.models import Order
from orders.services.checkout import finish_order
from orders.tests.api.client import Client as API
from orders.tests.factories import make_order, make_ticket
from orders.tests.later import let_the_clock_repair

CARD = "4242 4242 4242 4242"


@pytest.fixture
def console():
    """What the configured console handler writes."""
    written = []
    [handler] = [one for one in logging.getLogger().handlers if one.get_name() == "console"]
    former = handler.stream

    class Stream:
        def write(self, text):
            written.append(text)

        def flush(self):
            pass

    handler.setStream(Stream())
    yield lambda: "".join(written)
    handler.setStream(former)


@pytest.fixture
def order(db):
    return make_order(make_ticket(make_event()), by="guest")


def test_a_secret_link_is_not_logged_when_it_fails(client, order, console):
    address = f"/orders/{order.identifier}/{order.secret}"
    assert client.get(f"{address}/tickets.pdf").status_code == 409
    assert client.put(f"{address}/mail").status_code == 405
    Order.objects.update(deleted_at=timezone.now())
    assert client.get(address).status_code == 404
    assert f"/orders/{order.identifier}/…/tickets.pdf" in console()
    assert order.secret not in console()


@pytest.mark.parametrize("name", ["jwt", "token", "access_token"])
def test_a_token_in_an_address_is_not_logged(client, ada, console, name):
    token = give_tokens(ada)["access_token"]
    assert client.get(f"/v1/users/{ada.pk}?{name}={token}").status_code == 401
    logging.getLogger("django.request").error("GET /v1/users/1?a=b&%s=%s HTTP/1.1", name, token)
    assert f"a=b&{name}=…" in console()
    assert token not in console()


@pytest.mark.parametrize("path", ["/accounts/verify/{}", "/accounts/password/new/{}"])
def test_a_link_of_the_account_is_not_logged(db, console, path):
    logging.getLogger("django.request").warning("Gone: %s", path.format("3-MQ:1xcgtZ:yQh-7_secret"))
    assert console().endswith(f"Gone: {path.format('…')}\n")


def test_a_fault_is_logged_with_its_trace_and_without_secrets(console):
    try:
        raise ValueError("a fault")
    except ValueError:
        logging.getLogger("openevent").exception("at /orders/AB/%s", "A" * 26)
    assert "at /orders/AB/…" in console()
    assert "ValueError: a fault" in console()


def test_django_and_its_workers_write_through_the_same_console():
    assert app.conf.worker_hijack_root_logger is False
    assert [logging.getLogger(name).handlers for name in ("django", "django.request", "django.security")] == [[]] * 3


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Key (email)=(bob.o'neil+1@mail.example.org) already exists.", "Key (email)=(…@…) already exists."),
        (f"card {CARD}, {CARD.replace(' ', '')}", "card …, …"),
        ("post_data=source=tok_visa&key=sk_live_51Hb", "post_data=source=tok_…&key=sk_…"),
        ("Authorization: JWT eyJhbGciOi.eyJpZGVudGl0eSI6.c2lnbmVk and more", "Authorization: JWT … and more"),
        ("{'email': 'bob@example.org', 'password': 'correct horse'}", "{'email': '…@…', 'password': '…'}"),
        ("password=correct&x=1", "password=…&x=1"),
        (
            "order 7 of 2026-11-28 10:00 at /e/harbour1, 1764324000000 ms",
            "order 7 of 2026-11-28 10:00 at /e/harbour1, 1764324000000 ms",
        ),
    ],
)
def test_people_cards_tokens_and_passwords_are_taken_out_of_whatever_is_said(said, written):
    assert WithoutSecrets("%(message)s").format(logging.makeLogRecord({"msg": said})) == written


@pytest.fixture
def stripe(settings, db):
    server = LocalStripe().start()
    settings.STRIPE_API = server.address
    Setting.objects.update(stripe_secret_key=None)
    keys = Setting.current()
    keys.stripe_secret_key = "sk_test_5Xq0"
    keys.save()
    yield server
    server.stop()


@pytest.fixture
def everything_is_said():
    root = logging.getLogger()
    former = root.level
    root.setLevel(logging.DEBUG)
    yield
    root.setLevel(former)


@pytest.mark.django_db(transaction=True)
def test_a_day_with_its_mishaps_is_logged_without_people_and_their_secrets(
    console, everything_is_said, stripe, settings, ada, bob
):
    seat, browser, api = make_ticket(make_event(owner=ada), price="20"), Client(), API(bob)
    browser.post(reverse("account_signup"), {"email": "carl@example.org", "password1": "a fine long password"})
    for password in ("wrong password", PASSWORD):
        words = json.dumps({"email": bob.email, "password": password})
        browser.post("/auth/session", words, content_type="application/json")
    browser.post("/v1/auth/reset-password", {"data": {"email": bob.email}}, content_type="application/json")

    def order_and_charge(token):
        order = finish_order(make_order(seat, by=bob), by=bob, mode="stripe")
        charge = {"data": {"type": "charge", "attributes": {"stripe": token}}}
        return order, api.post(f"/v1/orders/{order.identifier}/charge", charge).status_code

    order, status = order_and_charge("tok_visa")
    assert (status, order_and_charge("tok_chargeDeclined")[1]) == (201, 422)
    for stripe.mood in ("down", "garbage", ""):
        order_and_charge("tok_visa")
    browser.post("/payments/stripe/webhook", {"type": "made.up", "email": bob.email}, content_type="application/json")
    browser.get(f"/orders/{order.identifier}/{order.secret}x")

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = nobody.getsockname()
    order_and_charge("tok_visa")
    let_the_clock_repair()
    try:
        raise ValueError(f"{bob.email} paid by {CARD} with {api.headers['Authorization']}")
    except ValueError:
        logging.getLogger("openevent").exception("a fault")

    said = console()
    assert "Stripe does not answer" in said and "is tried again" in said and "a fault" in said
    secrets = [
        PASSWORD,
        "a fine long password",
        "wrong password",
        CARD,
        "tok_visa",
        "tok_chargeDeclined",
        "sk_test_5Xq0",
    ]
    secrets += [order.secret, api.headers["Authorization"].split()[1], order.attendees.get().code]
    links = [link for letter in mail.outbox for link in re.findall(r"/accounts/\S+|/reset-password\S+", letter.body)]
    assert len(links) >= 2
    secrets += links
    assert [secret for secret in secrets if secret in said] == []
    assert re.findall(r"[\w.+-]+@[\w-]+\.\w+", said) == []
