"""A link between two rows needs the rules at both ends, from whichever end and by whichever call it is made."""

import pytest

from events.models import Session, Speaker
from tests.contract.front_end import one
from tests.contract.world import API


@pytest.fixture
def speaker(world):
    return API(world.people["speaker"])


@pytest.fixture
def own(world):
    """The speaker's own profile."""
    return world.rows["ours"]["speaker"]


@pytest.fixture
def of_others(world):
    return Session.objects.create(
        event=world.event, title="Not theirs", state="accepted", creator=world.people["owner"]
    )


def sessions_of(speaker, *sessions):
    links = {"sessions": {"data": [one("session", session) for session in sessions]}}
    return {"data": {"type": "speaker", "id": str(speaker.pk), "relationships": links}}


def test_nobody_makes_themself_a_speaker_of_another_s_session(world, speaker, own, of_others):
    links = f"/v1/speakers/{own.pk}/relationships/sessions"
    answers = [
        speaker.patch(f"/v1/speakers/{own.pk}", sessions_of(own, of_others, *own.sessions.all())),
        speaker.post(links, {"data": [one("session", of_others)]}),
        speaker.patch(links, {"data": [one("session", of_others)]}),
    ]
    for answer in answers:
        assert answer.status_code == 403
        assert answer.json()["errors"][0]["source"]["pointer"].startswith("/data")
    assert not of_others.speakers.exists()


def test_nobody_makes_another_speak_at_their_session(world, speaker, own):
    another = Speaker.objects.create(event=world.event, name="Nell", email="nell@example.org")
    another.sessions.add(Session.objects.create(event=world.event, title="Shown", state="accepted"))
    session = world.rows["ours"]["session"]
    answer = speaker.post(f"/v1/sessions/{session.pk}/relationships/speakers", {"data": [one("speaker", another)]})
    assert (answer.status_code, list(session.speakers.all())) == (403, [own])


def test_a_locked_session_keeps_its_speakers(world, speaker, own):
    session = world.rows["ours"]["session"]
    Session.objects.filter(pk=session.pk).update(is_locked=True)
    answers = [
        speaker.patch(f"/v1/speakers/{own.pk}", sessions_of(own)),
        speaker.delete(f"/v1/speakers/{own.pk}/relationships/sessions", {"data": [one("session", session)]}),
        speaker.delete(f"/v1/sessions/{session.pk}/relationships/speakers", {"data": [one("speaker", own)]}),
        speaker.patch(f"/v1/sessions/{session.pk}/relationships/speakers", {"data": []}),
    ]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert list(session.speakers.all()) == [own]
    assert speaker.patch(f"/v1/speakers/{own.pk}", sessions_of(own, session)).status_code == 200


def test_the_team_and_the_speaker_link_what_is_theirs(world, speaker, own, of_others):
    for name in ("organizer", "co-organizer"):
        api = API(world.people[name])
        assert api.patch(f"/v1/speakers/{own.pk}", sessions_of(own, of_others)).status_code == 200
        links = f"/v1/sessions/{of_others.pk}/relationships/speakers"
        assert api.delete(links, {"data": [one("speaker", own)]}).status_code == 200
    mine = Session.objects.create(event=world.event, title="Mine", state="pending", creator=world.people["speaker"])
    links = {"speakers": {"data": [one("speaker", own)]}}
    document = {"data": {"type": "session", "id": str(mine.pk), "relationships": links}}
    assert speaker.patch(f"/v1/sessions/{mine.pk}", document).status_code == 200
    assert list(mine.speakers.all()) == [own]


def test_a_moderator_moves_states_and_no_speakers(world, own):
    session, moderator = world.rows["ours"]["session"], API(world.people["moderator"])
    links = f"/v1/sessions/{session.pk}/relationships/speakers"
    assert moderator.delete(links, {"data": [one("speaker", own)]}).status_code == 403


def test_what_a_code_opens_is_checked_at_its_relationship_too(world):
    owner, rows = API(world.people["owner"]), world.rows["ours"]
    links = f"/v1/access-codes/{rows['access-code'].pk}/relationships/tickets"
    assert owner.post(links, {"data": [one("ticket", rows["ticket"])]}).status_code == 409
    assert rows["access-code"].tickets.count() == 1
