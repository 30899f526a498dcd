"""Paying in the web front end (client flows 6.3 and 8), with doubles of Stripe and PayPal in their place."""

import json

import pytest

from accounts.models import Setting
from events.models import Event
from orders.demo.providers import paypal
from orders.demo.providers.stripe import LocalStripe
from orders.models import StripeAuthorization
from tests.contract.front_end import ORIGIN, FrontEnd, Refusal, one
from tests.contract.test_client_flows import fill_in, open_checkout, start_order


@pytest.fixture(scope="module")
def _servers():
    servers = LocalStripe().start(), paypal.LocalPayPal().start()
    yield servers
    for server in servers:
        server.stop()


@pytest.fixture
def stripe(world, _servers, settings):
    server = _servers[0]
    server.begin_anew()
    settings.STRIPE_API = settings.STRIPE_CONNECT = server.address
    StripeAuthorization.objects.all().delete()
    return server


@pytest.fixture
def pay_pal(world, _servers, settings):
    server = _servers[1]
    server.begin_anew()
    settings.PAYPAL_API = server.address
    keys = Setting.current()
    keys.paypal_sandbox_client, keys.paypal_sandbox_secret = paypal.CLIENT, paypal.SECRET
    keys.save()
    Event.objects.filter(pk=world.event.pk).update(can_pay_by_paypal=True)
    return server


@pytest.fixture
def buyer(world):
    return FrontEnd("buyer@example.org")


def wait_for(buyer, world, mode):
    """An order as the page of those that wait for their payment has it."""
    _, oid = start_order(buyer, world.rows["ours"]["ticket"])
    order, _ = open_checkout(buyer, oid)
    assert fill_in(buyer, order, status="pending", mode=mode)["attributes"]["status"] == "pending"
    assert buyer.load("POST", f"/v1/orders/{oid}/verify")["payment_status"] == "pending"
    order = buyer.get(f"/v1/orders/{oid}", include="attendees,event,tickets")["data"]
    for _ in range(2):  # it saves the order before it goes to a provider, Stripe's twice
        assert buyer.save(order, payment_mode=mode)["attributes"]["payment-mode"] == mode
    return oid


def charge(buyer, oid, **attributes):
    """JSON under the type of documents: the loader is told to leave it as it is."""
    data = {"type": "charge", **({"attributes": attributes} if attributes else {})}
    answer = buyer.raw("POST", f"/v1/orders/{oid}/charge", {"data": data})
    if answer.status_code >= 300:
        raise Refusal(answer)
    return answer.json()["data"]["attributes"]


def test_a_card_is_paid_on_stripe_s_page_and_settled_when_the_buyer_is_back(world, buyer, stripe):
    oid = wait_for(buyer, world, "stripe")
    told = charge(buyer, oid)
    secret = json.loads(told["message"])["client_secret"]
    assert told["status"] is True
    stripe.pay(secret.partition("_secret")[0])
    assert buyer.load("POST", f"/v1/orders/{oid}/verify")["payment_status"] == "completed"
    paid = buyer.get(f"/v1/orders/{oid}", include="attendees,tickets,event")["data"]["attributes"]
    assert (paid["status"], paid["paid-via"], bool(paid["last4"])) == ("completed", "stripe", True)
    assert buyer.raw("GET", f"/v1/orders/invoices/{oid}")["Content-Type"] == "application/pdf"


def test_paypal_asks_the_buyer_and_the_page_brings_what_it_said(world, buyer, pay_pal):
    oid = wait_for(buyer, world, "paypal")
    back = {"return-url": f"{ORIGIN}/orders/{oid}/view", "cancel-url": f"{ORIGIN}/orders/{oid}/pending"}
    body = {"data": {"attributes": back, "type": "paypal-payment"}}
    payment = buyer.load("POST", f"/v1/orders/{oid}/create-paypal-payment", body)["payment_id"]
    payer = pay_pal.approve(payment)
    told = charge(buyer, oid, stripe=None, paypal_payer_id=payer, paypal_payment_id=payment)
    assert told["status"] is True
    assert told["message"]
    assert buyer.get(f"/v1/orders/{oid}")["data"]["attributes"]["status"] == "completed"


def test_the_page_of_a_payment_reads_the_organizer_s_key(world, buyer):
    event = buyer.get(f"/v1/events/{world.event.identifier}")["data"]
    key = buyer.follow(event, "stripe-authorization")["data"]["attributes"]
    assert key.keys() == {"stripe-publishable-key"}


def test_an_organizer_links_stripe_and_takes_the_link_away(world, stripe):
    owner = FrontEnd("owner@example.org")
    here = {"event": one("event", world.event)}
    link = owner.create("stripe-authorizations", "stripe-authorization", relationships=here, stripe_auth_code="ac_1")
    assert link["attributes"]["stripe-publishable-key"]
    event = owner.get(f"/v1/events/{world.event.identifier}", include="stripe-authorization")["data"]
    assert event["attributes"]["is-stripe-linked"] is True
    assert owner.save(event)["attributes"]["is-stripe-linked"] is True
    owner.delete(link)
    assert owner.follow(event, "stripe-authorization")["data"] is None
