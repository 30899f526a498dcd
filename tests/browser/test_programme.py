"""The programme is made by a co-organizer and seen by a visitor; a question of the order form is asked and shown."""

import pytest
from playwright.sync_api import expect

from accounts.tests.people import make_person
from events.models import Session, Speaker
from events.tests.factories import give_role
from orders.models import Attendee

pytestmark = pytest.mark.browser


@pytest.fixture
def cora(event):
    cora = make_person("cora")
    give_role(cora, event, "coorganizer")
    return cora


def test_a_room_and_a_session_are_added_and_two_places_at_once_are_told(at_each_width, visitor, event, cora):
    for name in ("Ada Marsh", "Bo Lind", "Cleo Sand", "Dov Stein", "Ede Nagy"):
        Speaker.objects.create(event=event, name=name)
    page = at_each_width.page
    at_each_width.sign_in(cora)
    at_each_width.open(f"/manage/{event.identifier}/programme/rooms")
    at_each_width.press("Add a room", role="link")
    page.get_by_label("Name").fill("Boat House")
    at_each_width.press("Add the room")
    expect(page.get_by_role("rowheader", name="Boat House")).to_be_visible()

    at_each_width.open(f"/manage/{event.identifier}/programme/sessions/new")
    at_each_width.press("Add the session")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("Title").fill("Knots that hold")
    page.get_by_label("Search speakers").fill("varga 0")
    expect(page.get_by_label("Bo Lind")).to_be_hidden()
    page.get_by_label("Ines Varga 0").check()
    page.get_by_label("Room").select_option("Boat House")
    starts = event.starts_at.astimezone(event.zone)
    page.get_by_label("Start").fill(f"{starts:%Y-%m-%dT%H:%M}")
    page.get_by_label("End").fill(f"{starts:%Y-%m-%dT23:59}")
    at_each_width.press("Add the session")
    expect(page.get_by_text("Two places at once")).to_be_visible()
    assert "Ines Varga 0 is also in The ferry that never went down, part 1 at that time." in at_each_width.read()

    somebody = visitor(width=390)
    somebody.open(f"/e/{event.identifier}/programme")
    assert "Knots that hold Ines Varga 0 · Boat House" in somebody.read()

    at_each_width.press("Delete…", role="link")
    at_each_width.press("Delete the session")
    assert not Session.objects.filter(title="Knots that hold", deleted_at=None).exists()
    at_each_width.press("Undo")
    assert Session.objects.filter(title="Knots that hold", deleted_at=None).exists()


def test_a_question_of_the_order_form_is_asked_and_its_answer_shown(at_each_width, visitor, event, cora):
    page = at_each_width.page
    at_each_width.sign_in(cora)
    at_each_width.open(f"/manage/{event.identifier}/settings/form")
    page.get_by_label("Detail", exact=True).select_option("Phone")
    at_each_width.press("Ask for it")
    at_each_width.press("Add a question", role="link")
    page.get_by_label("Question").fill("What may we cook?")
    page.get_by_label("Kind of answer").select_option("Any of a list")
    page.get_by_label("To choose from").fill("Fish\nRice")
    page.get_by_label("Everybody has to answer it").check()
    at_each_width.press("Ask it")
    at_each_width.press("Move What may we cook? up")

    somebody = visitor(width=page.viewport_size["width"])
    buyer = somebody.page
    somebody.open(f"/e/{event.identifier}")
    buyer.get_by_label("One more Livestream").click()
    somebody.press("Continue")
    buyer.locator("[name=buyer-firstname]").fill("Mira")
    buyer.locator("[name=buyer-lastname]").fill("Lind")
    buyer.locator("[name=buyer-email]").fill("mira@example.org")
    somebody.press("Get the tickets")
    expect(buyer.get_by_role("link", name="Attendee 1, What may we cook: Choose at least one.")).to_be_visible()
    buyer.get_by_label("Rice").check()
    buyer.get_by_label("Phone").fill("+49 431 1")
    somebody.press("Get the tickets")
    assert "You’re going, Mira" in somebody.read()
    assert Attendee.objects.get().complex_field_values == {"what_may_we_cook": "Rice"}
    buyer.get_by_role("link", name="Edit name and answers on the ticket of Mira Lind").click()
    somebody.look()
    expect(buyer.get_by_label("Rice")).to_be_checked()
    expect(buyer.get_by_label("Phone")).to_have_value("+49 431 1")
