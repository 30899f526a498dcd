"""An event that moves, and what has a time of its own at it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Activity
from events.models import Event, Session, SpeakersCall
from events.services.move_event import CLOCK, MOMENT, Move, moment_at, move_event, wall
from events.tests.factories import make_event

pytestmark = pytest.mark.django_db

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
YEAR = datetime.now(UTC).year + 2


def clock(month, day, hour, minute=0):
    return datetime(YEAR, month, day, hour, minute)  # noqa: DTZ001 - what clocks say


def at(month, day, hour, minute=0):
    return moment_at(clock(month, day, hour, minute), BERLIN)


@pytest.fixture
def event(ada):
    """Two days in June; the clocks there change in March and October."""
    event = make_event(owner=ada, starts_at=at(6, 12, 9), ends_at=at(6, 13, 18), timezone=BERLIN)
    Session.objects.create(event=event, title="Opening", starts_at=at(6, 12, 10), ends_at=at(6, 12, 11, 30))
    Session.objects.create(event=event, title="Not planned yet")
    SpeakersCall.objects.create(event=event, starts_at=at(1, 1, 0), ends_at=at(5, 1, 23, 59))
    return event


def clocks(event):
    """What the clocks of the event say of everything at it."""
    event = Event.objects.get(pk=event.pk)
    opening, call = event.sessions.get(title="Opening"), event.speakers_calls.get()
    moments = (event.starts_at, event.ends_at, opening.starts_at, opening.ends_at, call.ends_at)
    return [f"{wall(moment, event.timezone):%m-%d %H:%M}" for moment in moments]


def move(event, ada, *, zone=BERLIN, starts=(6, 12, 9), ends=(6, 13, 18), keep):
    starts, ends = clock(*starts), clock(*ends)
    return move_event(event, by=ada, zone=zone, starts=starts, ends=ends, keep=keep)


def test_another_zone_with_the_local_times_kept(event, ada):
    before = clocks(event)
    opening = event.sessions.get(title="Opening").starts_at
    assert move(event, ada, zone=NEW_YORK, keep=CLOCK) == {"Sessions": 1, "Call for speakers": 1}
    assert clocks(event) == before
    assert event.sessions.get(title="Opening").starts_at == opening + timedelta(hours=6)


def test_another_zone_with_the_moments_kept(event, ada):
    assert move(event, ada, zone=NEW_YORK, keep=MOMENT) == {}
    assert clocks(event) == ["06-12 03:00", "06-13 12:00", "06-12 04:00", "06-12 05:30", "05-01 17:59"]


def test_a_later_date_takes_everything_along_by_the_clock(event, ada):
    """Through the night in which the clocks change: 10:00 stays 10:00."""
    move(event, ada, starts=(11, 12, 9), ends=(11, 13, 18), keep=CLOCK)
    assert clocks(event) == ["11-12 09:00", "11-13 18:00", "11-12 10:00", "11-12 11:30", "10-01 23:59"]


def test_the_event_moves_alone(event, ada):
    move(event, ada, starts=(6, 19, 9), ends=(6, 20, 18), keep=MOMENT)
    assert clocks(event) == ["06-19 09:00", "06-20 18:00", "06-12 10:00", "06-12 11:30", "05-01 23:59"]


def test_what_is_past_stays_but_the_programme_moves(event, ada):
    SpeakersCall.objects.update(starts_at=datetime(2020, 1, 1, tzinfo=UTC))
    move(event, ada, starts=(6, 19, 9), ends=(6, 20, 18), keep=CLOCK)
    call = event.speakers_calls.get()
    assert (call.starts_at, call.ends_at) == (datetime(2020, 1, 1, tzinfo=UTC), at(5, 8, 23, 59))


def test_deadlines_of_buyers_move_along(event, ada):
    Event.objects.filter(pk=event.pk).update(holders_change_until=at(6, 11, 20))
    move(event, ada, starts=(6, 19, 9), ends=(6, 20, 18), keep=CLOCK)
    assert Event.objects.get(pk=event.pk).holders_change_until == at(6, 18, 20)


def test_what_ends_up_outside_is_told(event):
    alone = Move(event=event, zone=BERLIN, starts=clock(6, 13, 9), ends=clock(6, 14, 18), keep=MOMENT)
    told = {title: [step.warning for step in steps] for title, steps in alone.groups()}
    assert told["Sessions"] == ["Before the event starts"] * 2
    assert told["Call for speakers"] == ["", ""]


def test_a_shorter_day_touches_only_what_it_cuts_off(event):
    shorter = Move(event=event, zone=BERLIN, starts=clock(6, 12, 9), ends=clock(6, 13, 17), keep=CLOCK)
    assert not shorter.touches_more()
    shorter.ends = clock(6, 12, 11)
    assert shorter.touches_more()


def test_dates_that_do_not_hold_move_nothing(event, ada):
    before = clocks(event)
    with pytest.raises(ValidationError):
        move(event, ada, starts=(6, 19, 9), ends=(6, 18, 9), keep=CLOCK)
    with pytest.raises(ValidationError):
        move(event, ada, zone="Europe/Nowhere", keep=CLOCK)
    assert clocks(event) == before


def test_a_move_is_in_the_log(event, ada):
    move(event, ada, starts=(6, 19, 9), ends=(6, 20, 18), keep=CLOCK)
    lines = {line.action: line.detail for line in Activity.objects.filter(event_id=event.pk)}
    assert lines["event.changed"] == {"fields": ["ends_at", "starts_at"]}
    assert lines["event.moved"] == {"keep": "clock", "moved": {"Sessions": 1, "Call for speakers": 1}}
