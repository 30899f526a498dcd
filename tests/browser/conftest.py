"""A real browser against a running server. Every page that a test visits is asked the same questions."""

import os
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import sync_playwright

from events.models.event import Event
from orders.models.ticket import Ticket

AXE = Path(settings.BASE_DIR) / "node_modules/axe-core/axe.min.js"
SCREENS = [(width, colours) for width in (1280, 390) for colours in ("light", "dark")]
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="session")
def chromium():
    # Playwright keeps a loop running in the test's thread, in which Django would refuse to ask the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Visitor:
    """Somebody at a screen. `page` is Playwright's; `look` checks where one has arrived."""

    def __init__(self, chromium, address, *, width=1280, colours="light", scripts=True):
        self.context = chromium.new_context(
            base_url=address,
            viewport={"width": width, "height": 900},
            color_scheme=colours,
            java_script_enabled=scripts,
            accept_downloads=True,
        )
        self.page = self.context.new_page()
        self.scripts = scripts
        self.complaints = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message):
        if message.type == "error":
            self.complaints.append(f"{message.text} at {message.location.get('url')}")

    def open(self, path):
        self.page.goto(path)
        self.look()

    def look(self):
        """No serious finding of axe, no error in the console, nothing that scrolls sideways."""
        self.page.wait_for_load_state("networkidle")
        if self.scripts:
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
            found = self.page.evaluate("axe.run()")["violations"]
            assert [
                (rule["id"], [node["html"] for node in rule["nodes"]])
                for rule in found
                if rule["impact"] in SERIOUS
            ] == []
            assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert self.complaints == []


@pytest.fixture
def visitor(chromium, live_server):
    """Makes visitors: `visitor(width=390, colours="dark")`."""
    visitors = []

    def arrive(**kind):
        visitors.append(Visitor(chromium, live_server.url, **kind))
        return visitors[-1]

    yield arrive
    for one in visitors:
        one.context.close()


@pytest.fixture
def event(transactional_db):
    """On sale: two paid types and a free one, payment by bank transfer."""
    starts = timezone.now() + timedelta(days=30)
    event = Event.objects.create(
        name="Harbour Lights Open Tech Days",
        state="published",
        starts_at=starts,
        ends_at=starts + timedelta(hours=9),
        timezone="Europe/Berlin",
        location_name="The Old Ropeworks",
        payment_currency="EUR",
        can_pay_by_bank=True,
        bank_details="IBAN DE02 1203 0000 0000 2020 51",
    )
    for position, (name, kind, price) in enumerate(
        [("Regular", "paid", "89.00"), ("Student", "paid", "25.00"), ("Livestream", "free", "0")]
    ):
        Ticket.objects.create(
            event=event,
            name=name,
            type=kind,
            price=Decimal(price),
            quantity=20,
            position=position,
            sales_starts_at=timezone.now() - timedelta(days=1),
            sales_ends_at=starts,
        )
    return event
