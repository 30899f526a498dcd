"""Nobody is asked over the network while rows are locked, and nobody waits long for a row."""

import ast
import time
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse

from notifications.models import Mail
from notifications.services.delivery import deliver
from openevent.core.atomic import atomic
from orders.models import LedgerLine, Payment, Refund, Ticket
from orders.payments import PROVIDERS
from orders.services.paying import pay_by_token
from orders.tests.api.client import Client as API
from orders.tests.api.client import order_document
from orders.tests.factories import make_order, make_ticket
from orders.tests.together import together

HOUSE = Path(__file__).resolve().parents[3]
OURS = ("accounts", "events", "media_pipeline", "notifications", "openevent", "orders")
BY_WIRE = {"requests", "stripe", "paypalrestsdk", "smtplib", "http.client", "urllib.request", "httpx", "boto3"}
CALLS = [(name, call) for name in PROVIDERS for call in ("ask", "look", "give_back")] + [("paypal", "execute")]


@pytest.mark.parametrize(("name", "call"), CALLS)
def test_no_provider_is_asked_within_a_unit_of_work(local_stripe, local_paypal, bob, event, name, call):
    order = make_order(make_ticket(event, price="20"), by=bob)
    payment = Payment.objects.create(order=order, provider=name, kind="token", reference="known", amount=20)
    about = payment
    if call == "give_back":
        about = Refund.objects.create(order=order, payment=payment, provider=name, amount=Decimal(20), currency="EUR")
    with atomic(), pytest.raises(RuntimeError, match="over the network"):
        getattr(PROVIDERS[name], call)(about)
    assert local_stripe.requests == local_paypal.requests == []


def test_no_mail_goes_out_within_a_unit_of_work(db):
    letter = Mail.objects.create(kind="x", recipient="bob@example.org", subject="x", text="x")
    with atomic(), pytest.raises(RuntimeError, match="over the network"):
        deliver(letter.pk)


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


def test_whoever_can_ask_over_the_network_refuses_to_do_so_within_a_unit_of_work():
    asking = []
    for folder in OURS:
        for path in (HOUSE / folder).rglob("*.py"):
            if {"tests", "demo"} & set(path.parts):
                continue
            text = path.read_text()
            if BY_WIRE & set(imported(ast.parse(text))):
                asking.append(path.relative_to(HOUSE).as_posix())
                assert "    refuse_inside_work()" in text, path
    assert sorted(asking) == [
        "media_pipeline/fetching.py",
        "notifications/services/delivery.py",
        "orders/payments/paypal.py",
        "orders/payments/stripe.py",
    ]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_order_that_somebody_is_at_answers_409_and_loses_nothing(local_stripe, client, bob, event, somebody_else):
    seat = make_ticket(event, price="20")
    order = make_order(seat, by=bob)
    order.payment_mode = "stripe"
    order.save()
    page = reverse("pay", args=[order.identifier])
    client.force_login(bob)
    somebody_else.execute("SELECT 1 FROM orders_order WHERE id = %s FOR UPDATE", [order.pk])
    began = time.monotonic()
    card = {"data": {"type": "charge", "attributes": {"stripe": "tok_visa"}}}
    answers = together(
        lambda: API(bob).patch(f"/v1/orders/{order.pk}", order_document(order, status="cancelled")),
        lambda: API(bob).post(f"/v1/orders/{order.identifier}/charge", card),
        lambda: client.post(page, {"mode": "stripe"}),
    )
    assert [(answer.status_code, answer["Retry-After"]) for answer in answers] == [(409, "2")] * 3
    assert 3 <= time.monotonic() - began < 3 + 5
    somebody_else.connection.rollback()
    order.refresh_from_db()
    assert (order.status, Ticket.objects.get().reserved, local_stripe.requests) == ("initializing", 1, [])
    assert pay_by_token(order, by=bob, token="tok_visa").status == "completed"
    assert [line.amount for line in LedgerLine.objects.all()] == [20]
