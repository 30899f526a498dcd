"""The numbers of an event's programme."""

import json

import pytest

from accounts.services.tokens import give_tokens
from events.models import Session, Speaker, Sponsor
from events.tests.factories import make_event
from openevent.core.negotiation import JSONAPI


@pytest.fixture
def ask(client):
    """The answer to somebody, or to nobody in particular."""

    def answer(who, path, *, method="GET", **params):
        token = {"Authorization": f"JWT {give_tokens(who)['access_token']}"} if who else {}
        if method == "GET":
            return client.get(path, params, headers=token)
        return client.generic(method, path, json.dumps(params), content_type=JSONAPI, headers=token)

    return answer


@pytest.fixture
def event(ada, cora):
    event = make_event(owner=ada, coorganizer=cora)
    for number, state in enumerate(("accepted", "accepted", "draft", "rejected", "withdrawn")):
        session = Session.objects.create(event=event, title=f"Talk {number}", state=state)
        session.speakers.add(Speaker.objects.create(event=event, name=f"Speaker {number}"))
    session.hide()
    Sponsor.objects.create(event=event, name="Mill")
    other = make_event(owner=ada)
    Session.objects.create(event=other, title="Elsewhere", state="accepted")
    return event


def test_the_team_reads_how_much_of_a_programme_there_is(ask, cora, event):
    found = ask(cora, f"/v1/events/{event.identifier}/general-statistics").json()["data"]
    assert (found["type"], found["id"]) == ("event-statistics-general", str(event.pk))
    assert found["attributes"] == {
        "identifier": event.identifier,
        "deleted-at": None,
        "sessions": 4,
        "sessions-draft": 1,
        "sessions-submitted": 3,
        "sessions-accepted": 2,
        "sessions-confirmed": 0,
        "sessions-pending": 0,
        "sessions-rejected": 1,
        "sessions-withdrawn": 0,
        "sessions-canceled": 0,
        "speakers": 5,
        "speaker-without-session": 1,
        "sponsors": 1,
    }


def test_nobody_else_does(ask, eve, event):
    for who in (None, eve):
        assert ask(who, f"/v1/events/{event.pk}/general-statistics").status_code == 404
        found = ask(who, f"/v1/events/{event.pk}", include="general-statistics").json()
        assert found["included"] == []


def test_numbers_are_not_written(ask, ada, event):
    for method in ("PATCH", "DELETE", "POST"):
        assert ask(ada, f"/v1/events/{event.pk}/general-statistics", method=method, data={}).status_code == 405
