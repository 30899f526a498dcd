"""Orders at a desk and on a phone: found by half a name, marked paid, mailed; many at once after a look at it."""

import pytest
from playwright.sync_api import expect

from notifications.models import Mail
from orders.models import Order
from orders.tests.factories import make_finished_order

pytestmark = pytest.mark.browser


@pytest.fixture
def order(event, bob):
    """Mira's, to be paid by transfer, among others."""
    regular = event.tickets.get(name="Regular")
    for _ in range(2):
        make_finished_order(event.tickets.get(name="Livestream"), by=bob)
    order = make_finished_order((regular, 2), by=bob, mode="bank")
    order.first_name, order.last_name, order.email = "Mira", "Okonkwo-Lind", "mira@fernpost.example"
    order.save()
    return order


def test_an_order_is_found_by_half_a_name_marked_paid_and_mailed(at_each_width, event, order, ada):
    page = at_each_width.page
    at_each_width.sign_in(ada)
    at_each_width.open(f"/manage/{event.identifier}/orders")
    search = page.get_by_label("Search orders")
    search.press_sequentially("konk")
    expect(page.locator("#totals")).to_have_text("1 of 3 orders · 2 tickets · €178.00")
    expect(search).to_be_focused()
    expect(page).to_have_url(f"http://{page.url.split('/')[2]}/manage/{event.identifier}/orders?q=konk")
    at_each_width.look()
    at_each_width.press("Mira Okonkwo-Lind", role="link")
    expect(page.get_by_text("€178.00 by bank is awaited")).to_be_visible()
    at_each_width.press("Mark €178.00 paid")
    expect(page.get_by_role("status")).to_contain_text("is marked paid")
    timeline = page.locator("section[aria-labelledby=timeline]")
    expect(timeline).to_contain_text("€178.00 paid by bank")
    expect(timeline).to_contain_text("to mira@fernpost.example")
    at_each_width.press("Mails", role="link")
    assert Mail.objects.filter(kind="order-completed", recipient="mira@fernpost.example", status="sent").count() == 1
    page.get_by_label("Note", exact=True).fill("Called: she comes by ferry.")
    at_each_width.press("Write the note")
    expect(timeline).to_contain_text("Called: she comes by ferry.")


def test_several_are_cancelled_after_a_look_at_what_that_does(at_each_width, event, order, ada):
    page = at_each_width.page
    at_each_width.sign_in(ada)
    at_each_width.open(f"/manage/{event.identifier}/orders")
    bar = page.get_by_role("region", name="Selected orders")
    expect(bar).to_be_hidden()
    page.get_by_label(f"Select {order.identifier}").check()
    expect(bar).to_contain_text("1 selected · €178.00")
    at_each_width.look()
    at_each_width.press("Cancel…")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cancel 1 order?")
    expect(page.get_by_text("2 tickets stop working")).to_be_visible()
    page.get_by_label("Note to the buyers").fill("The quay is flooded.")
    at_each_width.press("Cancel 1 order")
    expect(page.get_by_text("1 order cancelled.")).to_be_visible()
    assert Order.objects.get(pk=order.pk).cancel_note == "The quay is flooded."


def test_the_list_works_without_script(visitor, event, order, ada):
    somebody = visitor(width=390, scripts=False)
    somebody.sign_in(ada)
    somebody.open(f"/manage/{event.identifier}/orders")
    somebody.page.get_by_label("Search orders").fill("mira lind")
    somebody.press("Search")
    assert "1 of 3 orders" in somebody.read()
    somebody.page.get_by_label("All 1 of this list").check()
    somebody.press("Mark paid…")
    assert "Mark 1 order paid?" in somebody.read()


def test_what_cannot_be_found_leads_on(at_each_width, event, order, ada):
    at_each_width.sign_in(ada)
    at_each_width.open(f"/manage/{event.identifier}/orders?q=okonkow&status=cancelled")
    assert "Nearest: Mira Okonkwo-Lind" in at_each_width.read()
    at_each_width.press("Clear search and 1 filter", role="link")
    assert "3 orders" in at_each_width.read()
