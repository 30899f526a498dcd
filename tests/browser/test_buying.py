"""Buying in a real browser: at a desk and on a phone, by day and by night, with and without script."""

import subprocess
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from events.models import Event, Session, Speaker, Sponsor
from orders.models import Order, Ticket
from orders.tests.factories import make_finished_order

pytestmark = pytest.mark.browser


def words_of(pdf):
    read = ["/usr/bin/pdftotext", "-", "-"]
    return subprocess.run(read, input=pdf, capture_output=True, check=True).stdout.decode().split()


def test_a_guest_buys_two_tickets_and_opens_the_pdf(at_each_width, event):
    page = at_each_width.page
    at_each_width.open("/")
    at_each_width.press(event.name, role="link")
    page.get_by_label("One more Regular").click()
    page.get_by_label("One more Regular").click()
    expect(page.locator("[data-sum]")).to_contain_text("€178.00")
    at_each_width.look()
    page.get_by_text("I have a code").click()
    page.get_by_label("Discount or access code").fill("QUAY10")
    at_each_width.press("Apply")
    expect(page.locator("[data-sum]")).to_contain_text("€160.20")
    at_each_width.press("Continue")
    expect(page.get_by_role("heading", name="Your details")).to_be_visible()
    page.get_by_label("Bank transfer").check()
    at_each_width.press("Place the order")
    expect(page.get_by_role("alert")).to_be_focused()

    page.locator("[name=buyer-firstname]").fill("Mira")
    page.locator("[name=buyer-lastname]").fill("Okonkwo-Lind")
    page.locator("[name=buyer-email]").fill("mira@example.org")
    second = page.locator("section[aria-labelledby=holder-2]")
    second.get_by_label("First name").fill("Jonas")
    second.get_by_label("Last name").fill("Brandtner")
    expect(page.get_by_label("Same as buyer: Mira Okonkwo-Lind").first).to_be_checked()
    at_each_width.press("Place the order")

    expect(page.get_by_role("heading", level=1)).to_have_text("Your places are kept, Mira")
    assert page.get_by_alt_text("QR code of ticket").count() == 2
    link = page.get_by_role("link", name="Download all tickets").get_attribute("href")
    answer = at_each_width.context.request.get(link)
    assert answer.headers["content-type"] == "application/pdf"
    assert {"Mira", "Jonas", "Brandtner"} <= set(words_of(answer.body()))


def test_a_free_ticket_needs_no_script(visitor, event):
    somebody = visitor(width=390, scripts=False)
    page = somebody.page
    somebody.open(f"/e/{event.identifier}")
    page.get_by_label("Livestream, quantity").fill("1")
    somebody.press("Continue")
    page.locator("[name=buyer-firstname]").fill("Mira")
    page.locator("[name=buyer-lastname]").fill("Lind")
    page.locator("[name=buyer-email]").fill("mira@example.org")
    somebody.press("Get the tickets")
    assert "You’re going, Mira" in somebody.read()
    assert page.get_by_alt_text("QR code of ticket").count() == 1


def test_the_total_is_shown_without_script_on_request(visitor, event):
    somebody = visitor(scripts=False)
    somebody.open(f"/e/{event.identifier}")
    somebody.page.get_by_label("Regular, quantity").fill("3")
    somebody.press("Update total")
    assert "Total €267.00" in somebody.read()


def test_a_hold_that_runs_out_says_so_by_itself(at_each_width, event):
    page = at_each_width.page
    page.clock.install()
    at_each_width.open(f"/e/{event.identifier}")
    page.get_by_label("One more Livestream").click()
    at_each_width.press("Continue")
    expect(page.locator("[data-left]")).to_contain_text("minutes left")
    Order.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    page.clock.fast_forward("16:00")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your time ran out")
    at_each_width.look()
    at_each_width.press("Choose the tickets again", role="link")
    expect(page.get_by_label("Livestream, quantity")).to_have_value("1")


def test_a_hold_is_extended_and_what_was_typed_stays(visitor, event):
    somebody = visitor()
    somebody.open(f"/e/{event.identifier}")
    somebody.page.get_by_label("One more Livestream").click()
    somebody.press("Continue")
    somebody.page.locator("[name=buyer-firstname]").fill("Mira")
    somebody.press("Add 10 minutes")
    expect(somebody.page.locator("[data-left]")).to_contain_text("25 minutes left")
    expect(somebody.page.locator("[name=buyer-firstname]")).to_have_value("Mira")


def test_the_enter_key_finishes_the_form(visitor, event):
    somebody = visitor()
    somebody.open(f"/e/{event.identifier}")
    somebody.page.get_by_label("One more Livestream").click()
    somebody.press("Continue")
    somebody.page.locator("[name=buyer-firstname]").press("Enter")
    expect(somebody.page.get_by_role("alert")).to_contain_text("need a change")


def test_the_pages_beside_buying_are_in_order_too(at_each_width, event):
    for path in ("/?q=nothing-like-this", f"/e/{event.identifier}/programme", f"/e/{event.identifier}/speakers"):
        at_each_width.open(path)
    at_each_width.open("/not/here", status=404)
    at_each_width.open("/accounts/sign-in")


def test_a_buyer_finds_their_tickets_names_a_holder_and_cancels(at_each_width, event, bob):
    order = make_finished_order(event.tickets.get(name="Livestream"), by=bob)
    page = at_each_width.page
    at_each_width.open("/my/tickets")
    page.get_by_label("E-mail").fill(bob.email)
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.locator("main form button").click()
    at_each_width.look()
    at_each_width.press(event.name, role="link")
    at_each_width.press("Edit name on the ticket of Bob Example", role="link")
    page.get_by_label("First name").fill("Jonas")
    at_each_width.press("Save")
    expect(page.get_by_role("status")).to_contain_text("The ticket of Jonas Example is ready.")
    at_each_width.press("Cancel order…", role="link")
    at_each_width.press("Cancel 1 ticket")
    expect(page.get_by_role("heading", level=1)).to_have_text("This order is cancelled")
    assert Order.objects.get(pk=order.pk).status == "cancelled"


POLYGLOT = """'"><img src=x onerror=alert(1)><script>alert(2)</script><svg/onload=alert(3)>{{7*7}}javascript:alert(4)"""


def test_what_people_wrote_never_runs(visitor, event):
    """One hostile text in every field: no dialog, and nothing for the content policy to complain of."""
    words = ("name", "description", "owner_name", "owner_description", "location_name", "refund_policy")
    Event.objects.update(**dict.fromkeys((*words, "code_of_conduct", "after_order_message"), POLYGLOT))
    Session.objects.update(title=POLYGLOT, short_abstract=POLYGLOT)
    Speaker.objects.update(name=POLYGLOT, position=POLYGLOT, organisation=POLYGLOT)
    Ticket.objects.filter(name="Livestream").update(name=POLYGLOT, description=POLYGLOT, is_description_visible=True)
    Sponsor.objects.create(event=event, name=POLYGLOT, url="https://example.org")
    somebody = visitor()
    page = somebody.page
    page.on("dialog", lambda dialog: somebody.complaints.append(dialog.message))
    for path in ("/", f"/e/{event.identifier}/programme", f"/e/{event.identifier}/speakers", f"/e/{event.identifier}"):
        somebody.open(path)
    page.locator(f"[name=quantity-{Ticket.objects.get(name=POLYGLOT).pk}]").fill("1")
    page.get_by_text("I have a code").click()
    page.get_by_label("Discount or access code").fill(POLYGLOT)
    somebody.press("Apply")
    page.get_by_label("Discount or access code").fill("")
    somebody.press("Continue")
    for name in ("firstname", "lastname"):
        page.locator(f"[name=buyer-{name}]").fill(POLYGLOT)
    page.locator("[name=buyer-email]").fill("mira@example.org")
    somebody.press("Get the tickets")
    somebody.press("Cancel order…", role="link")


def test_the_readers_own_clock_comes_second(visitor, event):
    somebody = visitor()
    somebody.open(f"/e/{event.identifier}")
    expect(somebody.page.locator("[data-zone]")).to_contain_text("for you in Lisbon")


def test_the_chosen_colours_stay(visitor, event):
    somebody = visitor()
    somebody.open("/")
    somebody.press("Dark")
    somebody.open(f"/e/{event.identifier}")
    somebody.page.emulate_media(color_scheme="light")
    assert somebody.page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    assert somebody.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 19, 22)"
