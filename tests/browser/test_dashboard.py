"""The overview in a real browser: a sale shows by itself; and a list taken away, from its first page to its file."""

import pytest
from playwright.sync_api import expect

from openevent.tests.processes import serving
from tests.browser.conftest import Visitor
from tests.browser.test_live import cookie_of

pytestmark = pytest.mark.browser


@pytest.fixture
def house(transactional_db, tmp_path):
    """The whole house in one process, as on a laptop: pages, sockets, worker."""
    with serving("daphne", folder=tmp_path) as address:
        yield address


@pytest.fixture
def somebody(chromium, house):
    """Makes people at screens: `somebody(ada, width=390)`; without a user it is a guest."""
    visitors = []

    def arrive(user=None, **kind):
        visitor = Visitor(chromium, house, **kind)
        if user:
            visitor.context.add_cookies([cookie_of(user, house)])
        visitors.append(visitor)
        return visitor

    yield arrive
    for visitor in visitors:
        visitor.context.close()


def buy(guest, event):
    page = guest.page
    page.goto(f"/e/{event.identifier}")
    page.get_by_label("Livestream, quantity").fill("1")
    page.get_by_role("button", name="Continue").locator("visible=true").first.click()
    page.locator("[name=buyer-firstname]").fill("Mira")
    page.locator("[name=buyer-lastname]").fill("Lind")
    page.locator("[name=buyer-email]").fill("mira@fernpost.example")
    page.get_by_role("button", name="Get the tickets").locator("visible=true").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("You’re going")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_sale_shows_on_the_overview_without_a_reload(somebody, event, ada, width):
    organizer = somebody(ada, width=width)
    page = organizer.page
    organizer.open(f"/manage/{event.identifier}/")
    expect(page.locator("[data-live-state]")).to_contain_text("live")
    page.evaluate("window.stillTheSamePage = true")
    page.get_by_text("Show as table").click()
    expect(page.locator("#stats")).to_contain_text("Tickets sold 0")

    buy(somebody(scripts=False), event)
    expect(page.locator("#latest")).to_contain_text("Mira Lind")
    expect(page.locator("#latest")).to_contain_text("1 ticket")
    expect(page.locator("#stats")).to_contain_text("Tickets sold 1")
    expect(page.locator("#sales")).to_contain_text("1 order in 30 days")
    expect(page.get_by_role("row", name="Livestream").get_by_role("link", name="1")).to_be_visible()
    expect(page.locator("#as-table")).to_have_attribute("open", "")
    assert page.evaluate("window.stillTheSamePage")
    organizer.look()

    page.get_by_role("row", name="Livestream").get_by_role("link", name="1").click()
    expect(page.get_by_text("1 attendee · with a ticket")).to_be_visible()
    organizer.look()


@pytest.mark.parametrize("width", [1280, 390])
def test_people_are_found_let_in_and_taken_away_as_a_file(somebody, event, ada, width):
    buy(somebody(scripts=False), event)
    organizer = somebody(ada, width=width)
    page = organizer.page
    organizer.open(f"/manage/{event.identifier}/attendees")
    page.get_by_label("Search attendees").fill("fernp")
    expect(page.get_by_text("“fernp”")).to_be_visible()
    row = page.get_by_role("row", name="Mira Lind").first
    row.get_by_role("button", name="Check in").click()
    expect(row).to_contain_text("Let in")
    expect(row.get_by_role("button", name="Undo")).to_be_focused()
    organizer.look()
    row.get_by_role("button", name="Undo").click()
    expect(row).to_contain_text("Taken back")

    organizer.press("Export…", role="link")
    page.get_by_label("Excel (XLSX)").check()
    page.get_by_role("button", name="Export 1 attendee").click()
    link = page.get_by_role("link", name="Download attendees-")
    expect(link).to_be_visible(timeout=30_000)
    organizer.look()
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.endswith(".xlsx")
    organizer.open("/manage/jobs/")
