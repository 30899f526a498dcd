"""Filters, sorts, includes, fields and pages: what clients send works, and nothing else gets through."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Event, Session, Speaker, Track

HOSTILE_NAMES = [
    "user__password__startswith",
    "event__owner__password",
    "_state",
    "pk",
    "creator__password",
    "deleted_at__isnull",
    "id; DROP TABLE events_event",
    "title)--",
    "__class__",
    "",
]
BAD_FILTERS = [
    "nonsense",
    "{",
    "1",
    '"x"',
    "[1]",
    '[{"name":"title"}]',
    '[{"name":"title","op":"eq"}]',
    '[{"name":1,"op":"eq","val":1}]',
    '[{"name":"title","op":"regex","val":"(a+)+$"}]',
    '[{"name":"title","op":"__class__","val":"x"}]',
    '[{"name":"title","op":"eq","val":{"a":1}}]',
    '[{"name":"title","op":"in","val":"x"}]',
    '[{"name":"starts-at","op":"ge","val":"yesterday"}]',
    '[{"name":"is-locked","op":"eq","val":"perhaps"}]',
    '[{"name":"title","op":"ilike","val":5}]',
    '[{"name":"track","op":"has","val":"x"}]',
    '[{"name":"track","op":"gt","val":1}]',
    '[{"or":{"name":"title"}}]',
    '[{"not":[]}]',
    '[{"name":"title","op":"eq","field":"password"}]',
    '[{"name":"title","op":"eq","val":"a\\u0000b"}]',
    '[{"name":"id","op":"eq","val":"99999999999999999999999"}]',
    '[{"name":"title","op":"like","val":"' + "%a" * 40 + '"}]',
    json.dumps([{"not": {"not": {"not": {"not": {"not": {"not": {"not": {"not": {}}}}}}}}}]),
    "[" * 2000 + "]" * 2000,
]


@pytest.fixture
def sessions(world):
    """The address of our event's sessions."""
    return f"{world.address('event')}/sessions"


def titles(answer):
    assert answer.status_code == 200, answer.content
    return [row["attributes"]["title"] for row in answer.json()["data"]]


# ── Filters ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", HOSTILE_NAMES)
@pytest.mark.parametrize("parameter", ["filter", "sort", "fields[session]", "include"])
def test_a_name_that_is_not_an_attribute_is_refused(world, sessions, name, parameter):
    value = json.dumps([{"name": name, "op": "eq", "val": "x"}]) if parameter == "filter" else name
    answer = world.api("eve").get(sessions, {parameter: value})
    if not name and parameter != "filter":
        assert answer.status_code == 200  # nothing was asked
        return
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["source"] == {"parameter": parameter}


@pytest.mark.parametrize("text", BAD_FILTERS, ids=lambda text: text[:40])
def test_a_filter_that_makes_no_sense_is_refused(world, sessions, text):
    answer = world.api("eve").get(sessions, {"filter": text})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["source"] == {"parameter": "filter"}


@pytest.mark.parametrize(
    "condition",
    [
        {"name": "title", "op": "eq", "val": "ours session"},
        {"name": "title", "op": "ilike", "val": "%OURS%"},
        {"name": "title", "op": "like", "val": "ours%"},
        {"name": "title", "op": "in", "val": ["ours session", "x"]},
        {"name": "title", "op": "in_", "val": ["ours session", "x"]},
        {"name": "title", "op": "ne", "val": "x"},
        {"name": "level", "op": "eq", "val": None},
        {"name": "subtitle", "op": "is_", "val": None},
        {"name": "starts-at", "op": "isnot", "val": None},
        {"name": "starts_at", "op": "ge", "val": "2020-01-01T00:00:00.000Z"},
        {"name": "ends-at", "op": "gt", "field": "starts-at"},
        {"name": "is-locked", "op": "eq", "val": "false"},
        {"name": "average-rating", "op": "eq", "val": "0"},
        {"name": "track", "op": "has", "val": {"name": "name", "op": "ilike", "val": "%track%"}},
        {"name": "track", "op": "ne", "val": None},
        {"name": "track__name", "op": "has", "val": "ours track"},
        {"name": "speakers", "op": "any", "val": {"name": "name", "op": "ilike", "val": "%speak%"}},
        {
            "name": "event",
            "op": "has",
            "val": {"name": "speakers", "op": "any", "val": {"name": "name", "op": "ne", "val": ""}},
        },
        {"name": "favourites", "op": "eq", "val": None},
        {"or": []},
        {
            "and": [
                {
                    "or": [
                        {"name": "state", "op": "eq", "val": "confirmed"},
                        {"name": "state", "op": "eq", "val": "accepted"},
                    ]
                }
            ]
        },
        {"not": {"name": "title", "op": "eq", "val": "x"}},
    ],
    ids=json.dumps,
)
def test_what_clients_ask_for_is_understood(world, sessions, condition):
    api = world.api("owner")
    assert titles(api.get(sessions, {"filter": json.dumps([condition])})) == ["ours session"]
    opposite = [] if condition != {"or": []} else ["ours session"]
    assert titles(api.get(sessions, {"filter": json.dumps([{"not": condition}])})) == opposite


def test_speakers_without_a_session_are_found_by_null(world):
    Speaker.objects.create(event=world.event, name="Quiet")
    condition = [{"name": "sessions", "op": "eq", "val": None}]
    answer = world.api("owner").get(f"{world.address('event')}/speakers", {"filter": json.dumps(condition)})
    assert [row["attributes"]["name"] for row in answer.json()["data"]] == ["Quiet"]


def test_a_private_attribute_cannot_be_found_out_by_filtering(world):
    """The speaker's address is found by the team and the speaker, and by nobody else."""
    address = world.rows["ours"]["speaker"].email
    condition = json.dumps([{"name": "email", "op": "eq", "val": address}])
    nested = json.dumps([{"name": "speakers", "op": "any", "val": {"name": "email", "op": "eq", "val": address}}])
    for who, count in (("anonymous", 0), ("eve", 0), ("buyer", 0), ("speaker", 1), ("owner", 1), ("admin", 1)):
        api, event = world.api(who), world.address("event")
        assert api.get(f"{event}/speakers", {"filter": condition}).json()["meta"]["count"] == count
        assert api.get(f"{event}/sessions", {"filter": nested}).json()["meta"]["count"] == count


def test_a_private_attribute_does_not_order_rows_for_those_who_cannot_read_it(world):
    for number, address in enumerate(["b@example.org", "a@example.org"]):
        speaker = Speaker.objects.create(event=world.event, name=f"S{number}", email=address)
        speaker.sessions.add(world.rows["ours"]["session"])
    by_address = f"{world.address('event')}/speakers"
    names = [row["id"] for row in world.api("eve").get(by_address, {"sort": "email"}).json()["data"]]
    assert names == sorted(names, key=int)


def test_rows_at_the_far_end_that_are_hidden_do_not_answer_a_filter(world):
    """Whether an event has a session that nobody may see yet cannot be asked."""
    Session.objects.create(event=world.event, title="Secret keynote", state="pending")
    condition = [{"name": "sessions", "op": "any", "val": {"name": "title", "op": "eq", "val": "Secret keynote"}}]
    for who, count in (("anonymous", 0), ("eve", 0), ("owner", 1)):
        answer = world.api(who).get("/v1/events", {"filter": json.dumps(condition)})
        assert answer.json()["meta"]["count"] == count


# ── Sorting, fields, includes ────────────────────────────────────────────────────────────────────


def test_sorting_by_attributes_and_through_a_relation(world, sessions):
    early = Track.objects.create(event=world.event, name="A track", color="#fff")
    Session.objects.create(event=world.event, title="another", state="accepted", track=early)
    api = world.api("owner")
    assert titles(api.get(sessions, {"sort": "title"})) == ["another", "ours session"]
    assert titles(api.get(sessions, {"sort": "-title,id"})) == ["ours session", "another"]
    assert titles(api.get(sessions, {"sort": "track.name"})) == ["another", "ours session"]
    assert titles(api.get(sessions, {"sort": "-starts_at"})) == ["ours session", "another"]


def test_sparse_fields_keep_what_clients_cannot_do_without(world, sessions):
    api = world.api("eve")
    [row] = api.get(sessions, {"fields[session]": "id"}).json()["data"]
    assert row["attributes"] == {}
    event = api.get(world.address("event"), {"fields[event]": "name"}).json()["data"]
    assert event["attributes"] == {"identifier": world.event.identifier, "name": world.event.name}


def test_include_goes_three_steps_and_no_further(world):
    api, event = world.api("owner"), world.address("event")
    assert api.get(event, {"include": "sessions.track.event"}).status_code == 200
    assert api.get(event, {"include": "sessions.track.event.tracks"}).status_code == 400
    assert api.get(event, {"include": "group.followers.user"}).status_code == 200  # a type not served: nothing there
    assert api.get(event, {"include": "secrets"}).status_code == 400


def test_an_empty_relation_that_is_included_says_null(world):
    session = Session.objects.create(event=world.event, title="Bare", state="accepted")
    answer = world.api("eve").get(f"/v1/sessions/{session.pk}", {"include": "track,speakers,favourite"}).json()
    linkage = {name: answer["data"]["relationships"][name]["data"] for name in ("track", "speakers", "favourite")}
    assert linkage == {"track": None, "speakers": [], "favourite": None}


def test_an_empty_to_one_asked_by_its_link_is_null(world):
    session = Session.objects.create(event=world.event, title="Bare", state="accepted")
    answer = world.api("eve").get(f"/v1/sessions/{session.pk}/track")
    assert (answer.status_code, answer.json()["data"]) == (200, None)


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────


def test_pages_link_to_each_other_and_count_everything(world, sessions):
    Session.objects.bulk_create(
        Session(event=world.event, title=f"Talk {number:02}", state="accepted") for number in range(24)
    )
    api = world.api("eve")
    page = api.get(sessions, {"page[size]": 10, "page[number]": 2, "sort": "title"}).json()
    assert page["meta"] == {"count": 25}
    assert len(page["data"]) == 10
    assert set(page["links"]) == {"self", "first", "last", "prev", "next"}
    last = api.get(page["links"]["last"]).json()
    assert len(last["data"]) == 5
    assert "next" not in last["links"]
    assert len(api.get(sessions).json()["data"]) == 20
    assert len(api.get(sessions, {"page[size]": 0}).json()["data"]) == 25
    assert set(api.get(sessions, {"page[size]": 0}).json()["links"]) == {"self"}


@pytest.mark.parametrize(
    "page", [{"page[size]": "-1"}, {"page[size]": "x"}, {"page[number]": "0"}, {"page[limit]": "1"}]
)
def test_a_page_that_makes_no_sense_is_refused(world, sessions, page):
    assert world.api("eve").get(sessions, page).status_code == 400


def test_no_page_holds_more_than_the_server_allows(world, monkeypatch):
    monkeypatch.setattr("openevent.core.viewsets.AT_MOST", 2)
    Event.objects.bulk_create(
        Event(name=f"E{n}", state="published", starts_at=world.event.starts_at, ends_at=world.event.ends_at)
        for n in range(3)
    )
    for size in ("0", "1000000"):
        answer = world.api("eve").get("/v1/events", {"page[size]": size}).json()
        assert len(answer["data"]) == 2
        assert answer["meta"] == {"count": 4}
        assert "next" in answer["links"]


def test_a_page_costs_the_same_whatever_its_size(world, sessions):
    Session.objects.bulk_create(Session(event=world.event, title=f"T{n}", state="accepted") for n in range(30))
    api, costs = world.api("owner"), set()
    api.get(sessions, {"page[size]": 1, "include": "track,speakers,microlocation"})  # how many there are is kept
    for size in (2, 10, 29):
        with CaptureQueriesContext(connection) as queries:
            api.get(sessions, {"page[size]": size, "include": "track,speakers,microlocation"})
        costs.add(len(queries))
    assert len(costs) == 1


def test_rows_are_counted_once_until_one_of_them_changes(world, sessions):
    def page(number):
        with CaptureQueriesContext(connection) as queries:
            count = world.api("owner").get(sessions, {"page[size]": 2, "page[number]": number}).json()["meta"]["count"]
        return count, sum("COUNT(" in query["sql"] for query in queries)

    Session.objects.bulk_create(Session(event=world.event, title=f"T{n}", state="accepted") for n in range(4))
    assert [page(1), page(2), page(3)] == [(5, 1), (5, 0), (5, 0)]
    world.rows["ours"]["session"].hide()
    assert [page(1), page(2)] == [(4, 1), (4, 0)]


def test_the_next_page_begins_where_the_last_one_ended(world, sessions):
    Session.objects.bulk_create(Session(event=world.event, title=f"T{n}", state="accepted") for n in range(6))

    def page(number):
        with CaptureQueriesContext(connection) as queries:
            rows = world.api("owner").get(sessions, {"page[size]": 2, "page[number]": number}).json()["data"]
        return [int(row["id"]) for row in rows], any("OFFSET" in query["sql"] for query in queries)

    ids = list(Session.objects.filter(event=world.event).values_list("pk", flat=True))
    assert [page(1), page(2), page(4)] == [(ids[:2], False), (ids[2:4], False), (ids[6:], True)]
    Session.objects.get(pk=ids[0]).hide()
    assert page(2) == (ids[3:5], True)


def test_a_list_includes_no_row_beside_its_rows_that_one_does_not_see(world, sessions):
    """A speaker's own session at a draft of others; a track in the trash."""
    eve, theirs, ours = world.people["eve"], world.rows["theirs"], world.rows["ours"]
    own = Session.objects.create(
        event=theirs["event"], title="Mine", creator=eve, track=theirs["track"], microlocation=theirs["microlocation"]
    )
    asked = {"include": "track,microlocation", "filter": json.dumps([{"name": "title", "op": "eq", "val": "Mine"}])}
    shown = world.api("eve").get("/v1/sessions", asked).json()
    assert [(row["id"], row["relationships"]["track"]["data"]) for row in shown["data"]] == [(str(own.pk), None)]
    assert shown["included"] == []

    Track.objects.get(pk=ours["track"].pk).hide()
    shown = world.api("organizer").get(sessions, {"include": "track,microlocation"}).json()
    assert {row["type"] for row in shown["included"]} == {"microlocation"}
    assert {row["relationships"]["track"]["data"] for row in shown["data"]} == {None}


@pytest.mark.parametrize(("who", "most"), [("anonymous", 3), ("registrar", 5), ("organizer", 5)])
def test_a_list_with_three_includes_takes_few_queries(world, sessions, who, most):
    """Who asks and their roles, the event, the page with track and room beside it, the speakers: nothing a row."""
    asked = {"page[size]": 0, "include": "track,speakers,microlocation"}
    with CaptureQueriesContext(connection) as queries:
        shown = world.api(who).get(sessions, asked).json()
    assert len(queries) == most
    assert {row["type"] for row in shown["included"]} == {"track", "speaker", "microlocation"}
