"""Finding events by words, date and place."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from events.models.catalog import EventTopic
from events.models.event import Event
from events.services.find_events import _bounds, find_events, known_places

pytestmark = pytest.mark.django_db


def make_event(name, *, days=10, **attributes):
    starts = timezone.now() + timedelta(days=days)
    facts = {"state": "published", "starts_at": starts, "ends_at": starts + timedelta(hours=3), **attributes}
    return Event.objects.create(name=name, **facts)


def names(**question):
    return [event.name for event in find_events(**question)]


def test_only_public_events_that_are_not_over_are_found():
    make_event("Open day")
    make_event("Running now", days=-0.05)
    make_event("Over", days=-3)
    make_event("Draft", state="draft")
    make_event("Private", privacy="private")
    make_event("Deleted", deleted_at=timezone.now())
    assert names() == ["Running now", "Open day"]


def test_every_word_has_to_occur_somewhere():
    make_event("Harbour Lights", location_name="The Old Ropeworks", owner_name="Quay Collective")
    make_event("Harbour Cleaning")
    assert names(words="harbour ROPEWORKS quay") == ["Harbour Lights"]
    assert names(words="harbour") == ["Harbour Lights", "Harbour Cleaning"]


def test_a_topic_is_searched_and_filtered():
    topic = EventTopic.objects.create(name="Music")
    make_event("Low Tide Orchestra", event_topic=topic)
    make_event("Rain Gardens")
    assert names(words="music") == names(topic=topic.slug) == ["Low Tide Orchestra"]


def test_a_period_holds_what_begins_in_it():
    make_event("In three days", days=3)
    make_event("In three weeks", days=21)
    assert names(period="week") == ["In three days"]
    assert names(period="month") == ["In three days", "In three weeks"]


def test_a_null_character_is_a_gap_between_words():
    make_event("Open day", location_name="Kiel")
    assert names(words="open\x00day") == names(place="\x00kiel") == ["Open day"]
    assert names(topic="\x00") == []


def test_an_unknown_period_asks_for_nothing():
    make_event("Open day")
    assert names(period="' OR 1=1") == ["Open day"]


@pytest.mark.parametrize("now", [datetime(2027, 3, 15, 9, tzinfo=UTC), datetime(2027, 3, 21, 9, tzinfo=UTC)])
def test_the_weekend_lasts_from_friday_evening_until_monday(now):
    first, last = _bounds("weekend", now)
    assert first == max(now, datetime(2027, 3, 19, 18, tzinfo=UTC))
    assert last == datetime(2027, 3, 22, tzinfo=UTC)


def test_a_place_is_part_of_its_name_or_online():
    make_event("Here", location_name="Kelder Hall, Norrhaven", searchable_location_name="Norrhaven")
    make_event("Everywhere", online=True)
    assert names(place="norrhav") == ["Here"]
    assert names(place="Online") == ["Everywhere"]
    assert known_places() == ["Norrhaven"]
