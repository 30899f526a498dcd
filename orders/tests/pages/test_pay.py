"""Going off to pay and coming back, as a browser does it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from orders.models import Order, Ticket
from orders.services.change_ticket import change_ticket
from orders.services.checkout import create_order
from orders.services.states import SERVER, mark_paid
from orders.services.stock import expire
from orders.tests.factories import cart_of, make_finished_order, make_order, make_ticket

CARD = {"mode": "stripe"}
NAMES = {"stripe": "Stripe", "paypal": "PayPal"}


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
    assert "script-src 'self'" in shown["Content-Security-Policy"].split("; ")  # no script of theirs
    assert "stripe" not in client.get("/")["Content-Security-Policy"]


@pytest.fixture
def either(request, local_stripe, local_paypal, event, paid_ticket, monkeypatch):
    """A guest's order at an event that takes both providers, and one of the two: its mode and its double."""
    mode, double = request.param, {"stripe": local_stripe, "paypal": local_paypal}[request.param]
    monkeypatch.setattr(f"orders.payments.{mode}.SECONDS", (1, 0.3))
    monkeypatch.setattr(double, "seconds_when_slow", 0.5)
    paid_ticket.event.refresh_from_db()
    return create_order(cart_of(paid_ticket, by=AnonymousUser()), by=AnonymousUser()), mode, double


with_either = pytest.mark.parametrize("either", ["stripe", "paypal"], indirect=True)


@with_either
@pytest.mark.parametrize("mood", ["down", "slow", "garbage", "lost"])
def test_on_a_bad_day_the_buyer_reads_what_happened_and_tries_again(guest, either, mood):
    order, mode, double = either
    double.mood = mood
    guest.answer = guest.client.post(page_of(order, "/pay"), {"mode": mode}, follow=True)
    assert f"{NAMES[mode]} does not answer at the moment. Your places are still held: try again" in guest.page
    assert "Your places are held until" in guest.page and "Pay by bank transfer" in guest.page
    double.mood = ""
    assert guest.client.post(page_of(order, "/pay"), {"mode": mode})["Location"].startswith(double.address)
    assert (order.payments.count(), double.balance()) == (1, {})


@with_either
@pytest.mark.parametrize("mood", ["down", "slow", "garbage"])
def test_who_comes_back_on_a_bad_day_is_not_made_to_pay_twice(guest, either, mood):
    order, mode, double = either
    guest.client.post(page_of(order, "/pay"), {"mode": mode})
    back, reference, typed = f"/orders/{order.identifier}/paid", order.payments.get().reference, {}
    if mode == "paypal":
        typed = {"payment": reference, "payer": double.approve(reference)}
    else:
        double.pay(reference)
    double.mood = mood
    guest.answer = guest.client.post(back, typed, follow=True)
    assert "Your places are held until" in guest.page and "Paid already? Do not pay again" in guest.page
    double.mood = ""
    if mode == "paypal":  # has taken nothing before the buyer is back
        guest.client.post(back, typed)
    guest.answer = guest.client.post(page_of(order, "/pay"), {"mode": "look"}, follow=True)
    assert "You’re going" in guest.page
    assert double.balance().popitem()[1] == 2000


def test_a_declined_payment_says_why_and_the_next_one_is_taken(guest, paid_ticket, local_paypal):
    paid_ticket.event.refresh_from_db()
    order = create_order(cart_of(paid_ticket, by=AnonymousUser()), by=AnonymousUser())
    for local_paypal.declining in (True, False):
        guest.client.post(page_of(order, "/pay"), {"mode": "paypal"})
        reference = order.payments.first().reference
        typed = {"payment": reference, "payer": local_paypal.approve(reference)}
        guest.answer = guest.client.post(f"/orders/{order.identifier}/paid", typed, follow=True)
        assert ("The funding instrument presented was declined." in guest.page) == local_paypal.declining
        assert ("Your places are held until" in guest.page) == local_paypal.declining
    assert "You’re going" in guest.page
    assert local_paypal.balance() == {"EUR": 2000}


def test_who_has_paid_by_card_does_not_pay_again_by_paypal(guest, local_paypal, order, local_stripe):
    guest.client.post(page_of(order, "/pay"), CARD)
    local_stripe.pay(order.payments.get().reference)
    guest.answer = guest.client.post(page_of(order, "/pay"), {"mode": "paypal"}, follow=True)
    assert "You’re going" in guest.page
    assert (order.payments.count(), local_paypal.requests) == (1, [])


def test_what_is_due_for_a_dearer_ticket_is_paid_on_its_page(sign_in, ada, bob, event, paid_ticket, local_stripe):
    order = mark_paid(make_finished_order(paid_ticket, by=bob, mode="bank"), by=ada)
    change_ticket(order.attendees.get(), ticket=make_ticket(event, price="30.00"), by=ada)
    buyer, page = sign_in(bob), f"/orders/{order.identifier}"
    assert "€10.00 is still to be paid" in buyer.open(page).page
    assert buyer.client.post(f"{page}/pay", CARD)["Location"].startswith(local_stripe.address)
    local_stripe.pay(order.payments.get().reference)
    buyer.answer = buyer.client.post(f"{page}/paid", follow=True)
    assert "still to be paid" not in buyer.page
    assert local_stripe.balance() == {"eur": 1000}


def test_who_cannot_pay_online_keeps_the_places_another_way(guest, order):
    guest.client.post(page_of(order, "/pay"), CARD)
    guest.answer = guest.client.post(page_of(order, "/pay"), {"mode": "bank"}, follow=True)
    assert "Your places are kept" in guest.page and "IBAN" in guest.page


def test_an_order_that_ended_says_what_becomes_of_the_money(guest, order, local_stripe):
    guest.client.post(page_of(order, "/pay"), CARD)
    Order.objects.update(expires_at=timezone.now())
    assert "Should your payment still arrive" in guest.open(page_of(order)).page
    expire([Order.objects.get()], by=SERVER)
    Ticket.objects.update(quantity=0)
    local_stripe.pay(order.payments.get().reference)
    guest.client.post(f"/orders/{order.identifier}/paid")
    page = guest.open(page_of(order)).page
    assert "it goes back to you" in page and "€20.00 by card" in page


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
    words = client.post(page_of(order, "/pay"), {"mode": "omise"}, follow=True).content.decode()
    assert "Choose how you pay" in words
    own = make_order(paid_ticket, by=bob)
    assert client.post(page_of(own, "/pay"), CARD).status_code == 403
    client.force_login(eve)
    assert client.post(f"/orders/{own.identifier}/pay", CARD).status_code == 404
    assert client.get(page_of(order, "/pay")).status_code == 405
    assert Order.objects.filter(payments=None).count() == 2
