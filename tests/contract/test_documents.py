"""Documents as old clients send them: what is understood, what is passed over, what is refused and how."""

import pytest

from events.models import Event, Session, Track
from tests.contract.world import resource_document


@pytest.fixture
def track(world):
    return world.rows["ours"]["track"]


def post(world, path, body, who="owner", content_type="application/vnd.api+json"):
    api = world.api(who)
    return api.client.generic("POST", path, body, content_type=content_type, headers=api.headers)


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        (b"{", 400, None),
        (b"[]", 400, "/data"),
        (b'{"data": []}', 400, "/data"),
        (b'{"data": {"attributes": {}}}', 400, "/data/type"),
        (b'{"data": {"type": "event"}}', 409, "/data/type"),
        (b'{"data": {"type": "track", "attributes": []}}', 422, None),
        (b'{"data": {"type": "track", "attributes": 5}}', 400, "/data/attributes"),
        (b'{"data": {"type": "track", "relationships": {"event": 5}}}', 400, "/data/relationships/event"),
        (
            b'{"data": {"type": "track", "relationships": {"event": {"data": 5}}}}',
            400,
            "/data/relationships/event/data",
        ),
        (
            b'{"data": {"type": "track", "relationships": {"event": {"data": {"type": "user", "id": "1"}}}}}',
            409,
            "/data/relationships/event/data/type",
        ),
        (b'{"data": {"type": "track", "attributes": {"name": NaN}}}', 400, None),
        (b"\xff\xfe", 400, None),
        (b"[" * 100_000, 400, None),
    ],
)
def test_a_document_of_the_wrong_shape_is_refused(world, body, status, pointer):
    answer = post(world, "/v1/tracks", body)
    assert answer.status_code == status
    [error, *_] = answer.json()["errors"]
    assert error["status"] == status
    if pointer:
        assert error["source"] == {"pointer": pointer}


@pytest.mark.parametrize("content_type", ["application/json", "application/vnd.api+json; charset=utf-8", "text/plain"])
def test_the_media_type_is_taken_by_its_exact_name(world, content_type):
    assert post(world, "/v1/tracks", b"{}", content_type=content_type).status_code == 415


def test_an_accept_header_that_does_not_admit_us_is_refused(world):
    api = world.api("eve")
    assert api.get("/v1/events", Accept="text/csv").status_code == 406
    assert api.get("/v1/events", Accept="*/*").status_code == 200
    assert api.get("/v1/events", Accept="text/html,application/xhtml+xml,*/*;q=0.8")["Content-Type"] == (
        "application/vnd.api+json"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", None),
        ("name", ""),
        ("name", {"a": 1}),
        ("name", "x" * 401),
        ("color", "red"),
        ("position", "first"),
        ("position", 10**30),
        ("position", 1e309),
        ("position", [1]),
        ("description", {"a": []}),
    ],
    ids=str,
)
def test_a_bad_value_is_named_by_its_pointer(world, track, name, value):
    document = resource_document("track", key=track.pk, **{name: value})
    answer = world.api("owner").patch(world.address("track"), document)
    if value == 1e309:
        assert answer.status_code == 400  # Infinity is not JSON
        return
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["status"], error["source"]) == (422, {"pointer": f"/data/attributes/{name}"})
    track.refresh_from_db()
    assert (track.name, track.color) == ("ours track", "#aabbcc")


def test_every_bad_field_is_named_at_once(world):
    answer = world.api("owner").post("/v1/tracks", resource_document("track", name="", color="blue"))
    pointers = [error["source"]["pointer"] for error in answer.json()["errors"]]
    assert pointers == ["/data/attributes/name", "/data/attributes/color", "/data/relationships/event"]


def test_a_client_that_sends_everything_back_changes_only_what_it_changed(world):
    """Attributes that are read only, unknown or stale come along with every change; they are passed over."""
    api, address = world.api("speaker"), world.address("session")
    data = api.get(address).json()["data"]
    data["attributes"] |= {"title": "A new title", "average-rating": 5, "favourite-count": 9, "unknown": 1}
    data["attributes"] |= {"is-mail-sent": None, "is-locked": True, "send-email": False}
    data["relationships"] = {
        "event": {"data": {"type": "event", "id": world.event.identifier}},
        "speakers": {"data": [{"type": "speaker", "id": str(world.rows["ours"]["speaker"].pk)}]},
    }
    assert api.patch(address, {"data": data}).status_code == 200
    session = Session.objects.get(pk=data["id"])
    assert (session.title, session.average_rating, session.is_locked) == ("A new title", 0, False)


def test_empty_role_lists_in_an_event_remove_nobody(world):
    event = world.event
    document = resource_document("event", key=event.pk, name="Renamed")
    document["data"]["relationships"] = {
        "owner": {"data": None},
        "organizers": {"data": []},
        "coorganizers": {"data": []},
    }
    before = set(event.roles.values_list("user", "role"))
    assert world.api("owner").patch(f"/v1/events/{event.identifier}", document).status_code == 200
    assert set(event.roles.values_list("user", "role")) == before


def test_the_id_must_be_that_of_the_address(world, track):
    api, address = world.api("owner"), world.address("track")
    assert api.patch(address, resource_document("track")).status_code == 400
    assert api.patch(address, resource_document("track", key=track.pk + 1)).status_code == 400
    document = resource_document("track", key=track.pk)
    document["data"]["id"] = track.pk  # a number
    assert api.patch(address, document).status_code == 200


def test_a_created_row_says_where_it_is(world):
    document = resource_document("track", relationships={"event": world.event}, name="New", color="#123")
    answer = world.api("owner").post("/v1/tracks", document)
    track = Track.objects.get(name="New")
    assert (answer.status_code, answer["Location"]) == (201, f"/v1/tracks/{track.pk}")


def test_a_related_row_of_another_event_is_refused(world):
    theirs = world.rows["theirs"]["track"]
    session = world.rows["ours"]["session"]
    document = resource_document("session", key=session.pk, relationships={"track": theirs})
    answer = world.api("superadmin").patch(world.address("session"), document)
    assert (answer.status_code, answer.json()["errors"][0]["source"]) == (
        422,
        {"pointer": "/data/relationships/track"},
    )


def test_relationships_are_added_replaced_and_removed(world):
    session = world.rows["ours"]["session"]
    speaker = world.rows["ours"]["speaker"]
    api, address = world.api("owner"), f"{world.address('session')}/relationships/speakers"
    linkage = {"data": [{"type": "speaker", "id": str(speaker.pk)}]}
    assert api.post(address, linkage).status_code == 204
    assert api.delete(address, linkage).status_code == 200
    assert list(session.speakers.all()) == []
    answer = api.patch(address, linkage)
    assert answer.status_code == 200
    assert [row["type"] for row in answer.json()["included"]] == ["speaker"]
    assert list(session.speakers.all()) == [speaker]
    track = f"{world.address('session')}/relationships/track"
    assert api.patch(track, {"data": None}).status_code == 200
    assert Session.objects.get(pk=session.pk).track is None


def test_nobody_without_the_right_changes_a_relationship(world):
    linkage = {"data": []}
    for who, status in (("anonymous", 401), ("eve", 403), ("buyer", 403)):
        for method in ("POST", "PATCH", "DELETE"):
            answer = world.api(who).send(method, f"{world.address('session')}/relationships/speakers", linkage)
            assert answer.status_code == status


def test_roles_cannot_be_stolen_through_relationships(world):
    """Fault of the original: PATCH on a role's relationships had no check at all."""
    eve = world.people["eve"]
    held = world.rows["ours"]["users-events-roles"]
    for who in ("anonymous", "eve", "co-organizer", "owner"):
        linkage = {"data": {"type": "user", "id": str(eve.pk)}}
        world.api(who).patch(f"{world.address('users-events-roles')}/relationships/user", linkage)
    held.refresh_from_db()
    assert held.user == world.people["owner"]


# ── Private events ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def private(world):
    Event.objects.filter(pk=world.event.pk).update(privacy="private")
    return Event.objects.get(pk=world.event.pk)


def test_a_private_event_is_reached_by_its_identifier_alone_and_never_listed(world, private):
    api = world.api("eve")
    assert api.get(f"/v1/events/{private.pk}").status_code == 404
    assert api.get("/v1/events").json()["data"] == []
    assert api.get("/v1/events/upcoming").json()["data"] == []
    data = api.get(f"/v1/events/{private.identifier}").json()["data"]
    assert data["links"]["self"] == f"/v1/events/{private.identifier}"
    sessions = api.get(data["relationships"]["sessions"]["links"]["related"])
    assert [row["type"] for row in sessions.json()["data"]] == ["session"]
    assert api.get(world.address("session")).status_code == 404


def test_a_draft_is_not_reached_by_its_identifier(world):
    draft = world.rows["theirs"]["event"]
    assert world.api("eve").get(f"/v1/events/{draft.identifier}").status_code == 404


# ── Events ───────────────────────────────────────────────────────────────────────────────────────


def test_whoever_makes_an_event_owns_it_and_only_verified_people_make_one(world):
    attributes = {"name": "Mine", "starts_at": "2031-01-01T10:00:00Z", "ends_at": "2031-01-02T10:00:00.000Z"}
    document = resource_document("event", **attributes, is_featured=True)
    answer = world.api("eve").post("/v1/events", document)
    assert answer.status_code == 201
    event = Event.objects.get(pk=answer.json()["data"]["id"])
    assert list(event.roles.values_list("user__email", "role__name")) == [("eve@example.org", "owner")]
    assert event.is_featured is False  # where an event is shown is the site's choice
    type(world.people["eve"]).objects.filter(email="eve@example.org").update(is_verified=False)
    assert world.api("eve").post("/v1/events", document).status_code == 403


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        ({"ends_at": "2031-01-01T09:00:00Z"}, "ends-at"),
        ({"ends_at": "2031-03-01T10:00:00Z"}, "ends-at"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"latitude": 91}, "latitude"),
        ({"state": "gone"}, "state"),
        ({"logo_url": "javascript:alert(1)"}, "logo-url"),
        ({"document_links": [{"name": "x"}]}, "document-links"),
        ({"starts_at": "soon"}, "starts-at"),
        ({"name": "  "}, "name"),
    ],
    ids=str,
)
def test_an_event_that_cannot_be_is_refused(world, attributes, name):
    good = {"name": "Mine", "starts_at": "2031-01-01T10:00:00Z", "ends_at": "2031-01-02T10:00:00Z"}
    answer = world.api("eve").post("/v1/events", resource_document("event", **(good | attributes)))
    assert answer.status_code == 422
    assert [error["source"] for error in answer.json()["errors"]] == [{"pointer": f"/data/attributes/{name}"}]


def test_html_in_a_description_is_cleaned_and_in_a_name_is_not_kept(world):
    hostile = "<p onclick=x>Hi<script>alert(1)</script></p>"
    document = resource_document("event", key=world.event.pk, description=hostile, name=f"A fair {hostile}")
    attributes = world.api("owner").patch(world.address("event"), document).json()["data"]["attributes"]
    assert attributes["description"] == "<p>Hi</p>"
    assert "<" not in attributes["name"]


# ── Under a parent ───────────────────────────────────────────────────────────────────────────────


def test_a_row_is_added_under_its_parent(world):
    document = resource_document("track", name="New", color="#123")
    for who, status in (("anonymous", 401), ("eve", 403), ("owner", 201)):
        answer = world.api(who).post(f"{world.address('event')}/tracks", document)
        assert answer.status_code == status
    assert Track.objects.get(name="New").event == world.event
    assert world.api("owner").post(f"{world.address('event', 'theirs')}/tracks", document).status_code == 404


def test_the_address_of_a_parent_outranks_what_the_document_says(world):
    document = resource_document(
        "track", relationships={"event": world.rows["theirs"]["event"]}, name="New", color="#123"
    )
    assert world.api("superadmin").post(f"{world.address('event')}/tracks", document).status_code == 201
    assert Track.objects.get(name="New").event == world.event


def test_nobody_adds_a_row_where_the_parent_is_no_part_of_it(world):
    document = resource_document("event", name="New", starts_at="2031-01-01T10:00:00Z", ends_at="2031-01-02T10:00:00Z")
    assert world.api("eve").post(f"/v1/users/{world.people['eve'].pk}/owner-events", document).status_code == 403


def test_removing_the_one_row_of_a_relationship_leaves_none_and_removing_another_changes_nothing(world):
    session, track = world.rows["ours"]["session"], world.rows["ours"]["track"]
    address = f"{world.address('session')}/relationships/track"
    other = Track.objects.create(event=world.event, name="Other", color="#123")
    assert world.api("owner").delete(address, {"data": {"type": "track", "id": str(other.pk)}}).status_code == 204
    assert world.api("owner").delete(address, {"data": {"type": "track", "id": str(track.pk)}}).status_code == 200
    session.refresh_from_db()
    assert session.track is None
