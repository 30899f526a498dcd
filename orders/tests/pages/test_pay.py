"""Going off to pay and coming back, as a browser does it."""

import pytest
from django.contrib.auth.models import AnonymousUser

from orders.models import Order
from orders.services.checkout import create_order
from orders.tests.factories import cart_of, make_order

CARD = {"mode": "stripe"}


@pytest.fixture
def order(local_stripe, paid_ticket):
    """A guest's."""
    return create_order(cart_of(paid_ticket, by=AnonymousUser()), by=AnonymousUser())


def page_of(order, last=""):
    return f"/orders/{order.identifier}/{order.secret}{last}"


def test_a_guest_pays_by_card_and_comes_back_to_the_tickets(client, order, local_stripe):
    away = client.post(page_of(order, "/pay"), CARD)
    assert away["Location"].startswith(f"{local_stripe.address}/pay/")
    assert order.secret not in str(local_stripe.rows)
    local_stripe.pay(order.payments.get().reference)
    back = client.get(f"/orders/{order.identifier}/paid")
    order.refresh_from_db()
    assert (back.status_code, order.status) == (200, "pending")  # looking changes nothing
    assert client.post(f"/orders/{order.identifier}/paid")["Location"] == page_of(order)
    order.refresh_from_db()
    assert order.status == "completed"
    assert "no-store" in back["Cache-Control"]


def test_the_way_back_is_of_the_browser_that_went_off(client, order, local_stripe):
    for method in (client.get, client.post):
        assert method(f"/orders/{order.identifier}/paid")["Location"] == "/orders/find"
        assert method("/orders/NOTTHERE/paid")["Location"] == "/orders/find"


def test_the_pages_with_the_button_lead_to_the_provider(client, order, local_stripe):
    assert "https://checkout.stripe.com" in client.get(page_of(order, "/details"))["Content-Security-Policy"]
    client.post(page_of(order, "/pay"), CARD)
    shown = client.get(page_of(order))
    assert "Pay by card" in shown.content.decode()
    assert "https://checkout.stripe.com" in shown["Content-Security-Policy"]
    assert "stripe" not in client.get("/")["Content-Security-Policy"]


@pytest.mark.parametrize(("mood", "words"), [("down", "does not answer"), ("garbage", "does not answer")])
def test_on_a_bad_day_the_buyer_reads_what_happened_and_tries_again(client, order, local_stripe, mood, words):
    local_stripe.mood = mood
    assert words in client.post(page_of(order, "/pay"), CARD, follow=True).content.decode()
    order.refresh_from_db()
    assert order.current_status == "pending"
    local_stripe.mood = ""
    assert client.post(page_of(order, "/pay"), CARD)["Location"].startswith(local_stripe.address)


def test_who_comes_back_without_paying_may_try_again(client, order, local_stripe):
    client.post(page_of(order, "/pay"), CARD)
    left = client.get(f"/orders/{order.identifier}/paid?left=1", follow=True).content.decode()
    assert "You have not paid yet" in left and "Pay by card" in left


def test_paypal_is_executed_on_the_way_back(client, bob, event, paid_ticket, local_paypal):
    paid_ticket.event.refresh_from_db()
    order = make_order(paid_ticket, by=bob)
    client.force_login(bob)
    client.post(f"/orders/{order.identifier}/pay", {"mode": "paypal"})
    payment = order.payments.get()
    payer = local_paypal.approve(payment.reference)
    back = client.get(f"/orders/{order.identifier}/paid?paymentId={payment.reference}&PayerID={payer}")
    assert payer in back.content.decode()
    client.post(f"/orders/{order.identifier}/paid", {"payment": payment.reference, "payer": payer})
    order.refresh_from_db()
    assert order.status == "completed"


def test_nobody_pays_in_a_way_that_is_not_offered_or_an_order_that_is_not_theirs(client, bob, eve, order, paid_ticket):
    words = client.post(page_of(order, "/pay"), {"mode": "bank"}, follow=True).content.decode()
    assert "Choose how you pay" in words
    own = make_order(paid_ticket, by=bob)
    assert client.post(page_of(own, "/pay"), CARD).status_code == 403
    client.force_login(eve)
    assert client.post(f"/orders/{own.identifier}/pay", CARD).status_code == 404
    assert client.get(page_of(order, "/pay")).status_code == 405
    assert Order.objects.filter(payments=None).count() == 2
