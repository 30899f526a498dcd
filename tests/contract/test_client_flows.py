"""The web front end's calls, flow by flow, as a visitor and a buyer make them: word for word what it sends."""

import pytest

from accounts.models import User
from events.models import Event, Session, Speaker
from notifications.models import Mail
from orders.models import Attendee, Order, Ticket
from orders.tests.factories import make_access, make_discount, make_ticket
from tests.contract.front_end import MODELS, FrontEnd, Refusal, included, moment, one, read_payload

CARDS = "event-topic,event-sub-topic,event-type,speakers-call"
SHOWN = {"or": [{"name": "state", "op": "eq", "val": "accepted"}, {"name": "state", "op": "eq", "val": "confirmed"}]}
WITH_SESSION = {
    "name": "sessions",
    "op": "any",
    "val": {"and": [{"name": "deleted-at", "op": "eq", "val": None}, SHOWN]},
}
PUBLIC = [{"name": "state", "op": "eq", "val": "published"}, {"name": "privacy", "op": "eq", "val": "public"}]


@pytest.fixture
def visitor(world):
    return FrontEnd()


@pytest.fixture
def eid(world):
    return world.event.identifier


@pytest.fixture
def free(world):
    return make_ticket(world.event, name="Free entry", quantity=10, max_order=5)


@pytest.fixture
def buyer(world):
    return FrontEnd("buyer@example.org")


def names(document):
    return [record["attributes"]["name"] for record in document["data"]]


# ── 1, 2: the first page ─────────────────────────────────────────────────────────────────────────


def test_the_application_starts(world, buyer):
    assert buyer.get(f"/v1/users/{buyer.user_id}")["data"]["attributes"]["email"] == "buyer@example.org"
    settings = buyer.get("/v1/settings", cache=True, public=True)["data"]
    assert settings["type"] == "setting"
    wanted = [
        "app-name",
        "tagline",
        "order-expiry-time",
        "frontend-url",
        "is-paypal-activated",
        "is-stripe-activated",
        "logo-size",
    ]
    assert settings["attributes"].keys() >= {*wanted, "image-size", "slide-size", "start-pg-enabled", "cookie-policy"}
    assert settings["attributes"]["order-expiry-time"] == 15
    links = ("google", "github", "twitter", "facebook", "instagram", "youtube", "android-app", "web-app", "support")
    ways = ("omise", "paytm", "alipay")
    assert settings["attributes"].keys() >= {
        *(f"{name}-url" for name in links),
        *(f"is-{way}-activated" for way in ways),
        *("cookie-policy-link", "paypal-mode", "stripe-publishable-key", "stripe-test-publishable-key"),
        "start-pg-event-id",
    }


def test_an_account_has_what_every_page_reads_of_it(world, buyer):
    account = buyer.get(f"/v1/users/{buyer.user_id}")["data"]["attributes"]
    assert account.keys() >= {
        *MODELS["user"].split(),
        "last-accessed-at",
        "is-super-admin",
        "is-rocket-chat-registered",
    }


def test_home_asks_for_what_comes_what_is_featured_and_who_looks_for_speakers(world, visitor):
    Event.objects.filter(pk=world.event.pk).update(is_featured=True, logo_url="https://example.org/a.png")
    world.rows["ours"]["speakers-call"].announcement = "Come and speak"
    world.rows["ours"]["speakers-call"].save()
    coming = visitor.get("/v1/events/upcoming", upcoming=True, include=CARDS, cache=True, public=True, page_size=12)
    assert names(coming) == ["Fair of ours"]
    featured = [
        {"and": [*PUBLIC, {"name": "is-featured", "op": "eq", "val": True}]},
        {"or": [{"name": "ends-at", "op": "ge", "val": moment()}]},
    ]
    query = {"sort": "starts-at", "include": CARDS, "cache": True, "public": True, "page_size": 6}
    found = visitor.get("/v1/events", filter=featured, **query)
    assert names(found) == ["Fair of ours"]
    assert {record["type"] for record in found["included"]} == set(CARDS.split(","))
    filled = ("logo-url", "original-image-url", "event-topic", "event-sub-topic", "event-type")
    call = (
        *(("privacy", "eq", "public"), ("starts-at", "le", moment())),
        *(("ends-at", "ge", moment()), ("announcement", "ne", None)),
    )
    calls = [
        {
            "and": [
                *PUBLIC,
                {
                    "or": [
                        {"name": "is-featured", "op": "eq", "val": True},
                        {"name": "is-promoted", "op": "eq", "val": True},
                        {"and": [{"name": name, "op": "ne", "val": None} for name in filled]},
                    ]
                },
                {"name": "is-sessions-speakers-enabled", "op": "eq", "val": True},
                {"name": "is-demoted", "op": "eq", "val": False},
                *(
                    {"name": "speakers-call", "op": "has", "val": {"name": name, "op": op, "val": value}}
                    for name, op, value in call
                ),
            ]
        },
        {"or": [{"name": name, "op": "ge", "val": moment()} for name in ("ends-at", "starts-at")]},
    ]
    assert names(visitor.get("/v1/events", filter=calls, **query)) == ["Fair of ours"]
    pictures = {"logo_url": "https://example.org/a.png", "original_image_url": "https://example.org/b.png"}
    for sub_topic, found in ((world.rows["ours"]["event-sub-topic"], ["Fair of ours"]), (None, [])):
        Event.objects.filter(pk=world.event.pk).update(is_featured=False, event_sub_topic=sub_topic, **pictures)
        assert names(visitor.get("/v1/events", filter=calls, **query)) == found


# ── 3: explore ───────────────────────────────────────────────────────────────────────────────────

EXPLORED = {
    "category": [
        {"name": "event-topic", "op": "has", "val": {"name": "name", "op": "eq", "val": "Tides"}},
    ],
    "sub-category": [
        {"name": "event-sub-topic", "op": "has", "val": {"name": "slug", "op": "eq", "val": "ebb"}},
    ],
    "type": [{"name": "event-type", "op": "has", "val": {"name": "name", "op": "eq", "val": "Regatta"}}],
    "tickets": [{"name": "tickets", "op": "any", "val": {"name": "type", "op": "eq", "val": "paid"}}],
    "venue": [
        {
            "or": [
                {
                    "and": [
                        {"name": "location_name", "op": "ilike", "val": "%Berlin%"},
                        {"name": "online", "op": "eq", "val": False},
                    ]
                }
            ]
        }
    ],
    "venue without a text": [
        {
            "or": [
                {
                    "and": [
                        {"name": "online", "op": "eq", "val": True},
                        {"name": "location_name", "op": "eq", "val": None},
                    ]
                },
                {
                    "and": [
                        {"name": "location_name", "op": "ne", "val": None},
                        {"name": "online", "op": "eq", "val": False},
                    ]
                },
                {
                    "and": [
                        {"name": "online", "op": "eq", "val": True},
                        {"name": "location_name", "op": "ilike", "val": "%Berlin%"},
                    ]
                },
            ]
        }
    ],
    "place": [{"name": "location_name", "op": "ilike", "val": "%berlin%"}],
    "pictures": [
        {"name": "original-image-url", "op": "ne", "val": None},
        {"name": "logo-url", "op": "ne", "val": None},
    ],
    "name": [{"name": "name", "op": "ilike", "val": "%FAIR OF%"}],
    "call for speakers": [{"name": "is_sessions_speakers_enabled", "op": "eq", "val": True}],
    "both dates": [
        {
            "or": [
                {
                    "and": [
                        {"name": "starts-at", "op": "ge", "val": moment(9)},
                        {"name": "starts-at", "op": "le", "val": moment(11)},
                    ]
                },
                {
                    "and": [
                        {"name": "ends-at", "op": "ge", "val": moment(9)},
                        {"name": "ends-at", "op": "le", "val": moment(11)},
                    ]
                },
                {
                    "and": [
                        {"name": "starts-at", "op": "le", "val": moment(9)},
                        {"name": "ends-at", "op": "ge", "val": moment(11)},
                    ]
                },
            ]
        }
    ],
    "one date": [{"or": [{"name": name, "op": "ge", "val": moment(3)} for name in ("starts-at", "ends-at")]}],
    "all dates": [
        {
            "or": [
                {"name": "starts-at", "op": "le", "val": moment()},
                {"name": "ends-at", "op": "ge", "val": moment()},
            ]
        }
    ],
}


EXPLORED["no date"] = [{"or": [{"name": name, "op": "ge", "val": moment()} for name in ("starts-at", "ends-at")]}]
EXPLORED["a place and a name"] = [*EXPLORED["place"], *EXPLORED["name"], *EXPLORED["no date"]]


@pytest.mark.parametrize("condition", EXPLORED.values(), ids=EXPLORED)
def test_explore_finds_the_event_by_each_choice(world, visitor, condition):
    Event.objects.filter(pk=world.event.pk).update(
        location_name="Berlin, Hafen 7",
        event_topic=world.rows["ours"]["event-topic"],
        original_image_url="https://example.org/a.png",
        logo_url="https://example.org/b.png",
    )
    include = "event-topic,event-sub-topic,event-type"
    chosen = {"page_size": 6, "page_number": 1, "include": include, "sort": "starts-at"}
    assert names(visitor.get("/v1/events", filter=[*PUBLIC, *condition], **chosen)) == ["Fair of ours"]


def test_explore_offers_types_and_topics_and_finds_nothing_in_the_past(world, visitor):
    assert "Regatta" in names(visitor.get("/v1/event-types"))
    topics = visitor.get("/v1/event-topics", include="event-sub-topics")
    assert "Tides" in names(topics)
    assert "Ebb" in [part["attributes"]["name"] for part in included(topics, "event-sub-topic")]
    past = {"and": [{"name": name, "op": "lt", "val": moment()} for name in ("starts-at", "ends-at")]}
    sub_topic = {"name": "event-sub-topic", "op": "has", "val": {"name": "slug", "op": "eq", "val": "x"}}
    closed = {"name": "is_sessions_speakers_enabled", "op": "eq", "val": False}
    online = {
        "or": [
            {"and": [{"name": "online", "op": "eq", "val": True}, {"name": "location_name", "op": "eq", "val": None}]}
        ]
    }
    for condition in (past, sub_topic, closed, online):
        assert names(visitor.get("/v1/events", filter=[*PUBLIC, condition], sort="-starts-at")) == []


# ── 4: an event's public pages ───────────────────────────────────────────────────────────────────


@pytest.fixture
def event(world, visitor, eid):
    """The event as its public page loads it."""
    include = (
        "social-links,event-copyright,speakers-call,tax,owner,organizers,video-stream,custom-forms,group,"
        "group.followers,group.followers.user"
    )
    document = visitor.get(f"/v1/events/{eid}", include=include)
    people = [person["id"] for person in included(document, "user")]
    assert {str(world.people[name].pk) for name in ("owner", "organizer")} == set(people)
    assert document["data"]["relationships"]["group"]["data"] == one("group", world.rows["ours"]["group"])
    assert document["data"]["relationships"]["custom-forms"]["data"] == [
        one("custom-form", world.rows["ours"]["custom-form"])
    ]
    [rights] = included(document, "event-copyright")
    assert rights["attributes"]["licence"] == "CC BY"
    assert document["data"]["relationships"]["video-stream"]["data"] is None  # for those who may join
    return document["data"]


def test_the_event_page_and_its_side_menu(world, visitor, eid, event):
    assert visitor.load("GET", f"/v1/events/{eid}/has-streams") == {"exists": True, "can_access": False}
    speakers = visitor.get(
        f"/v1/events/{eid}/speakers", cache=True, public=True, fields_speaker="id", page_size=1, filter=[WITH_SESSION]
    )
    sessions = visitor.get(
        f"/v1/events/{eid}/sessions", cache=True, public=True, fields_session="id", page_size=1, filter=[SHOWN]
    )
    assert (len(speakers["data"]), len(sessions["data"])) == (1, 1)
    accepted = [{"name": "status", "op": "eq", "val": "accepted"}]
    assert names(visitor.get(f"/v1/events/{eid}/exhibitors", page_size=1, filter=accepted)) == ["ours exhibitor"]


def test_the_event_page_shows_tickets_on_sale_and_featured_speakers(world, visitor, eid, event, free):
    Speaker.objects.filter(event=world.event).update(is_featured=True)
    on_sale = [
        {
            "and": [
                {"name": "sales-starts-at", "op": "le", "val": moment()},
                {"name": "sales-ends-at", "op": "ge", "val": moment()},
            ]
        }
    ]
    whole = {"cache": True, "public": True, "page_size": 0}
    tickets = visitor.follow(event, "tickets", filter=on_sale, **whole)
    assert set(names(tickets)) == {"ours ticket", "Free entry"}
    featured = [{"name": "is-featured", "op": "eq", "val": "true"}, WITH_SESSION]
    speakers = visitor.follow(event, "speakers", filter=featured, sort="order", include="sessions.track", **whole)
    assert names(speakers) == ["ours speaker"]
    assert len(included(speakers, "track")) == 1
    assert names(visitor.follow(event, "sponsors", **whole)) == ["ours sponsor"]
    assert visitor.follow(event, "tax")["data"]["attributes"]["rate"] == 19
    left = visitor.load("GET", f"/v1/events/{eid}/tickets/availability")
    assert {"id": free.pk, "name": "Free entry", "quantity": 10, "available": 10} in left


@pytest.mark.parametrize(
    "chosen",
    [
        {
            "and": [
                {"name": "starts-at", "op": "ge", "val": moment(9)},
                {"name": "starts-at", "op": "le", "val": moment(11)},
            ]
        },
        {"name": "track", "op": "has", "val": {"or": [{"name": "name", "op": "eq", "val": "ours track"}]}},
        {"name": "microlocation", "op": "has", "val": {"or": [{"name": "name", "op": "eq", "val": "ours room"}]}},
        {"name": "session-type", "op": "has", "val": {"or": [{"name": "name", "op": "eq", "val": "ours talk"}]}},
        {"and": [{"or": [{"name": "language", "op": "eq", "val": "English"}]}]},
        {"or": [{"name": "level", "op": "eq", "val": "expert"}]},
        {
            "or": [
                {"name": "title", "op": "ilike", "val": "%nothing%"},
                {"name": "track", "op": "has", "val": {"name": "name", "op": "ilike", "val": "%nothing%"}},
                {"name": "microlocation", "op": "has", "val": {"name": "name", "op": "ilike", "val": "%nothing%"}},
                {"name": "speakers", "op": "any", "val": {"name": "name", "op": "ilike", "val": "%OURS%"}},
            ]
        },
    ],
)
@pytest.mark.parametrize("sort", ["starts-at,id", "title,id", "-favourite-count,id"])
def test_the_schedule_by_each_choice(world, visitor, event, chosen, sort):
    Session.objects.filter(event=world.event).update(language="English", level="expert")
    include = "track,speakers,session-type,favourite,microlocation.video-stream"
    condition = [{"and": [SHOWN]}, chosen]
    found = visitor.follow(event, "sessions", page_size=6, page_number=1, include=include, filter=condition, sort=sort)
    assert [record["attributes"]["title"] for record in found["data"]] == ["ours session"]
    assert found["data"][0]["relationships"]["favourite"]["data"] is None


def test_a_schedule_of_one_s_own(world, event):
    speaker = FrontEnd("speaker@example.org")
    mine = [{"name": "speakers", "op": "any", "val": {"name": "email", "op": "eq", "val": "speaker@example.org"}}]
    assert speaker.follow(event, "sessions", filter=mine)["meta"]["count"] == 1
    user = {"name": "user", "op": "has", "val": {"name": "id", "op": "eq", "val": str(speaker.user_id)}}
    starred = [{"and": [SHOWN]}, {"name": "favourites", "op": "any", "val": user}]
    assert speaker.follow(event, "sessions", filter=starred)["data"] == []


def test_the_schedule_s_days_the_calendar_and_one_session(world, visitor, event):
    placed = {"name": "starts-at", "op": "ne", "val": None}
    days = visitor.follow(
        event,
        "sessions",
        filter=[{"and": [placed, SHOWN]}],
        cache=True,
        public=True,
        fields_session="starts-at",
        page_size=0,
    )
    assert [set(record["attributes"]) for record in days["data"]] == [{"starts-at"}]
    timed = [{"and": [placed, {"name": "ends-at", "op": "ne", "val": None}, SHOWN]}]
    include = "speakers,microlocation,track,microlocation.video-stream"
    calendar = visitor.follow(event, "sessions", include=include, filter=timed, page_size=0)
    assert {record["type"] for record in calendar["included"]} == {"speaker", "microlocation", "track"}
    assert names(visitor.follow(event, "microlocations", sort="position")) == ["ours room"]
    session = world.rows["ours"]["session"]
    document = visitor.get(f"/v1/sessions/{session.pk}", include="session-type,speakers,track,event,favourite")
    assert included(document, "event")[0]["attributes"]["identifier"] == world.event.identifier


def test_the_speakers_page_and_its_search(world, visitor, event):
    Speaker.objects.filter(event=world.event).update(organisation="Harbour Labs")
    fields = ("name", "organisation", "position")
    search = {"or": [{"name": name, "op": "ilike", "val": "%harbour%"} for name in fields]}
    query = {"page_size": 9, "page_number": 1, "include": "sessions.track", "sort": "order", "public": True}
    assert names(visitor.follow(event, "speakers", filter=[WITH_SESSION, search], **query)) == ["ours speaker"]


def test_the_call_for_speakers_by_link_is_one_or_null(world, visitor, event):
    assert visitor.follow(event, "speakers-call")["data"]["attributes"]["privacy"] == "public"
    me = {"name": "email", "op": "eq", "val": "speaker@example.org"}
    speaker = FrontEnd("speaker@example.org")
    assert names(speaker.follow(event, "speakers", filter=[me])) == ["ours speaker"]
    call = world.rows["ours"]["speakers-call"]
    call.hide()
    assert visitor.follow(event, "speakers-call")["data"] is None


def test_an_event_that_is_not_there_is_the_number_404(world, visitor):
    for key in ("nosuchid", world.rows["theirs"]["event"].identifier):
        with pytest.raises(Refusal) as refusal:
            visitor.get(f"/v1/events/{key}", include="owner,organizers")
        assert refusal.value.body["errors"][0]["status"] == 404


def test_the_export_page_reads_an_event_without_any_header(world, eid, visitor):
    answer = visitor.client.get(f"/v1/events/{eid}", {"include": "sessions,tracks"}, headers={"Accept": "*/*"})
    assert answer.status_code == 200
    assert answer.json()["data"]["attributes"]["identifier"] == eid


# ── 5: accounts ──────────────────────────────────────────────────────────────────────────────────


def sign_up_document(email, password="correct horse battery", **more):
    attributes = {"email": email, "password": password, "was-registered-with-order": False, **more}
    return {"data": {"attributes": attributes, "type": "user"}}


def test_sign_up_then_sign_in_then_the_account(world, visitor):
    answer = visitor.raw("POST", "/v1/users", sign_up_document("ida@example.org"))
    assert (answer.status_code, answer.json()["data"]["attributes"]["email"]) == (201, "ida@example.org")
    assert "password" not in answer.json()["data"]["attributes"]
    answer = visitor.raw("POST", "/auth/session", {"username": "ida@example.org", "password": "correct horse battery"})
    visitor.token = answer.json()["access_token"]
    payload = read_payload(visitor.token)
    assert (payload["identity"], payload["type"]) == (User.objects.get(email="ida@example.org").pk, "access")
    assert payload["exp"] > payload["iat"] + 120
    account = visitor.get(f"/v1/users/{payload['identity']}")["data"]["attributes"]
    assert (account["is-verified"], account["was-registered-with-order"]) == (False, False)


def test_a_guest_signs_up_in_the_dialog_and_goes_on_to_the_order(world, free):
    """Without a free ticket, which waits for a proven address: a paid one is for everybody."""
    guest = FrontEnd()
    body = {"email": "gus@example.org"}
    assert guest.load("POST", "/v1/users/check_email", body) == {"exists": False}
    sent = sign_up_document("gus@example.org", **{"was-registered-with-order": True})
    assert guest.raw("POST", "/v1/users", sent).json()["data"]["attributes"]["was-registered-with-order"] is True
    guest.sign_in("gus@example.org")
    account = guest.get(f"/v1/users/{guest.user_id}")["data"]
    assert guest.save(account, first_name="Gus", last_name="Guest")["attributes"]["first-name"] == "Gus"
    _, oid = start_order(guest, world.rows["ours"]["ticket"])
    order, _ = open_checkout(guest, oid)
    assert fill_in(guest, order, status="pending", mode="bank")["attributes"]["status"] == "placed"


def test_sign_up_refuses_with_a_number_but_for_422(world, visitor):
    for email, status, told in (("buyer@example.org", 409, 409), ("BUYER@example.org", 409, 409), ("x", 422, "422")):
        answer = visitor.raw("POST", "/v1/users", sign_up_document(email))
        error = answer.json()["errors"][0]
        assert (answer.status_code, error["status"]) == (status, told)
        assert error["source"]["pointer"] == "/data/attributes/email"


@pytest.mark.parametrize(
    "body",
    [
        {"username": "buyer@example.org", "remember-me": False, "include-in-response": False},
        {"email": "buyer@example.org"},
        {"username": " Buyer@Example.org "},
    ],
)
def test_signing_in_by_every_body_that_clients_send(world, visitor, body):
    for path in ("/auth/session", "/v1/auth/login"):
        answer = visitor.load("POST", path, {**body, "password": "correct horse battery"})
        assert set(answer) == {"access_token"}


def test_a_wrong_password_is_an_error_text(world, visitor):
    body = {"username": "buyer@example.org", "password": "wrong", "remember-me": False, "include-in-response": False}
    answer = visitor.raw("POST", "/auth/session", body, media_type="application/json", accept="application/json")
    assert answer.status_code == 401
    assert isinstance(answer.json()["error"], str)


def test_who_is_remembered_renews_the_token_with_the_refresh_token_as_header(world, visitor):
    body = {"username": "buyer@example.org", "password": "correct horse battery"}
    first = visitor.load("POST", "/auth/session", {**body, "remember-me": True, "include-in-response": True})
    assert read_payload(first["refresh_token"])["csrf"]
    headers = {
        "Authorization": f"JWT {first['refresh_token']}",
        "X-CSRF-Token": read_payload(first["access_token"])["csrf"],
    }
    answer = visitor.client.post(
        "/v1/auth/token/refresh",
        {"refresh_token": first["refresh_token"]},
        content_type="application/json",
        headers=headers,
    )
    visitor.token = answer.json()["access_token"]
    visitor.get(f"/v1/users/{read_payload(visitor.token)['identity']}")


def test_the_guest_dialog_asks_whether_an_address_exists(world, visitor):
    for email, exists in (("buyer@example.org", True), ("nobody@example.org", False)):
        assert visitor.load("POST", "/v1/users/check_email", {"email": email}) == {"exists": exists}


# ── 6: buying ────────────────────────────────────────────────────────────────────────────────────


def start_order(front_end, *tickets, **more):
    """Steps 2 and 3: what it costs, and the order."""
    body = {"tickets": [{"id": str(ticket.pk), "quantity": 1, "price": float(ticket.price)} for ticket in tickets]}
    amounts = front_end.load("POST", "/v1/orders/calculate-amount", body | more)
    assert amounts.keys() >= {"total", "sub_total", "tax", "tax_included", "discount", "tickets"}
    created = front_end.load("POST", "/v1/orders/create-order", body | more)
    return amounts, created["data"]["attributes"]["identifier"]


def open_checkout(front_end, oid):
    """Step 4: everything that the page of a new order loads. Answers its order and attendees."""
    order = front_end.get(f"/v1/orders/{oid}", include="attendees,event")
    record = order["data"]
    tickets = front_end.get(f"/v1/orders/{oid}/tickets")["data"]
    for ticket in tickets:
        mine = {"name": "order", "op": "has", "val": {"name": "id", "op": "eq", "val": record["id"]}}
        holders = front_end.get(f"/v1/tickets/{ticket['id']}/attendees", filter=[mine])
        assert holders["meta"]["count"] >= 1
    event = front_end.get(f"/v1/orders/{oid}/event", include="tax")["data"]
    assert event["attributes"]["identifier"]
    asked = [{"name": "form", "op": "eq", "val": "attendee"}]
    assert front_end.follow(event, "custom-forms", filter=asked, page_size=0, sort="id")["data"]
    keys = (
        "identifier status amount payment-mode created-at completed-at is-billing-enabled company tax-business-info "
        "address city state country zipcode discount-code-id tickets-pdf-url paid-via brand last4 transaction-id"
    )
    assert record["attributes"].keys() >= set(keys.split())
    assert front_end.follow(record, "user")["data"]["id"] == str(front_end.user_id)
    assert front_end.follow(record, "access-code")["data"] is None
    return order, tickets


def fill_in(front_end, order, *, status, mode, **names):
    """Step 5: every attendee and then the order, each with all that the application holds of it."""
    for attendee in included(order, "attendee"):
        links = {
            "order": one("order", order["data"]["id"]),
            "event": one("event", included(order, "event")[0]["id"]),
            "ticket": front_end.follow(attendee, "ticket")["data"],
        }
        for name, far in links.items():
            attendee["relationships"][name]["data"] = {"type": far["type"], "id": far["id"]}
        named = {"firstname": "Bea", "lastname": "Buyer", "email": "buyer@example.org", **names}
        saved = front_end.save(attendee, same_as_buyer=True, complex_field_values={}, **named)
        assert saved["attributes"]["firstname"] == named["firstname"]
    record = order["data"]
    record["relationships"]["user"]["data"] = one("user", front_end.user_id)
    return front_end.save(record, status=status, payment_mode=mode)


def test_a_free_ticket_from_first_click_to_pdf(world, buyer, free):
    amounts, oid = start_order(buyer, free)
    assert (amounts["total"], amounts["tickets"][0]["id"]) == (0, free.pk)
    order, tickets = open_checkout(buyer, oid)
    assert order["data"]["attributes"]["status"] == "initializing"
    assert [ticket["id"] for ticket in tickets] == [str(free.pk)]
    answer = fill_in(buyer, order, status="completed", mode="free")
    assert answer["attributes"]["status"] == "completed"
    seen = buyer.load("POST", f"/v1/orders/{oid}/verify")
    assert seen["payment_status"] == "completed"
    order = buyer.get(f"/v1/orders/{oid}", include="attendees,tickets,event")
    [attendee] = included(order, "attendee")
    assert order["data"]["attributes"]["tickets-pdf-url"].endswith(f"/v1/orders/{oid}/tickets-pdf")
    papers = (f"/v1/tickets/{oid}", f"/v1/orders/attendees/{attendee['id']}.pdf", f"/v1/orders/invoices/{oid}")
    for path in papers:
        paper = buyer.raw("GET", path)
        assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf"), path
    assert Mail.objects.filter(recipient="buyer@example.org").exists()
    free.refresh_from_db()
    assert free.reserved == 1


def test_holders_are_edited_afterwards_and_the_order_is_sent_back_whole(world, buyer, free):
    _, oid = start_order(buyer, free)
    order, _ = open_checkout(buyer, oid)
    fill_in(buyer, order, status="completed", mode="free")
    order = buyer.get(f"/v1/orders/{oid}", include="attendees,tickets,event")
    [attendee] = included(order, "attendee")
    assert buyer.save(attendee, firstname="Beatrix")["attributes"]["firstname"] == "Beatrix"
    assert buyer.save(order["data"])["attributes"]["status"] == "completed"
    assert buyer.save(order["data"], status="cancelled")["attributes"]["status"] == "cancelled"


def test_an_unverified_account_is_told_why_it_gets_no_free_ticket(world, free):
    User.objects.filter(email="eve@example.org").update(is_verified=False)
    eve = FrontEnd("eve@example.org")
    with pytest.raises(Refusal) as refusal:
        start_order(eve, free)
    error = refusal.value.body["errors"][0]
    assert (error["status"], error["source"]["code"]) == (403, "unverified-user")
    assert error["detail"]


def test_an_access_code_opens_its_tickets_and_a_discount_code_lowers_the_price(world, buyer, eid):
    hidden = world.rows["ours"]["ticket"].event.tickets.get(name="ours hidden")
    found = buyer.get(f"/v1/events/{eid}/access-codes/OURSVIP", eventIdentifier=eid, code="OURSVIP")["data"]
    assert [ticket["id"] for ticket in buyer.follow(found, "tickets")["data"]] == [str(hidden.pk)]
    for kind in ("access-codes", "discount-codes"):
        with pytest.raises(Refusal) as refusal:
            buyer.get(f"/v1/events/{eid}/{kind}/NOSUCH", eventIdentifier=eid, code="NOSUCH")
        assert refusal.value.body["errors"][0]["status"] == 404
    document = buyer.get(
        f"/v1/events/{eid}/discount-codes/OURS10", eventIdentifier=eid, code="OURS10", include="event,tickets"
    )
    assert included(document, "event")[0]["attributes"]["identifier"] == eid
    assert document["data"]["attributes"].keys() >= {"tickets-number", "value", "type"}
    [ticket] = included(document, "ticket")
    amounts, oid = start_order(buyer, Ticket.objects.get(pk=ticket["id"]), **{"discount-code": document["data"]["id"]})
    line = amounts["tickets"][0]
    assert line["discount"].keys() >= {"amount", "percent", "code"}
    assert (amounts["discount"], amounts["sub_total"], amounts["tax"]["percent"]) == (2, 18, 19)
    assert buyer.get(f"/v1/orders/{oid}")["data"]["attributes"]["amount"] == amounts["total"]


def test_a_code_that_does_not_hold_says_so_in_words(world, buyer, free):
    spent = make_discount(world.event, world.rows["ours"]["ticket"], code="SPENT", tickets_number=1, max_quantity=1)
    type(spent).objects.filter(pk=spent.pk).update(used=1)
    late = make_access(world.event, code="LATE", valid_till=world.event.created_at)
    for name, code in (("discount-code", spent), ("access-code", late)):
        with pytest.raises(Refusal) as refusal:
            start_order(buyer, world.rows["ours"]["ticket"], **{name: str(code.pk)})
        [error] = refusal.value.body["errors"]
        assert (error["status"], error["source"]["pointer"]) == (422, f"/{name}")
        assert error["detail"]


@pytest.mark.parametrize("mode", ["bank", "cheque", "onsite", "invoice"])
def test_an_offline_mode_is_asked_to_be_pending_and_is_placed(world, buyer, mode):
    ways = {"can_pay_by_cheque": True, "can_pay_onsite": True, "can_pay_by_invoice": True}
    Event.objects.filter(pk=world.event.pk).update(**ways)
    amounts, oid = start_order(buyer, world.rows["ours"]["ticket"])
    assert amounts["total"] == 23.8
    order, _ = open_checkout(buyer, oid)
    with pytest.raises(Refusal) as refusal:
        fill_in(buyer, order, status="completed", mode=mode)
    assert refusal.value.status == 403
    answer = fill_in(buyer, order, status="pending", mode=mode)
    assert (answer["attributes"]["status"], answer["attributes"]["payment-mode"]) == ("placed", mode)
    order = buyer.get(f"/v1/orders/{oid}", include="attendees,event,tickets")
    assert buyer.save(order["data"], status="placed", payment_mode=mode)["attributes"]["status"] == "placed"
    assert buyer.load("POST", f"/v1/orders/{oid}/verify")["payment_status"] == "placed"


def test_a_paid_order_waits_on_its_pending_page(world, buyer):
    Event.objects.filter(pk=world.event.pk).update(can_pay_by_stripe=True)
    _, oid = start_order(buyer, world.rows["ours"]["ticket"])
    order, _ = open_checkout(buyer, oid)
    answer = fill_in(buyer, order, status="pending", mode="stripe")
    assert answer["attributes"]["status"] == "pending"
    assert buyer.load("POST", f"/v1/orders/{oid}/verify")["payment_status"] == "pending"
    order = buyer.get(f"/v1/orders/{oid}", include="attendees,event,tickets")
    assert buyer.save(order["data"])["attributes"]["status"] == "pending"


def test_a_hold_that_the_clock_has_ended_is_expired_and_is_not_filled_in(world, buyer, free):
    _, oid = start_order(buyer, free)
    order, _ = open_checkout(buyer, oid)
    Order.objects.filter(identifier=oid).update(expires_at=world.event.created_at)
    assert buyer.get(f"/v1/orders/{oid}")["data"]["attributes"]["status"] == "expired"
    with pytest.raises(Refusal) as refusal:
        fill_in(buyer, order, status="completed", mode="free")
    assert 400 <= refusal.value.status < 500
    assert Order.objects.get(identifier=oid).status == "initializing"
    assert not Attendee.objects.filter(order__identifier=oid, firstname="Bea").exists()


# ── 7: my tickets ────────────────────────────────────────────────────────────────────────────────


def event_has(name, op, value):
    return {"name": "event", "op": "has", "val": {"name": name, "op": op, "val": value}}


def status_in(*statuses):
    return {"or": [{"name": "status", "op": "eq", "val": status} for status in statuses]}


def test_my_tickets(world, buyer):
    me = buyer.get(f"/v1/users/{buyer.user_id}")["data"]
    coming = event_has("starts-at", "ge", moment())
    alive = event_has("deleted-at", "eq", None)
    lists = {
        1: [{"and": [coming, status_in("completed", "placed"), alive]}],
        0: [{"and": [coming, {"name": "status", "op": "eq", "val": "cancelled"}]}],
    }
    query = {"page_size": 10, "page_number": 1, "include": "event,attendees.ticket,user", "sort": "event.starts-at"}
    for count, condition in lists.items():
        found = buyer.follow(me, "orders", filter=condition, **query)
        assert found["meta"]["count"] == count
    found = buyer.follow(me, "orders", filter=lists[1], **query)
    assert {record["type"] for record in found["included"]} == {"event", "attendee", "ticket", "user"}
    open_ones = [{"and": [coming, status_in("pending", "initializing"), alive]}]
    assert buyer.follow(me, "orders", filter=open_ones, **query)["data"] == []
    past = [{"and": [event_has("starts-at", "lt", moment()), status_in("completed", "placed"), alive]}]
    query = {"page_size": 10, "page_number": 1, "include": "event,attendees.ticket"}
    assert buyer.follow(me, "orders", filter=past, **query)["data"] == []
    assert buyer.follow(found["data"][0], "event")["data"]["attributes"]["identifier"] == world.event.identifier


def test_my_sessions_and_my_events(world):
    speaker = FrontEnd("speaker@example.org")
    me = speaker.get(f"/v1/users/{speaker.user_id}")["data"]
    coming = [
        {
            "or": [
                {"name": "starts-at", "op": "ge", "val": moment()},
                {
                    "and": [
                        {"name": "starts-at", "op": "eq", "val": None},
                        {"name": "ends-at", "op": "eq", "val": None},
                        event_has("starts-at", "ge", moment()),
                    ]
                },
            ]
        }
    ]
    query = {"page_size": 10, "page_number": 1, "include": "event", "filter": coming, "sort": "starts-at"}
    assert speaker.follow(me, "sessions", **query)["meta"]["count"] == 1
    owner = FrontEnd("owner@example.org")
    me = owner.get(f"/v1/users/{owner.user_id}")["data"]
    live = [
        {"name": "state", "op": "eq", "val": "published"},
        {
            "or": [
                {"name": "starts-at", "op": "ge", "val": moment()},
                {
                    "and": [
                        {"name": "starts-at", "op": "le", "val": moment()},
                        {"name": "ends-at", "op": "gt", "val": moment()},
                    ]
                },
            ]
        },
    ]
    query = {"include": "general-statistics,roles.role,roles.user,tickets", "page_size": 10, "page_number": 1}
    found = owner.follow(me, "events", filter=live, sort="starts-at", **query)
    assert names(found) == ["Fair of ours"]
    kinds = {"event-statistics-general", "users-events-roles", "role", "user", "ticket"}
    assert {record["type"] for record in found["included"]} == kinds
    drafts = [{"name": "state", "op": "eq", "val": "draft"}, {"name": "name", "op": "ilike", "val": "%x%"}]
    past = [{"name": "ends-at", "op": "lt", "val": moment()}, {"name": "state", "op": "eq", "val": "published"}]
    for condition in (drafts, past):
        assert owner.follow(me, "events", filter=condition, **query)["data"] == []
    Event.objects.filter(pk=world.event.pk).update(starts_at=moment(-3), ends_at=moment(-2))
    assert names(owner.follow(me, "events", filter=past, **query)) == ["Fair of ours"]
