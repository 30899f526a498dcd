"""The calendar file of an event."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from events.models import Session
from tests.contract.world import API, World


@pytest.fixture
def world(db):
    return World()


def entries(answer):
    calendar = Calendar.from_ical(answer.content)
    return {str(entry["summary"]): entry for entry in calendar.walk("VEVENT")}


def test_an_event_in_a_calendar_has_its_own_zone(world):
    event = world.event
    answer = API().get(f"/v1/events/{event.identifier}.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    [entry] = entries(answer).values()
    assert entry["dtstart"].dt == event.starts_at
    assert str(entry["dtstart"].dt.tzinfo) == "Europe/Berlin"


def test_sessions_come_along_when_asked_and_only_those_that_are_shown(world):
    accepted = world.rows["ours"]["session"]
    Session.objects.create(
        event=world.event,
        title="Not decided",
        state="pending",
        starts_at=accepted.starts_at,
        ends_at=accepted.starts_at + timedelta(hours=1),
    )
    found = entries(API().get(f"/v1/events/{world.event.pk}.ics", {"include_sessions": "true"}))
    assert set(found) == {world.event.name, accepted.title}
    assert str(found[accepted.title]["location"]) == "ours room, ours hall"


def test_a_schedule_of_ones_own_is_nobody_elses_whatever_number_is_sent(world):
    """The world's eve has starred a session."""
    session, eve = world.rows["ours"]["session"], world.people["eve"]
    path = f"/v1/events/{world.event.identifier}.ics?include_sessions&my_schedule&user_id={eve.pk}"
    found = {who: session.title in entries(world.api(who).get(path)) for who in ("eve", "buyer", "anonymous")}
    assert found == {"eve": True, "buyer": False, "anonymous": False}


def test_the_calendar_of_a_draft_is_its_teams(world):
    draft = world.rows["theirs"]["event"]
    statuses = [world.api(who).get(f"/v1/events/{draft.pk}.ics").status_code for who in ("anonymous", "eve", "admin")]
    assert statuses == [404, 404, 200]
