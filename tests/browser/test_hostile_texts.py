"""One hostile text in every field of every row, in a real browser: nothing of it runs, and nothing even tries."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from notifications.models import Mail
from orders.models import Order
from orders.services.mails import tell_people
from orders.tests.factories import make_finished_order, make_order
from tests.threats.hostile import write_everywhere

pytestmark = pytest.mark.browser

# Breaks out of an attribute, a tag, a title, a comment, a script and a style, whichever it is in.
POLYGLOT = (
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert(1) )//</stYle/</titLe/</teXtarEa/</scRipt/--!>"
    "\\x3csVg/<sVg/oNloAd=alert(2)//>\\x3e<img src=x onerror=alert(3)><a href=javascript:alert(4)>{{7*7}}</a>"
)
LISTEN = """
window.violations = [];
document.addEventListener('securitypolicyviolation', event => window.violations.push(event.violatedDirective));
"""


@pytest.fixture
def orders(event, bob):
    """An order in each state that a page shows; those who look are signed in as bob."""
    seat = event.tickets.get(name="Regular")
    placed = make_finished_order(seat, by=bob, mode="bank")
    completed = make_finished_order(event.tickets.get(name="Livestream"), by=bob)
    draft = make_order(event.tickets.get(name="Livestream"), by=bob)
    return {"placed": placed, "completed": completed, "draft": draft}


def sign_in(page, client, bob, address):
    client.force_login(bob)
    [cookie] = [one for one in client.cookies.values() if one.key == "session"]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])


def pages_of(event, orders):
    yield from ("/", "/my/tickets", "/accounts/confirm", f"/?q={POLYGLOT[:90]}&where={POLYGLOT[:90]}")
    for name in ("event", "programme", "speakers"):
        yield reverse(name, args=[event.identifier])
    for order in (orders["placed"], orders["completed"]):
        yield reverse("order", args=[order.identifier])
        yield reverse("cancel-order", args=[order.identifier])
    holder = orders["placed"].attendees.get().identifier
    yield reverse("rename-holder", kwargs={"identifier": orders["placed"].identifier, "holder": holder})
    yield reverse("details", args=[orders["draft"].identifier])
    yield "/outbox/"
    for mail in Mail.objects.all():
        yield reverse("outbox-mail", args=[mail.pk])


def test_nothing_that_somebody_wrote_runs(visitor, event, orders, client, bob, live_server, settings):
    settings.DEMO = True
    texts = [f"{number} {POLYGLOT}" for number in range(9)]
    write_everywhere(texts)
    for status in ("placed", "completed"):
        tell_people(Order.objects.select_related("event").get(pk=orders[status].pk), by="server")
    somebody = visitor()
    page, dialogs = somebody.page, []
    page.context.add_init_script(LISTEN)
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    sign_in(page, client, bob, live_server.url)
    for address in pages_of(event, orders):
        assert page.goto(address, wait_until="load").status == 200, address
        assert (address, page.evaluate("window.violations")) == (address, [])
        for link in page.locator("main a").all():
            assert not (link.get_attribute("href") or "").lower().strip().startswith("javascript"), address
        assert (address, dialogs, somebody.complaints) == (address, [], [])


def test_nothing_that_is_typed_runs(visitor, event, orders, client, bob, live_server):
    """Buttons and scripts of the pages repeat what was typed: names, codes, numbers."""
    somebody = visitor()
    page, dialogs = somebody.page, []
    page.context.add_init_script(LISTEN)
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    sign_in(page, client, bob, live_server.url)
    page.goto(f"/e/{event.identifier}")
    page.get_by_text("I have a code").click()
    page.get_by_label("Discount or access code").fill(POLYGLOT)
    page.get_by_role("button", name="Apply", exact=True).click()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_label("Discount or access code")).to_have_value(POLYGLOT)
    page.goto(reverse("details", args=[orders["draft"].identifier]))
    for box in page.locator("main input:is([type=text], [type=email]):enabled:visible").all():
        box.fill(POLYGLOT)
    page.get_by_role("button", name="Get the tickets").locator("visible=true").first.click()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.violations") == []
    assert (dialogs, somebody.complaints) == ([], [])
