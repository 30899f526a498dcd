"""Paying in a real browser, at doubles of Stripe and PayPal: on their pages, back from them, and never back."""

import pytest
import requests
from playwright.sync_api import expect

from notifications.models import Mail
from orders.models import Order
from orders.tests.later import let_the_clock_repair
from tests.browser.test_buying import words_of

pytestmark = pytest.mark.browser


@pytest.fixture
def shop(event, live_server, local_stripe, local_paypal, settings):
    """An event that takes cards and PayPal, and gives money back to who cancels."""
    settings.BASE_URL = live_server.url
    event.refresh_from_db()
    event.buyers_get_money_back = True
    event.save()
    return event


def go_off_to_pay(somebody, event, way):
    page = somebody.page
    somebody.open(f"/e/{event.identifier}")
    page.get_by_label("One more Regular").click()
    somebody.press("Continue")
    for name, words in (("firstname", "Mira"), ("lastname", "Lind"), ("email", "mira@example.org")):
        if page.locator(f"[name=buyer-{name}]").is_enabled():
            page.locator(f"[name=buyer-{name}]").fill(words)
    page.get_by_label(way).check()
    somebody.press("Place the order")


def heading(page):
    return expect(page.get_by_role("heading", level=1))


def test_a_declined_card_is_followed_by_another_and_the_money_comes_back(visitor, shop, local_stripe):
    somebody = visitor(width=390)
    page = somebody.page
    go_off_to_pay(somebody, shop, "Card")
    page.get_by_role("button", name="Pay with a card that is declined").click()
    expect(page.get_by_text("Your card was declined.")).to_be_visible()
    somebody.press("Back to the shop", role="link")
    expect(page.get_by_role("status")).to_contain_text("You have not paid yet")
    expect(page.get_by_role("timer")).to_contain_text("45 minutes left")
    somebody.press("Pay by card")
    page.get_by_role("button", name="Pay with a card that works").click()
    heading(page).to_have_text("You’re going, Mira")
    somebody.look()
    link = page.get_by_role("link", name="Download all tickets").get_attribute("href")
    assert {"Mira", "Lind"} <= set(words_of(somebody.context.request.get(link).body()))
    assert Mail.objects.get(kind="order-completed", recipient="mira@example.org").status == "sent"
    assert local_stripe.balance() == {"eur": 8900}

    somebody.press("Cancel order…", role="link")
    assert "€89.00 goes back to you" in somebody.read()
    somebody.press("Cancel 1 ticket")
    heading(page).to_have_text("This order is cancelled")
    expect(page.get_by_role("region", name="Money back to you")).to_contain_text("€89.00 by card")
    assert local_stripe.balance() == {"eur": 0}


def test_an_account_leaves_paypal_comes_back_and_pays(visitor, shop, bob, local_paypal):
    somebody = visitor()
    page = somebody.page
    somebody.sign_in(bob)
    go_off_to_pay(somebody, shop, "PayPal")
    somebody.press("Back to the shop", role="link")
    heading(page).to_have_text("Your payment is awaited")
    somebody.press("Pay with PayPal")
    page.get_by_role("button", name="Pay with PayPal").click()
    heading(page).to_have_text("You’re going, Mira")
    somebody.open("/my/tickets")
    assert shop.name in somebody.read()
    assert local_paypal.balance() == {"EUR": 8900}


@pytest.mark.parametrize("news", ["an event", "the clock"])
def test_a_browser_that_is_closed_before_it_is_back_leaves_an_order_that_completes(visitor, shop, local_stripe, news):
    somebody = visitor()
    go_off_to_pay(somebody, shop, "Card")
    somebody.page.route("**/paid", lambda route: route.abort())
    somebody.page.get_by_role("button", name="confirmation (3D Secure)").click()
    somebody.page.get_by_role("button", name="Confirm the payment").click()
    somebody.page.close()
    order = Order.objects.get()
    assert (order.status, local_stripe.balance()) == ("pending", {"eur": 8900})
    if news == "an event":
        body, signature = local_stripe.message(local_stripe.events[-1])
        told = requests.post(
            f"{somebody.address}/payments/stripe/webhook", body, headers={"Stripe-Signature": signature}, timeout=20
        )
        assert told.status_code == 200
    else:
        let_the_clock_repair()
    another = visitor()
    another.open(f"/orders/{order.identifier}/{order.secret}")
    heading(another.page).to_have_text("You’re going, Mira")
    assert Mail.objects.filter(kind="order-completed").count() == 1
