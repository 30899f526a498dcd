"""From nothing to a published event in a real browser; then its tickets, which two people edit at once."""

import re
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from events.models import Event
from notifications.models import Mail
from orders.models import Attendee, Ticket

pytestmark = pytest.mark.browser
MOST_INPUTS = 12


class Newcomer:
    """Somebody who types, and counts how often: each field filled is an input, a button is none."""

    def __init__(self, visitor):
        self.visitor, self.page, self.inputs = visitor, visitor.page, 0

    def type(self, label, text):
        self.page.get_by_label(label, exact=True).fill(text)
        self.inputs += 1


def link_in_the_mail(kind):
    """The path of the button in the newest mail of this kind."""
    text = Mail.objects.filter(kind=kind).latest("pk").text
    return "/accounts/" + re.search(r"https?://[^/\s]+/accounts/(\S+)", text)[1]


def fields_in_sight(page):
    return page.locator("main :is(input:not([type=hidden]), select, textarea)").locator("visible=true").count()


def test_a_newcomer_publishes_a_free_event_and_a_visitor_gets_a_ticket(at_each_width, visitor, transactional_db):
    began, newcomer = time.monotonic(), Newcomer(at_each_width)
    page = at_each_width.page
    at_each_width.open("/manage/new")  # which asks who one is, and keeps the place
    at_each_width.press("Make an account", role="link")
    fields = fields_in_sight(page)
    newcomer.type("E-mail", "mira@example.org")
    newcomer.type("Password", "correct horse battery")
    at_each_width.press("Make an account")
    at_each_width.open(link_in_the_mail("account-email-confirmation-signup"))
    at_each_width.press("Yes, verify it")

    expect(page.get_by_role("heading", level=1)).to_have_text("New event")
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Lisbon")  # the browser's own
    fields += fields_in_sight(page)
    starts = (timezone.now() + timedelta(days=30)).strftime("%Y-%m-%dT19:00")
    newcomer.type("Name of the event", "Quay Concert")
    newcomer.type("Starts", starts)
    expect(page.get_by_label("Ends", exact=True)).to_have_value(starts.replace("19:00", "21:00"))
    newcomer.type("Place (optional)", "Pier 3")
    newcomer.type("How many", "40")
    at_each_width.press("Create the event")

    expect(page.get_by_role("heading", level=1)).to_have_text("Publish Quay Concert")
    at_each_width.press("Preview as a visitor", role="link")
    expect(page.get_by_role("button", name="Continue")).to_be_disabled()
    at_each_width.press("Back, to publish it", role="link")
    at_each_width.press("Publish now")
    expect(page.get_by_role("heading", level=1)).to_have_text("Quay Concert is public")
    assert newcomer.inputs <= fields <= MOST_INPUTS  # also if one fills in everything that there is
    assert time.monotonic() - began < 180

    event = Event.objects.get()
    assert (event.timezone, f"{event.starts_at.astimezone(event.zone):%H:%M}") == ("Europe/Lisbon", "19:00")
    buyer = visitor(width=390, scripts=False)
    buyer.open("/")
    buyer.press("Quay Concert", role="link")
    buyer.page.get_by_label("Regular, quantity").fill("1")
    buyer.press("Continue")
    for name, text in (("firstname", "Bob"), ("lastname", "Lind"), ("email", "bob@example.org")):
        buyer.page.locator(f"[name=buyer-{name}]").fill(text)
    buyer.press("Get the tickets")
    assert "You’re going, Bob" in buyer.read()
    assert Attendee.objects.filter(event=event, order__status="completed").count() == 1


def test_a_paid_ticket_asks_for_its_price_and_how_it_is_paid(at_each_width, ada):
    page = at_each_width.page
    at_each_width.sign_in(ada)
    at_each_width.open("/manage/new")
    expect(page.get_by_label("Price, in EUR")).to_be_hidden()
    at_each_width.press("Add another ticket type")
    second = page.get_by_role("group", name="Ticket 2")
    expect(second.get_by_label("Ticket")).to_be_focused()
    second.get_by_label("Ticket").fill("Supporter")
    second.get_by_label("Kind").select_option("Paid")
    at_each_width.press("Create the event")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("By bank transfer")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("By bank transfer").check()
    page.get_by_label("Where to transfer the money").fill("IBAN PT50 0002 0123 1234 5678 9015 4")
    page.get_by_label("Name of the event").fill("Quay Concert")
    page.get_by_label("Starts", exact=True).fill("2031-05-01T19:00")
    page.get_by_label("Ends", exact=True).fill("2031-05-01T22:00")
    second.get_by_label("Price, in EUR").fill("12,50")
    at_each_width.press("Create the event")
    expect(page.get_by_role("heading", level=1)).to_have_text("Publish Quay Concert")
    assert [(ticket.name, ticket.price) for ticket in Ticket.objects.all()] == [("Regular", 0), ("Supporter", 12.5)]


def test_the_second_of_two_organizers_is_told_and_what_is_wrong_keeps_what_was_typed(at_each_width, event, ada):
    page = at_each_width.page
    at_each_width.sign_in(ada)
    at_each_width.open(f"/manage/{event.identifier}/tickets")
    page.get_by_role("link", name="Regular", exact=True).click()
    at_each_width.look()
    Ticket.objects.filter(name="Regular").update(quantity=77)
    page.get_by_label("Name", exact=True).fill("Standard")
    page.get_by_label("How many").fill("-3")
    at_each_width.press("Save the ticket")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("How many is now “77”. Save again to put yours in its place.")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Standard")
    page.get_by_role("link", name="How many: ").click()
    expect(page.get_by_label("How many")).to_be_focused()
    expect(page.get_by_label("How many")).to_have_value("-3")
    page.get_by_label("How many").fill("90")
    at_each_width.press("Save the ticket")
    expect(page.get_by_role("status")).to_contain_text("Standard is saved.")
    assert Ticket.objects.filter(name="Standard", quantity=90).count() == 1


def test_the_pages_of_tickets_and_codes_are_in_order(at_each_width, event, ada):
    at_each_width.sign_in(ada)
    for path in ("", "codes", "codes/discount/new"):
        at_each_width.open(f"/manage/{event.identifier}/{path}" if path else "/manage/")
    at_each_width.open(f"/manage/{event.identifier}/tickets")
    at_each_width.press("More for Regular")
    at_each_width.press("Remove…", role="link")
    at_each_width.press("Remove the ticket type")
    expect(at_each_width.page.get_by_role("status")).to_contain_text("Regular is removed.")
