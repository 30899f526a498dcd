"""What clients rely on at every address: preflights, HEAD, media types, the shape of lists, operators, moments."""

import json
import re

import pytest
from django.test import Client

from events.models import Session
from openevent.core.negotiation import JSONAPI
from openevent.core.registry import registry
from tests.contract.front_end import ORIGIN
from tests.contract.test_matrix import document_of, filled
from tests.contract.test_permissions import TABLE, TYPES
from tests.contract.url_map import concrete, methods_of, routes
from tests.contract.world import API, resource_document

pytestmark = pytest.mark.once

DETAILED = [kind for kind in TYPES if "retrieve" in registry.by_type[kind].viewset.verbs]
LISTED = [kind for kind in TYPES if "list" in registry.by_type[kind].viewset.verbs]


# ── Every address ────────────────────────────────────────────────────────────────────────────────


def test_every_call_of_every_address_is_preflighted_from_an_allowed_origin_and_from_no_other(world, settings):
    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]
    browser, wrong = Client(), []
    for route, view in routes():
        for method in methods_of(view):
            asked = {
                "Access-Control-Request-Method": method,
                "Access-Control-Request-Headers": "authorization,content-type",
            }
            answer = browser.options(concrete(route), headers={"Origin": ORIGIN, **asked})
            allowed = method in answer.headers.get("Access-Control-Allow-Methods", "")
            if not (allowed and answer["Access-Control-Allow-Origin"] == ORIGIN):
                wrong.append((method, route))
            refused = browser.options(concrete(route), headers={"Origin": "https://evil.example", **asked})
            if "Access-Control-Allow-Origin" in refused.headers:
                wrong.append((route, "evil"))
    assert wrong == []


def test_a_refusal_of_every_address_is_read_by_an_allowed_origin(world, settings):
    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]
    browser, wrong = Client(), []
    for route, view in routes():
        method = "PUT" if "PUT" not in methods_of(view) else "TRACE"
        answer = browser.generic(method, concrete(route), headers={"Origin": ORIGIN})
        if answer.status_code < 400 or answer.headers.get("Access-Control-Allow-Origin") != ORIGIN:
            wrong.append((route, answer.status_code))
        elif "error" not in (found := answer.json()) and found["errors"][0]["status"] != answer.status_code:
            wrong.append((route, answer.content))
    assert wrong == []


def test_head_is_answered_like_get_at_every_address(world):
    addresses = [filled(world, line.split()[1], "ours") for line in TABLE["addresses"] if line.startswith("GET")]
    addresses += [world.address(kind) for kind in DETAILED] + [f"/v1/{registry.by_type[kind].path}" for kind in LISTED]
    wrong = []
    for address in addresses:
        for who in ("anonymous", "eve", "owner"):
            get, head = world.ask(who, "GET", address), world.ask(who, "HEAD", address)
            tags = [answer.headers.get("ETag") for answer in (get, head)]
            if get.status_code != head.status_code or tags[0] != tags[1]:
                wrong.append((who, address, get.status_code, head.status_code))
    assert wrong == []


# ── Every type ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", LISTED)
def test_a_list_has_the_shape_that_clients_read(world, kind):
    api, path = world.api("superadmin"), f"/v1/{registry.by_type[kind].path}"
    answer = api.get(path, {"page[size]": 1, "ignored": "x", "filter[name]": "x", "cache": "true"})
    document = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (200, JSONAPI)
    assert document["jsonapi"] == {"version": "1.0"}
    assert isinstance(document["meta"]["count"], int)
    assert document["links"]["self"].startswith(path)
    assert ("next" in document["links"]) == (document["meta"]["count"] > 1)
    for row in document["data"]:
        assert row["type"] == kind
        assert isinstance(row["id"], str)
        assert row["links"]["self"].startswith("/v1/")
        assert not [name for name in (*row["attributes"], *row["relationships"]) if "_" in name]
        assert {name: set(each) for name, each in row["relationships"].items() if set(each) != {"links"}} == {}


@pytest.mark.parametrize("kind", TYPES)
def test_documents_of_the_wrong_form_are_refused_each_with_its_own_status(world, kind):
    resource, api = registry.by_type[kind], world.api("superadmin")
    places = [("POST", f"/v1/{resource.path}", "create"), ("PATCH", world.address(kind), "partial_update")]
    for method, address, verb in places:
        if verb not in resource.viewset.verbs:
            continue
        good, more = {"data": {"type": kind, "id": str(world.rows["ours"][kind].pk)}}, {"headers": api.headers}

        def send(body, media_type=JSONAPI, *, call=(method, address), more=more):
            return api.client.generic(*call, body, content_type=media_type, **more)

        for media_type in ("application/json", f"{JSONAPI}; charset=utf-8", "text/plain"):
            assert send(json.dumps(good), media_type).status_code == 415, media_type
        for body in ("{", "nonsense", b"\xff", '{"data": NaN}'):
            answer = send(body)
            assert (answer.status_code, answer.json()["errors"][0]["status"]) == (400, 400), body
        for body in ({}, {"data": []}, {"data": {"id": "1"}}):
            assert send(json.dumps(body)).status_code == 400, body
        assert send(json.dumps({"data": {**good["data"], "type": "nonsense"}})).status_code == 409
        if verb == "partial_update":
            assert send(json.dumps({"data": {"type": kind}})).status_code == 400
            assert send(json.dumps({"data": {"type": kind, "id": "987654321"}})).status_code == 400


@pytest.mark.parametrize("kind", DETAILED)
def test_what_a_client_does_not_take_is_not_sent(world, kind):
    api = world.api("superadmin")
    assert api.get(world.address(kind), Accept="text/csv").status_code == 406
    answer = api.get(world.address(kind), Accept="text/html, application/vnd.api+json;q=0.9")
    assert (answer.status_code, "meta" in answer.json()) == (200, False)


# ── Operators ────────────────────────────────────────────────────────────────────────────────────

OPERATORS = {  # name: (attribute, a value that holds, a value that does not)
    "eq": ("title", "ours session", "other"),
    "ne": ("title", "other", "ours session"),
    "lt": ("level", "b", "a"),
    "le": ("level", "a1", "a"),
    "gt": ("level", "a", "a1"),
    "ge": ("level", "a1", "b"),
    "like": ("title", "ours%", "session%"),
    "ilike": ("title", "%SESSION", "SESSION"),
    "notlike": ("title", "session%", "ours%"),
    "notilike": ("title", "SESSION", "%SESSION"),
    "in": ("title", ["ours session"], ["other"]),
    "notin": ("title", ["other"], ["ours session"]),
    "is": ("is-locked", False, True),
    "isnot": ("subtitle", "x", None),
    "between": ("level", ["a", "b"], ["b", "c"]),
    "startswith": ("title", "ours", "session"),
    "endswith": ("title", "session", "ours"),
    "contains": ("title", "rs se", "%"),
}


@pytest.mark.parametrize("spelling", ["{}", "{}_", "__{}__"])
@pytest.mark.parametrize("op", OPERATORS)
def test_operators_find_what_they_say_in_each_spelling(world, op, spelling):
    if spelling == "__{}__" and op.startswith(("i", "not")):
        spelling = "{}"
    Session.objects.update(level="a1", subtitle="a")
    name, holds, does_not = OPERATORS[op]
    address = f"{world.address('event')}/sessions"
    for value, count in ((holds, 1), (does_not, 0)) if (op, does_not) != ("isnot", None) else ((None, 1),):
        condition = json.dumps([{"name": name, "op": spelling.format(op), "val": value}])
        answer = world.api("owner").get(address, {"filter": condition}).json()
        assert answer["meta"]["count"] == count, value


@pytest.mark.parametrize("op", ["match", "regexp", "op", "concat", "", "eq; --", "EQ", "desc", "label", "distinct"])
def test_there_is_no_other_operator(world, op):
    condition = json.dumps([{"name": "title", "op": op, "val": "x"}])
    answer = world.api("owner").get("/v1/sessions", {"filter": condition})
    assert (answer.status_code, answer.json()["errors"][0]["source"]) == (400, {"parameter": "filter"})


# ── Moments, numbers, texts ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "sent",
    [
        *("2031-05-01T14:30:00+05:30", "2031-05-01T09:00:00Z", "2031-05-01T09:00:00", "2031-05-01T09:00:00.000Z"),
        *("2031-05-01T04:00:00-05:00", "2031-05-01T09:00:00.000000+00:00"),
    ],
)
def test_a_moment_is_taken_with_any_offset_and_read_in_utc(world, sent):
    attributes = {"starts_at": sent, "ends_at": "2031-05-01T18:00:00Z"}
    document = resource_document("event", key=world.event.pk, **attributes)
    answer = API(world.people["owner"]).patch(world.address("event"), document).json()["data"]["attributes"]
    assert answer["starts-at"] == "2031-05-01T09:00:00+00:00"
    condition = json.dumps([{"name": "starts-at", "op": "eq", "val": sent}])
    assert API(world.people["owner"]).get("/v1/events", {"filter": condition}).json()["meta"]["count"] == 1


def test_every_moment_is_written_with_its_offset(world):
    for kind in DETAILED:
        attributes = document_of(world.ask("superadmin", "GET", world.address(kind)))["data"]["attributes"]
        for name, value in attributes.items():
            if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value):
                assert value.endswith(("+00:00", "Z")), (kind, name, value)


def test_fields_and_includes_are_named_with_dashes_or_underscores_in_lists_too(world):
    api, sessions = world.api("owner"), f"{world.address('event')}/sessions"
    for names in ("starts-at,ends-at", "starts_at,ends_at", "starts-at,ends_at"):
        [row] = api.get(sessions, {"fields[session]": names}).json()["data"]
        assert set(row["attributes"]) == {"starts-at", "ends-at"}
    for name in ("session-type", "session_type"):
        assert [row["type"] for row in api.get(sessions, {"include": name}).json()["included"]] == ["session-type"]


def test_a_new_row_says_where_it_is_and_a_removed_one_that_it_is_gone(world):
    api = API(world.people["owner"])
    for kind, more in (("sponsor", {}), ("track", {"color": "#123456"}), ("microlocation", {})):
        document = resource_document(kind, relationships={"event": world.event}, name="New", **more)
        answer = api.post(f"/v1/{registry.by_type[kind].path}", document)
        assert (answer.status_code, answer["Location"]) == (201, answer.json()["data"]["links"]["self"])
        gone = api.delete(answer["Location"])
        assert gone.json() == {"meta": {"message": "Object successfully deleted"}, "jsonapi": {"version": "1.0"}}
        assert api.get(answer["Location"]).status_code == 404
