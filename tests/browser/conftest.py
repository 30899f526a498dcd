"""A real browser against a running server. Every page that a test visits is asked the same questions."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import sync_playwright

from events.models.programme import Microlocation, Session, Speaker, Track
from events.tests.factories import make_event
from orders.tests.factories import make_discount, make_donation, make_tax, make_ticket

AXE = Path(settings.BASE_DIR) / "node_modules/axe-core/axe.min.js"
RUN_AXE = """only =>
  axe.run({preload: false, iframes: false, resultTypes: ['violations'], ...(only && {runOnly: only})})
  .then(found => found.violations)"""
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="session")
def chromium(django_db_setup):
    # Playwright keeps a loop running in the test's thread, in which Django would refuse to ask the database, and would
    # open a connection of its own: one that does not know what migrations had put into the tables that tests empty.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    ours = connections["default"]
    with sync_playwright() as playwright:
        connections["default"] = ours
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Visitor:
    """Somebody at a screen of some width. `page` is Playwright's; `look` checks where one has arrived."""

    def __init__(self, chromium, address, *, width=1280, scripts=True):
        self.address = address
        self.context = chromium.new_context(
            base_url=address,
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            timezone_id="Europe/Lisbon",
            reduced_motion="reduce",  # a colour on its way to another is no colour to judge
        )
        if scripts:
            self.context.add_init_script(path=AXE)
        self.page = self.context.new_page()
        self.scripts = scripts
        self.complaints, self.on_the_way = [], set()
        self.page.on("request", lambda request: self.on_the_way.add(request))
        for event in ("requestfinished", "requestfailed"):
            self.page.on(event, lambda request: self.on_the_way.discard(request))
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message):
        # This server speaks no WebSocket: pages have to work without their live rooms.
        if message.type == "error" and not message.text.startswith("WebSocket connection to "):
            self.complaints.append(f"{message.text} at {message.location.get('url')}")

    def sign_in(self, person):
        client = Client()
        client.force_login(person, backend="accounts.backends.EmailBackend")
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": self.address}])

    def open(self, path, *, status=200):
        assert self.page.goto(path).status == status
        if status != 200:  # the browser itself complains of it
            self.complaints.clear()
        self.look()

    def press(self, name, role="button"):
        """Press what is in sight by this name: a wide screen and a phone have it in different places."""
        self.page.get_by_role(role, name=name, exact=True).locator("visible=true").first.click()
        self.look()

    def look(self):
        """By day and by night: no serious finding of axe, no error in the console, nothing that scrolls sideways."""
        self.settle()
        if self.scripts:
            for colours, only in (("light", None), ("dark", ["color-contrast"])):
                self.page.emulate_media(color_scheme=colours)
                found = self.page.evaluate(RUN_AXE, only)
                grave = [rule for rule in found if rule["impact"] in SERIOUS]
                assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in grave] == []
            assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert self.complaints == []

    def settle(self):
        """Until nothing is on its way; Playwright's own "networkidle" is half a second without news, each time."""
        self.page.wait_for_load_state()
        self.page.wait_for_timeout(20)  # in which a press shows what it has begun
        while self.on_the_way:
            self.page.wait_for_timeout(10)

    def read(self):
        return " ".join(self.page.locator("main").inner_text().split())


@pytest.fixture
def visitor(chromium, live_server):
    """Makes visitors: `visitor(width=390)`."""
    visitors = []

    def arrive(**kind):
        visitors.append(Visitor(chromium, live_server.url, **kind))
        return visitors[-1]

    yield arrive
    for one in visitors:
        one.context.close()


@pytest.fixture(params=[1280, 390])
def at_each_width(request, visitor):
    """A visitor at a desk, then one with a phone."""
    return visitor(width=request.param)


@pytest.fixture
def event(transactional_db, ada):
    """On sale, with everything that its page can show."""
    event = make_event(
        owner=ada,
        name="Harbour Lights Open Tech Days",
        description="<p>Small teams keep libraries, ferries and clinics online.</p>",
        owner_name="Ropeworks Collective",
        refund_policy="Full refund until ten days before.",
        show_remaining_tickets=True,
        latitude=54.3,
        longitude=10.1,
    )
    regular = make_ticket(event, name="Regular", price="89.00", position=1)
    make_ticket(event, name="Livestream", position=2)
    make_ticket(event, name="Early bird", price="59.00", quantity=0, position=3)
    make_donation(event, name="Supporter", position=4)
    make_discount(event, regular, percent=10, code="QUAY10")
    make_tax(event, included=True)
    hall = Microlocation.objects.create(event=event, name="Main Hall")
    track = Track.objects.create(event=event, name="Operations", color="#3f45c9")
    for number in range(3):
        starts = event.starts_at + timedelta(hours=16 * number)
        session = Session.objects.create(
            event=event,
            title=f"The ferry that never went down, part {number + 1}",
            short_abstract="<p>What broke, and what lasted.</p>",
            state="accepted",
            starts_at=starts,
            ends_at=starts + timedelta(minutes=45),
            microlocation=hall,
            track=track,
        )
        session.speakers.add(Speaker.objects.create(event=event, name=f"Ines Varga {number}", position="Captain"))
    return event
