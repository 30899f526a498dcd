"""The pages with the whole programme and all speakers."""

from datetime import UTC, datetime, timedelta

import pytest

from events.models.event import Event
from events.models.programme import Session, Speaker

pytestmark = pytest.mark.django_db
OPENING = datetime(2027, 4, 24, 7, tzinfo=UTC)


@pytest.fixture
def event():
    return Event.objects.create(
        name="Harbour Lights",
        state="published",
        timezone="Europe/Berlin",
        starts_at=OPENING,
        ends_at=OPENING + timedelta(hours=33),
    )


def add_session(event, title, *, hours=0.0, state="accepted", speaker=None):
    starts = OPENING + timedelta(hours=hours)
    session = Session.objects.create(
        event=event, title=title, state=state, starts_at=starts, ends_at=starts + timedelta(minutes=45)
    )
    if speaker:
        session.speakers.add(Speaker.objects.create(event=event, name=speaker))
    return session


def page(client, event, what, query=""):
    answer = client.get(f"/e/{event.identifier}/{what}{query}")
    return answer, answer.content.decode()


def test_sessions_are_shown_by_day_on_the_clocks_of_the_event(client, event):
    add_session(event, "Offline first", hours=0.5, speaker="Ines Varga")
    add_session(event, "Second morning", hours=25)
    _, text = page(client, event, "programme")
    assert [text.count(words) for words in ("Saturday 24 April 2027", "Sunday 25 April 2027", ">09:30<")] == [
        1,
        1,
        1,
    ]
    assert "Ines Varga" in text


def test_one_day_can_be_asked_for(client, event):
    add_session(event, "Offline first")
    add_session(event, "Second morning", hours=25)
    _, text = page(client, event, "programme", "?day=2027-04-25")
    assert ("Second morning" in text, "Offline first" in text) == (True, False)


@pytest.mark.parametrize("state", ["draft", "pending", "rejected", "withdrawn"])
def test_what_is_not_accepted_is_not_shown(client, event, state):
    add_session(event, "Secret talk", state=state, speaker="Shy Person")
    texts = [page(client, event, what)[1] for what in ("programme", "speakers")]
    assert not any("Secret talk" in text or "Shy Person" in text for text in texts)


def test_speakers_are_shown_with_their_sessions(client, event):
    add_session(event, "Offline first", speaker="Ines Varga")
    _, text = page(client, event, "speakers")
    assert "Ines Varga" in text
    assert "Offline first" in text


def test_both_pages_ask_the_database_as_often_for_one_session_as_for_three(client, event, django_assert_num_queries):
    counts = []
    for number in (1, 2, 3):
        add_session(event, f"Session {number}", hours=number, speaker=f"Person {number}")
        if number != 2:
            with django_assert_num_queries(12, exact=False) as asked:
                page(client, event, "programme")
                page(client, event, "speakers")
            counts.append(len(asked.captured_queries))
    assert counts[0] == counts[1]


def test_a_draft_is_not_there_for_the_public_and_a_private_event_opens_by_its_identifier(client, event):
    Event.objects.filter(pk=event.pk).update(state="draft")
    draft, _ = page(client, event, "programme")
    Event.objects.filter(pk=event.pk).update(state="published", privacy="private")
    private, _ = page(client, event, "programme")
    assert (draft.status_code, private.status_code) == (404, 200)
