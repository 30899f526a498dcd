"""At the door in a real browser: typed, by hand scanner and by camera; each verdict looked at by day and by night."""

import pytest
import segno
from playwright.sync_api import expect

from accounts.tests.people import PASSWORD
from events.tests.factories import give_role
from openevent.core.tests.payloads import PAYLOADS
from orders.models import Attendee, Scan
from orders.services.check_in import check_in
from orders.services.states import SERVER, cancel_order
from orders.tests.factories import make_finished_order
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

CAMERA = ("--use-fake-device-for-media-stream", "--no-sandbox")
WIDTH, HEIGHT = 640, 480
MORE_PICTURES = """() => new Promise((seen) => {
  const video = document.querySelector("video");
  const wait = (left) => left ? video.requestVideoFrameCallback(() => wait(left - 1)) : seen();
  wait(20);
})"""


@pytest.fixture
def holders(event, bob):
    """Three people of one order."""
    return list(make_finished_order((event.tickets.get(name="Livestream"), 3), by=bob).attendees.order_by("pk"))


@pytest.fixture
def rosa(event, eve):
    give_role(eve, event, "registrar")
    return eve


def go_to_the_door(somebody, user, event, query=""):
    page = somebody.page
    page.goto(f"/accounts/sign-in?next=/manage/{event.identifier}/door{query}")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url("**/door*")
    page.locator("[data-close]").click()  # of the greeting, which would lie on what is looked at
    return page


def type_code(page, code):
    page.get_by_label("Ticket code").fill(code)
    page.get_by_label("Ticket code").press("Enter")


def scan_by_hand(page, code):
    """As a hand scanner does: faster than fingers, wherever the focus is, with Enter at the end."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def test_a_ticket_lets_in_once_then_says_when_and_by_whom_and_is_taken_back(at_each_width, ada, event, rosa, holders):
    page = go_to_the_door(at_each_width, rosa, event, "?gate=Quay+gate")
    at_each_width.look()
    good, bad = page.locator("[data-good]"), page.locator("[data-bad]")
    scan_by_hand(page, holders[0].code)
    expect(good).to_contain_text("Let in")
    expect(good).to_contain_text("Bob Example")
    expect(good).to_have_attribute("role", "status")
    expect(page.locator("[data-verdict]")).to_have_class("verd v-ok")
    expect(page.locator("header [data-count=in]")).to_have_text("1", timeout=15000)
    at_each_width.look()

    type_code(page, holders[0].code)
    expect(good).to_contain_text("Already in")
    expect(good).to_contain_text("at Quay gate, just now, scanned by Eve.")
    at_each_width.look()

    page.get_by_role("button", name="Let in again").click()
    expect(good).to_contain_text("Let in")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(good).to_contain_text("Taken back")
    at_each_width.look()

    cancel_order(holders[0].order, by=ada)
    scan_by_hand(page, holders[0].code)
    expect(bad).to_contain_text("Do not let in")
    expect(bad).to_contain_text("The order was cancelled")
    expect(bad).to_have_attribute("role", "alert")
    at_each_width.look()
    assert list(Scan.objects.order_by("pk").values_list("verdict", flat=True)) == [
        *("in", "again", "in", "undone", "refused")
    ]


def test_somebody_is_found_by_name_and_comes_with_the_whole_order(at_each_width, event, rosa, holders):
    page = go_to_the_door(at_each_width, rosa, event)
    at_each_width.press("Search", role="link")
    page.get_by_label("Search by name, e-mail or code").fill("exam")
    expect(page.locator("[data-found]")).to_have_text("3 people")
    at_each_width.look()
    page.get_by_role("button", name="Check in Bob Example").first.click()
    expect(page.locator("[data-good]")).to_contain_text("Let in")
    page.get_by_role("button", name="Whole order (+2)").click()
    expect(page.locator("[data-good]")).to_contain_text("2 of 3 let in")
    at_each_width.look()
    expect(page.locator("header [data-count=in]")).to_have_text("3", timeout=15000)
    assert Attendee.objects.filter(is_checked_in=True).count() == 3


def test_what_was_scanned_while_the_network_was_away_is_kept(visitor, event, rosa, holders):
    somebody = visitor(width=390)
    page = go_to_the_door(somebody, rosa, event)
    somebody.context.set_offline(True)
    type_code(page, holders[0].code)
    expect(page.locator("[data-bad]")).to_contain_text("What was scanned is kept")
    expect(page.locator("[data-offline]")).to_be_visible()
    somebody.context.set_offline(False)
    expect(page.locator("[data-good]")).to_contain_text("Let in")
    expect(page.locator("[data-offline]")).to_be_hidden()
    assert [row.verdict for row in Scan.objects.all()] == ["in"]


def test_hostile_names_are_shown_and_never_run(visitor, event, rosa, holders):
    hostile = " ".join(PAYLOADS)
    super(type(Attendee.objects.all()), Attendee.objects.all()).update(
        firstname=hostile[:200], lastname=hostile[200:400], sought="example"
    )
    somebody = visitor()
    dialogs = []
    somebody.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page = go_to_the_door(somebody, rosa, event)
    type_code(page, holders[0].code)
    expect(page.locator("[data-good]")).to_contain_text(hostile[:20])
    page.get_by_label("Search by name, e-mail or code").fill("example")
    expect(page.locator("[data-found]")).to_have_text("3 people")
    somebody.look()
    assert page.locator("[data-people] img, [data-people] script, [data-verdict] img").count() == 0
    assert dialogs == []


def test_the_door_works_without_script(visitor, event, rosa, holders):
    somebody = visitor(width=390, scripts=False)
    page = go_to_the_door_without_script(somebody, rosa, event)
    type_code(page, holders[0].code)
    expect(page.get_by_role("status").first).to_contain_text("Let in")
    somebody.press("Undo")
    assert "Taken back" in somebody.read()


def go_to_the_door_without_script(somebody, user, event):
    page = somebody.page
    page.goto(f"/accounts/sign-in?next=/manage/{event.identifier}/door")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url("**/door*")
    return page


# ── The camera ───────────────────────────────────────────────────────────────────────────────────


def film_of(code, path):
    """A film of one picture, as Chromium's pretended camera plays it: grey, with a ticket's code in its middle."""
    matrix = segno.make(code, error="m").matrix
    size = 8
    left, top = (WIDTH - len(matrix) * size) // 2, (HEIGHT - len(matrix) * size) // 2
    picture = bytearray(b"\xeb" * (WIDTH * HEIGHT))
    for row, modules in enumerate(matrix):
        for column, dark in enumerate(modules):
            for line in range(size if dark else 0):
                at = (top + row * size + line) * WIDTH + left + column * size
                picture[at : at + size] = b"\x10" * size
    grey = b"\x80" * (WIDTH * HEIGHT // 2)
    header = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode()
    path.write_bytes(header + (b"FRAME\n" + picture + grey) * 2)


@pytest.fixture
def phone(chromium, live_server, tmp_path):
    """A phone whose camera sees a ticket: `phone(code)`."""
    opened = []

    def with_camera(code):
        film = tmp_path / "film.y4m"
        film_of(code, film)
        browser = chromium.browser_type.launch(
            executable_path="/usr/bin/chromium", args=[*CAMERA, f"--use-file-for-fake-video-capture={film}"]
        )
        opened.append(browser)
        return Visitor(browser, live_server.url, width=390)

    yield with_camera
    for browser in opened:
        browser.close()


def test_the_camera_reads_a_ticket_once_while_it_stays_in_the_picture(phone, event, rosa, holders):
    somebody = phone(holders[0].code)
    somebody.context.grant_permissions(["camera"])
    page = go_to_the_door(somebody, rosa, event)
    expect(page.locator("[data-good]")).to_contain_text("Let in", timeout=20000)
    expect(page.locator("[data-good]")).to_contain_text("Bob Example")
    somebody.look()
    somebody.press("Next")
    page.evaluate(MORE_PICTURES)
    assert [row.verdict for row in Scan.objects.all()] == ["in"]


def test_a_camera_that_is_refused_says_so_and_typing_goes_on(phone, event, rosa, holders):
    somebody = phone(holders[0].code)
    page = go_to_the_door(somebody, rosa, event)
    page.get_by_role("button", name="Start the camera").click()
    expect(page.locator("[data-camera-words]")).to_contain_text("The browser keeps the camera from this page.")
    somebody.look()
    check_in(holders[0], by=SERVER, gate="Main door")
    type_code(page, holders[0].code)
    expect(page.locator("[data-good]")).to_contain_text("at Main door, just now, scanned by server.")
