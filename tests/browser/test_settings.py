"""Running an event in a real browser: dates that move with everything, and a helper who sees only the door."""

import re

import pytest
from playwright.sync_api import expect

from events.models import Event, Session
from events.tests.factories import give_role
from notifications.models import Mail

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"


def sign_in(visitor, user):
    visitor.page.get_by_label("E-mail").fill(user.email)
    visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.press("Sign in")


def test_another_zone_shows_what_moves_before_it_does(at_each_width, event, ada):
    page, settings = at_each_width.page, f"/manage/{event.identifier}/settings"
    at_each_width.open(f"{settings}/dates")
    sign_in(at_each_width, ada)
    page.get_by_label("Time zone").select_option("Asia/Tokyo")
    at_each_width.press("Save")
    before = event.sessions.first().starts_at
    assert "The ferry that never went down, part 1" in at_each_width.read()
    assert Event.objects.get(pk=event.pk).timezone == "Europe/Berlin"
    at_each_width.press("Keep the local times")
    expect(page.get_by_role("status")).to_contain_text("Moved along: 3 × sessions")
    assert Event.objects.get(pk=event.pk).timezone == "Asia/Tokyo"
    assert (before - Session.objects.get(title__endswith="part 1").starts_at).total_seconds() // 3600 in (7, 8)

    at_each_width.open(settings)
    for section in ("Basics", "Danger zone"):
        at_each_width.press(section, role="link")
    at_each_width.press("Payment and taxes", role="link")
    page.get_by_label("Cheque", exact=True).check()
    at_each_width.press("Save payment")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("Cheque: how it is done").fill("To Ropeworks, Quay 7.")
    at_each_width.press("Save payment")
    assert Event.objects.get(pk=event.pk).cheque_details == "To Ropeworks, Quay 7."


def test_an_invited_registrar_sees_the_door_and_no_more(visitor, event, ada, bob, eve):
    give_role(eve, event, "organizer")
    owner, helper = visitor(), visitor(width=390)
    owner.open(f"/manage/{event.identifier}/people")
    sign_in(owner, ada)
    owner.page.get_by_label("E-mail").fill(bob.email)
    owner.page.get_by_label("Registrar").check()
    owner.press("Send the invitation")
    expect(owner.page.get_by_role("heading", name="Invited")).to_be_visible()

    link = re.search(r"/invites/\S+", Mail.objects.get(kind="event-role").text).group()
    helper.open(link)
    helper.press("Sign in to accept", role="link")
    sign_in(helper, bob)
    helper.press("Accept")
    assert helper.page.url.endswith(f"/manage/{event.identifier}/door")
    for hidden in ("people", "settings", "orders", "tickets"):
        assert helper.context.request.get(f"/manage/{event.identifier}/{hidden}").status == 403

    owner.open(f"/manage/{event.identifier}/people")
    owner.page.get_by_role("link", name="Change the role of Bob").click()
    owner.look()
    owner.press("Remove Bob")
    helper.open(f"/manage/{event.identifier}/door", status=404)
