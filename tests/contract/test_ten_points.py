"""The ten things most likely to break a server for the web front end, each by itself."""

import pytest

from openevent.core.registry import registry
from orders.api.checkout import CalculateAmountView
from tests.contract.front_end import ORIGIN, FrontEnd, Refusal, moment, one, read_payload

LINKS = {
    "event": (
        "tickets sponsors speakers sessions tracks microlocations session-types custom-forms badge-forms social-links "
        "attendees orders discount-codes access-codes role-invites roles tags exhibitors speakers-call tax "
        "event-copyright event-type event-topic event-sub-topic general-statistics order-statistics "
        "stripe-authorization video-stream group speaker-invites owner organizers coorganizers track-organizers "
        "registrars moderators"
    ),
    "user": (
        "orders events sessions notifications email-notifications groups followed-groups feedbacks event-invoices "
        "favourites speakers attendees discount-codes access-codes owner-events organizer-events coorganizer-events "
        "track-organizer-events registrar-events moderator-events marketer-events sales-admin-events"
    ),
    "order": "user discount-code access-code attendees tickets event",
    "attendee": "event order ticket user",
    "session": (
        "session-type microlocation track speakers feedbacks event creator favourite favourites speaker-invites"
    ),
    "speaker": "sessions user event",
    "discount-code": "tickets event marketer",
    "access-code": "tickets event marketer",
    "event-topic": "event-sub-topics",
    "ticket": "event attendees",
    "users-events-roles": "user role event",
    "role-invite": "event role",
    "speaker-invite": "event session",
    "feedback": "event session user",
    "group": "user events followers follower roles",
    "user-follow-group": "group user",
    "event-invoice": "event user",
    "email-notification": "event user",
}
EMPTY = ("[]", '[{"or":[]}]', '[{"and":[]}]')


@pytest.fixture
def owner(world):
    return FrontEnd("owner@example.org")


@pytest.fixture
def event(world, owner):
    return owner.get(f"/v1/events/{world.event.identifier}")["data"]


def refusal_of(call, *args, **options):
    with pytest.raises(Refusal) as refusal:
        call(*args, **options)
    return refusal.value


@pytest.mark.parametrize("text", EMPTY)
def test_1_an_empty_filter_and_an_empty_or_are_no_condition(world, owner, event, text):
    for name in ("attendees", "orders", "tickets", "sessions"):
        path = event["relationships"][name]["links"]["related"]
        assert owner.raw("GET", f"{path}?filter={text}").json()["meta"]["count"] == owner.get(path)["meta"]["count"] > 0
    admin = FrontEnd("admin@example.org")
    assert admin.raw("GET", f"/v1/users?filter={text}").json()["meta"]["count"] > 10


def test_2_page_size_0_is_everything_and_every_list_has_its_count(world, owner, event):
    room = {"hidden_in_scheduler": False}
    for number in range(25):
        owner.create(
            "microlocations",
            "microlocation",
            relationships={"event": one("event", event["id"])},
            name=f"{number}",
            **room,
        )
    for size, rows in ((0, 26), (10, 10), (None, 20)):
        query = {} if size is None else {"page_size": size}
        document = owner.follow(event, "microlocations", **query)
        assert (len(document["data"]), document["meta"]["count"]) == (rows, 26)
    last = owner.follow(event, "microlocations", page_size=10, page_number=3)
    assert len(last["data"]) == 6


@pytest.mark.parametrize("kind", LINKS)
def test_3_every_relationship_has_its_link(world, owner, kind):
    who = FrontEnd("admin@example.org") if kind == "event-topic" else owner
    record = who.get(world.address(kind))["data"]
    for name in LINKS[kind].split():
        path = record["relationships"][name]["links"]["related"]
        status = who.raw("GET", path).status_code
        assert status == 200 or (status, name) == (404, "user"), name  # the account of somebody one does not know


def test_3_every_link_of_every_type_leads_to_a_type_that_is_served():
    nowhere = [
        f"{resource.type}.{name}"
        for resource in registry.resources
        for name, relation in resource.serializer.relations().items()
        if registry.of(relation.model) is None
    ]
    assert nowhere == []


def test_3_number_and_identifier_both_lead_to_events_and_orders(world, owner):
    event, order = world.event, world.rows["ours"]["order"]
    ticket = world.rows["ours"]["ticket"]
    for key in (event.pk, event.identifier):
        assert owner.get(f"/v1/events/{key}")["data"]["id"] == str(event.pk)
        for name in ("tickets", "sessions", "orders", "discount-codes"):
            assert owner.get(f"/v1/events/{key}/{name}")["data"]
        for path in ("tickets/availability", "has-streams"):
            owner.load("GET", f"/v1/events/{key}/{path}")
    for key in (order.pk, order.identifier):
        assert owner.get(f"/v1/orders/{key}")["data"]["id"] == str(order.pk)
        for name in ("attendees", "tickets", "event"):
            assert owner.get(f"/v1/orders/{key}/{name}")["data"]
        assert owner.load("POST", f"/v1/orders/{key}/verify")["payment_status"] == "completed"
    assert owner.get(f"/v1/tickets/{ticket.pk}/attendees")["data"]


def test_3_identifiers_are_in_every_event_and_order(world, owner):
    sparse = owner.get("/v1/events", **{"fields[event]": "name"})
    assert {*sparse["data"][0]["attributes"]} == {"name", "identifier"}
    session = world.rows["ours"]["session"]
    owner.get(f"/v1/sessions/{session.pk}", include="event", **{"fields[event]": "starts-at"})
    owner.get(world.address("attendee"), include="order,event", **{"fields[order]": "status"})


def test_4_statuses_are_numbers_but_for_the_422_of_sign_up(world, owner, event):
    visitor = FrontEnd()
    assert refusal_of(visitor.get, "/v1/events/nosuchid").body["errors"][0]["status"] == 404
    ticket = owner.get(world.address("ticket"))["data"]
    bad = refusal_of(owner.save, ticket, min_order=5, max_order=2).body["errors"][0]
    assert (bad["status"], bad["source"]["pointer"]) == (422, "/data/attributes/max-order")
    attributes = {"email": "nonsense", "password": "correct horse battery"}
    answer = visitor.raw("POST", "/v1/users", {"data": {"type": "user", "attributes": attributes}})
    assert answer.json()["errors"][0]["status"] == "422"


def test_4_a_bad_token_is_401_and_a_forbidden_act_is_not(world, owner, event):
    stranger = FrontEnd("eve@example.org")
    assert refusal_of(stranger.save, event, name="Mine").status == 403
    assert refusal_of(stranger.get, "/v1/orders/ABCDEFGH").status == 404
    assert refusal_of(stranger.follow, event, "general-statistics").status == 404
    stranger.token = stranger.token[:-3] + "abc"
    refusal = refusal_of(stranger.get, f"/v1/users/{stranger.user_id}")
    assert (refusal.status, refusal.body["errors"][0]["status"]) == (401, 401)


def test_4_a_fault_of_the_server_is_the_number_500(world, monkeypatch):
    def break_down(*args):
        raise ZeroDivisionError

    monkeypatch.setattr(CalculateAmountView, "post", break_down)
    visitor = FrontEnd()
    visitor.client.raise_request_exception = False
    error = refusal_of(visitor.load, "POST", "/v1/orders/calculate-amount", {}).body["errors"][0]
    assert (error["status"], error["title"]) == (500, "Internal Server Error")


def test_5_a_patch_carries_everything_with_stale_flags_and_empty_arrays(world, owner, event):
    for name in ("organizers", "coorganizers", "track-organizers", "registrars", "moderators"):
        event["relationships"][name]["data"] = []
    event["attributes"] |= {"is-stripe-linked": True, "created-at": None, "no-such-attribute": {"a": 1}}
    owner.save(event, is_featured=True)
    assert owner.follow(event, "organizers")["meta"]["count"] == 1
    me = owner.get(f"/v1/users/{owner.user_id}")["data"]
    assert owner.save(me, is_admin=True, is_verified=False)["attributes"]["is-admin"] is False


def test_6_names_and_operators_in_every_spelling(world, owner, event):
    spellings = ("payment-mode", "payment_mode")
    for name in spellings:
        assert owner.follow(event, "orders", filter=[{"name": name, "op": "eq", "val": "bank"}])["meta"]["count"] == 1
    day = moment(-1)
    for op, value, count in (
        *(("ge", day, 1), ("gt", day, 1), ("le", day, 0), ("lt", day, 0), ("ne", day, 1), ("eq", day, 0)),
        *(("isnot", None, 1), ("is_", None, 0), ("is", None, 0), ("ne", None, 1), ("eq", None, 0)),
    ):
        condition = [{"name": "completed-at", "op": op, "val": value}]
        assert owner.follow(event, "orders", filter=condition)["meta"]["count"] == count, op
    deep = {"name": "name", "op": "ilike", "val": "%FAIR%"}
    through = {"name": "order", "op": "has", "val": {"name": "event", "op": "has", "val": deep}}
    assert owner.follow(event, "attendees", filter=[through])["meta"]["count"] == 1
    for relation, op, count in (("discount-code", "ne", 1), ("discount-code", "eq", 0), ("attendees", "eq", 0)):
        found = owner.follow(event, "orders", filter=[{"name": relation, "op": op, "val": None}])
        assert found["meta"]["count"] == count


def test_7_sorting_over_relations_by_two_keys_and_backwards(world, owner, event):
    me = owner.get(f"/v1/users/{owner.user_id}")["data"]
    owner.follow(me, "orders", sort="event.starts-at")
    for name, key in (
        *(("attendees", "-order.completed_at"), ("attendees", "order.completed-at"), ("attendees", "ticket.name")),
        *(("sessions", "starts-at,id"), ("sessions", "-favourite-count,id"), ("orders", "-created-at")),
    ):
        assert owner.follow(event, name, sort=key)["data"], key


def test_8_includes_of_three_steps_and_no_fourth(world, owner, event):
    address = f"/v1/events/{world.event.identifier}"
    owner.get(address, include="group.followers.user,sessions.speakers.sessions")
    for bad in ("sessions.speakers.sessions.track", "nonsense", "owner.nonsense"):
        error = refusal_of(owner.get, address, include=bad).body["errors"][0]
        assert (error["status"], error["source"]) == (400, {"parameter": "include"})
    for kind, fields in (("speaker", "id"), ("session", "starts-at"), ("session", "id,title")):
        owner.follow(event, f"{kind}s", **{f"fields[{kind}]": fields})


@pytest.mark.parametrize("path", ["/v1/nothing/1", "/v1/nothings", "/v1/", "/v1", "/v1/a/b/c"])
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_9_what_is_not_served_says_so_to_every_call(world, owner, path, method):
    owner.client.handler.enforce_csrf_checks = True  # as a server does
    answer = owner.raw(method, path, {"data": {"type": "task"}})
    assert (answer.status_code, answer.json()["errors"][0]["status"]) == (404, 404)


@pytest.fixture
def loopback(settings):
    """What a demo allows: any origin on this machine."""
    settings.CORS_ALLOWED_ORIGIN_REGEXES = [r"^http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$"]


PREFLIGHTED = [
    *(("/auth/session", "POST"), ("/v1/users", "POST"), ("/v1/events", "GET"), ("/v1/events/nosuchid", "PATCH")),
    *(("/v1/orders/create-order", "POST"), ("/v1/orders/ABCDEFGH", "DELETE"), ("/v1/nothing/here", "GET")),
    *(("/v1/orders/attendees/1.pdf", "GET"), ("/v1/events/x/tickets/availability", "GET")),
]


@pytest.mark.parametrize(("path", "method"), PREFLIGHTED)
def test_10_every_call_is_preflighted(world, loopback, path, method):
    asked = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type,x-csrf-token",
    }
    answer = FrontEnd().client.options(path, headers=asked)
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == ORIGIN
    assert method in answer["Access-Control-Allow-Methods"]
    allowed = answer["Access-Control-Allow-Headers"].lower()
    assert all(name in allowed for name in ("authorization", "content-type", "x-csrf-token"))
    assert "Access-Control-Allow-Credentials" not in answer


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/events/nosuchid", 404),
        ("GET", "/v1/nothing/here", 404),
        ("POST", "/v1/orders/create-order", 401),
        ("POST", "/auth/session", 400),
        ("GET", "/v1/events?filter=nonsense", 400),
        ("PUT", "/v1/events", 405),
    ],
)
def test_10_errors_can_be_read_from_another_origin(world, loopback, method, path, status):
    answer = FrontEnd().raw(method, path, {})
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (status, ORIGIN)
    assert "error" in answer.content.decode()


def test_10_another_origin_is_let_in_by_a_demo_alone(world):
    assert "Access-Control-Allow-Origin" not in FrontEnd().raw("GET", "/v1/events")


def test_10_the_token_is_read_as_jwt_and_says_who_and_until_when(world):
    buyer = FrontEnd("buyer@example.org")
    assert {"identity", "exp", "iat", "nbf", "jti", "fresh", "type"} <= read_payload(buyer.token).keys()
    assert read_payload(buyer.token)["identity"] == world.people["buyer"].pk
