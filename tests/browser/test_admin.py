"""Those who keep the site, in a browser: what needs attention, doing something about it, and only reading."""

import pytest

from accounts.tests.people import PASSWORD, make_person
from events.tests.factories import make_event
from orders.models import Order
from orders.models.order import COMPLETED
from orders.tests.factories import make_finished_order, make_ticket
from tests.admin.everything import days_ago

pytestmark = pytest.mark.browser


@pytest.fixture
def stuck(transactional_db, ada, bob):
    """An order that has been waiting for its money for three weeks, among others."""
    event = make_event(owner=ada)
    seat = make_ticket(event, price="20")
    waiting, *_ = [make_finished_order(seat, by=bob, mode="bank") for _ in range(3)]
    Order.objects.filter(pk=waiting.pk).update(created_at=days_ago(21))
    return waiting


def sign_in(visitor, email):
    """By the ordinary page, which leads on to where one was going; nothing is fetched from elsewhere."""
    visitor.page.on("request", lambda request: visitor.complaints.extend(elsewhere(request.url)))
    visitor.page.goto("/admin/")
    visitor.page.get_by_label("E-mail").fill(email)
    visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.page.get_by_role("button", name="Sign in").click()
    visitor.look()


def elsewhere(url):
    return [] if url.startswith(("http://localhost", "http://127.0.0.1", "data:")) else [f"fetched {url}"]


def test_a_keeper_finds_an_order_that_stands_still_and_moves_it(at_each_width, root, stuck):
    page = at_each_width.page
    sign_in(at_each_width, root.email)
    page.get_by_role("link", name="orders unpaid for two weeks").click()
    at_each_width.look()
    assert page.get_by_text("1 order", exact=False).count()
    page.get_by_role("link", name=stuck.identifier).click()
    at_each_width.look()
    assert "; the organizer marks it paid" in page.content()
    page.get_by_role("button", name="Mark paid…").click()
    at_each_width.look()
    page.get_by_role("button", name="Mark paid").click()
    at_each_width.look()
    assert page.get_by_text(f"Mark paid: done for {stuck.identifier}.").is_visible()
    assert Order.objects.get(pk=stuck.pk).status == COMPLETED
    page.goto("/admin/")
    assert "orders unpaid for two weeks" in page.get_by_role("link", name="0 orders unpaid").inner_text()


def test_filters_menus_and_forms_work_under_the_policy(visitor, root, stuck):
    keeper = visitor()
    sign_in(keeper, root.email)
    keeper.page.goto("/admin/orders/order/")
    keeper.page.locator("a", has_text="Filters").first.click()
    keeper.page.locator(".select2-selection").last.click()
    keeper.page.locator(".select2-results__option", has_text="Harbour Days").click()
    keeper.page.get_by_role("button", name="Apply Filters").click()
    keeper.page.wait_for_url("**event__id__exact=**")
    assert keeper.page.get_by_role("link", name=stuck.identifier).count() == 1
    keeper.page.goto("/admin/accounts/setting/")
    keeper.look()
    keeper.page.get_by_label("App name").fill("Harbour")
    keeper.page.get_by_role("button", name="Save", exact=True).click()
    keeper.look()
    assert keeper.page.get_by_text("was changed successfully").is_visible()
    keeper.page.goto("/admin/events/userseventsroles/add/")
    keeper.page.locator(".select2-selection").first.click()
    keeper.page.get_by_role("searchbox").fill("ada@")
    keeper.page.locator(".select2-results__option", has_text="Ada").click()  # axe finds fault with select2 itself
    assert keeper.complaints == []


def test_an_auditor_reads_and_has_nothing_to_press(visitor, stuck):
    make_person("otto", is_auditor=True)
    auditor = visitor()
    sign_in(auditor, "otto@example.org")
    auditor.open("/admin/orders/order/")
    auditor.page.get_by_role("link", name=stuck.identifier).click()
    auditor.look()
    buttons = auditor.page.locator("#content button:visible, #content input[type=submit]:visible")
    assert buttons.count() == 0
