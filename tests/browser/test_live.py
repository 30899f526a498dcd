"""What comes to an open page by itself: the bell, and what is behind it."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from notifications.services.notify import notify
from openevent.tests.processes import MortalRedis, serving
from openevent.tests.test_processes import buy
from orders.models import Ticket
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def house(transactional_db, tmp_path):
    """The whole house in one process, as on a laptop: pages, sockets, worker."""
    with serving("daphne", folder=tmp_path) as address:
        yield address


@pytest.fixture
def redis():
    redis = MortalRedis()
    yield redis
    redis.kill()


@pytest.fixture(params=[1280, 390])
def bob_at_a_screen(request, chromium, house, bob):
    visitor = Visitor(chromium, house, width=request.param)
    visitor.context.add_cookies([cookie_of(bob, house)])
    yield visitor
    visitor.context.close()


def cookie_of(user, address):
    client = Client()
    client.force_login(user, backend="accounts.backends.EmailBackend")
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": address}


def test_the_bell_counts_by_itself_and_a_click_anywhere_in_a_card_reads_it(bob_at_a_screen, house, event, bob):
    visitor, page = bob_at_a_screen, bob_at_a_screen.page
    ticket = Ticket.objects.get(event=event, name="Livestream")
    visitor.open(f"/e/{event.identifier}")
    count = page.locator("[data-bell] [data-count]")
    expect(count).to_be_hidden()
    code, _ = buy(house, ticket, bob)
    expect(count).to_have_text("1")

    visitor.press("Notifications 1 unread", role="link")
    again, _ = buy(house, ticket, bob)
    expect(page.get_by_role("article")).to_have_count(2)  # the second came by itself
    visitor.look()
    card = page.get_by_role("article").filter(has_text=code)
    card.click(position={"x": 8, "y": 8})
    expect(card.get_by_text("New", exact=True)).to_have_count(0)
    expect(count).to_have_text("1")

    page.get_by_role("article").filter(has_text=again).get_by_role("button", name="See it").click()
    visitor.look()
    assert page.url.endswith(f"/orders/{again}")
    expect(count).to_be_hidden()


def test_a_card_is_read_by_a_click_without_script_too(visitor, bob, live_server):
    card = notify(bob, "ticket_purchased", title="Your tickets", message="<p>Two of them</p>", action="/my/tickets")
    visitor = visitor(scripts=False)
    visitor.context.add_cookies([cookie_of(bob, live_server.url)])
    visitor.open("/notifications/")
    visitor.page.get_by_text("Two of them").click(force=True)
    visitor.look()
    card.refresh_from_db()
    assert card.is_read
    assert "New" not in visitor.read()


def test_the_overview_says_that_live_is_off_and_comes_back(chromium, transactional_db, tmp_path, redis, event, ada):
    with serving("daphne", folder=tmp_path, REDIS_URL=redis.url) as address:
        visitor = Visitor(chromium, address)
        visitor.context.add_cookies([cookie_of(ada, address)])
        visitor.open(f"/manage/{event.identifier}/")
        state = visitor.page.locator("[data-live-state]")
        expect(state.get_by_text("live", exact=True)).to_be_visible()
        redis.kill()
        expect(state.get_by_text("live is off")).to_be_visible()
        visitor.open(f"/manage/{event.identifier}/orders")
        visitor.open(f"/manage/{event.identifier}/")
        expect(state.get_by_text("live is off")).to_be_visible()
        redis.start()
        expect(state.get_by_text("live", exact=True)).to_be_visible(timeout=40_000)
        visitor.context.close()
