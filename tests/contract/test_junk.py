"""Junk at every plain endpoint: a clear refusal in the shape of errors that points at its cause, and nothing done."""

import json

import pytest

from events.models import Event
from events.tests.factories import in_days
from orders.models import Attendee, Order, Ticket
from orders.tests.factories import make_access, make_discount, make_donation, make_ticket
from tests.contract.front_end import FrontEnd
from tests.contract.world import API

BUYING = ("/v1/orders/calculate-amount", "/v1/orders/create-order")
ACCOUNTS = (
    "login",
    "fresh-login",
    "token/refresh",
    "verify-email",
    "reset-password",
    "change-password",
    "verify-password",
)
PLAIN = (*BUYING, "/auth/session", "/v1/users/check_email", *(f"/v1/auth/{path}" for path in ACCOUNTS))
HUGE = 10**30
NOT_JSON = [
    b"",
    b"{",
    b"nonsense",
    b"[1, 2",
    b'{"tickets": NaN}',
    b'{"tickets": Infinity}',
    b'{"tickets": [{"id": 1, "quantity": NaN}]}',
    b'{"a": "\xff\xfe"}',
    b'{"a": "\\ud800"}',
    b"\x00",
    b"[" * 5000,
    b'{"a":' * 2000 + b"1" + b"}" * 2000,
]
NOT_AN_OBJECT = [b"[]", b"1", b'"x"', b"null", b"true", b"1e999", str(HUGE).encode()]


@pytest.fixture
def buyer(world):
    return FrontEnd("buyer@example.org")


@pytest.fixture
def ticket(world):
    return make_ticket(world.event, name="Plain", price=10, quantity=6, max_order=4, min_order=2)


def send(front_end, path, body, *, method="POST", media_type="application/json"):
    headers = {"Authorization": f"JWT {front_end.token}"} if front_end.token else {}
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return front_end.client.generic(method, path, body, content_type=media_type, headers=headers)


def refused(answer, *, at=None, status=None):
    """A refusal as clients read it: the status as a number, words for a person, and the place to blame."""
    assert 400 <= answer.status_code < 500, answer.content[:300]
    [error] = answer.json()["errors"]
    assert error["status"] == answer.status_code
    assert error["detail"]
    assert error["title"] != "Error"
    if at is not None:
        assert error["source"]["pointer"] == at, error
    if status is not None:
        assert answer.status_code == status, error
    return error


# ── Bodies ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", PLAIN)
@pytest.mark.parametrize("body", NOT_JSON, ids=lambda body: repr(body[:30]))
def test_what_is_not_json_is_refused(world, buyer, path, body):
    answer = send(buyer, path, body)
    assert 400 <= answer.status_code < 500
    found = answer.json()
    assert "error" in found or found["errors"][0]["status"] == answer.status_code


@pytest.mark.parametrize("path", PLAIN)
@pytest.mark.parametrize("body", NOT_AN_OBJECT, ids=repr)
def test_what_is_no_object_is_refused(world, buyer, path, body):
    answer = send(buyer, path, body)
    assert 400 <= answer.status_code < 500
    found = answer.json()
    assert "error" in found or found["errors"][0]["status"] == answer.status_code


@pytest.mark.parametrize("path", PLAIN)
@pytest.mark.parametrize("media_type", ["text/plain", "multipart/form-data", "application/x-www-form-urlencoded", "x"])
def test_other_media_types_are_refused(world, buyer, path, media_type):
    refused(send(buyer, path, b"a=1", media_type=media_type), status=415)


OTHER_METHODS = [
    (method, path)
    for path in PLAIN
    for method in ("GET", "PUT", "PATCH", "DELETE")
    if (method, path) != ("PATCH", "/v1/auth/reset-password")
]


@pytest.mark.parametrize(("method", "path"), OTHER_METHODS)
def test_other_methods_are_refused(world, buyer, path, method):
    answer = send(buyer, path, {}, method=method)
    assert refused(answer)["status"] in (404, 405, 401)


def test_a_body_that_is_far_too_large_is_refused(world, buyer):
    for path in PLAIN:
        refused(send(buyer, path, b'{"a": "' + b"x" * 3_000_000 + b'"}'), status=413)


# ── Carts ────────────────────────────────────────────────────────────────────────────────────────

CARTS = [
    ({}, "/tickets"),
    ({"tickets": None}, "/tickets"),
    ({"tickets": []}, "/tickets"),
    ({"tickets": {}}, "/tickets"),
    ({"tickets": "x"}, "/tickets"),
    ({"tickets": 7}, "/tickets"),
    ({"tickets": [None]}, "/tickets/0"),
    ({"tickets": [[]]}, "/tickets/0"),
    ({"tickets": ["1"]}, "/tickets/0"),
    ({"tickets": [{}]}, "/tickets/0/id"),
    ({"tickets": [{"id": None}]}, "/tickets/0/id"),
    ({"tickets": [{"id": True}]}, "/tickets/0/id"),
    ({"tickets": [{"id": -1}]}, "/tickets/0/id"),
    ({"tickets": [{"id": 1.5}]}, "/tickets/0/id"),
    ({"tickets": [{"id": "1e3"}]}, "/tickets/0/id"),
    ({"tickets": [{"id": "１"}]}, "/tickets/0/id"),
    ({"tickets": [{"id": HUGE}]}, "/tickets/0/id"),
    ({"tickets": [{"id": str(HUGE)}]}, "/tickets/0/id"),
    ({"tickets": [{"id": {}}]}, "/tickets/0/id"),
    ({"tickets": [{"id": 999999999}]}, "/tickets/0/id"),
    ({"tickets": [{"id": 0}]}, "/tickets/0/id"),
    ({"tickets": [{"id": "TICKET", "quantity": None}]}, "/tickets/0/quantity"),
    ({"tickets": [{"id": "TICKET", "quantity": "many"}]}, "/tickets/0/quantity"),
    ({"tickets": [{"id": "TICKET", "quantity": -1}]}, "/tickets/0/quantity"),
    ({"tickets": [{"id": "TICKET", "quantity": 1.5}]}, "/tickets/0/quantity"),
    ({"tickets": [{"id": "TICKET", "quantity": True}]}, "/tickets/0/quantity"),
    ({"tickets": [{"id": "TICKET", "quantity": [1]}]}, "/tickets/0/quantity"),
    ({"tickets": [{"id": "TICKET", "quantity": HUGE}]}, "/tickets/0/quantity"),
    ({"tickets": [{"id": "TICKET", "quantity": 1e300}]}, "/tickets/0/quantity"),
    ({"tickets": [{"id": "TICKET", "quantity": 10_001}]}, "/tickets/0/quantity"),
    ({"tickets": [{"id": "TICKET", "quantity": 0}]}, "/tickets"),
    ({"tickets": [{"id": "TICKET", "quantity": 2, "price": "a lot"}]}, "/tickets/0/price"),
    ({"tickets": [{"id": "TICKET", "quantity": 2, "price": -1}]}, "/tickets/0/price"),
    ({"tickets": [{"id": "TICKET", "quantity": 2, "price": "NaN"}]}, "/tickets/0/price"),
    ({"tickets": [{"id": "TICKET", "quantity": 2, "price": "Infinity"}]}, "/tickets/0/price"),
    ({"tickets": [{"id": "TICKET", "quantity": 2, "price": 1e300}]}, "/tickets/0/price"),
    ({"tickets": [{"id": "TICKET", "quantity": 2, "price": "1e999999999"}]}, "/tickets/0/price"),
    ({"tickets": [{"id": "TICKET", "quantity": 2, "price": {}}]}, "/tickets/0/price"),
    ({"tickets": [{"id": "TICKET", "quantity": 2, "price": True}]}, "/tickets/0/price"),
    ({"tickets": [{"id": "TICKET", "quantity": 2}] * 101}, "/tickets"),
    ({"tickets": [{"id": "TICKET", "quantity": 2}], "amount": "x"}, "/amount"),
    ({"tickets": [{"id": "TICKET", "quantity": 2}], "amount": -1}, "/amount"),
    ({"tickets": [{"id": "TICKET", "quantity": 2}], "amount": []}, "/amount"),
    ({"tickets": [{"id": "TICKET", "quantity": 2}], "amount": 1e300}, "/amount"),
    ({"tickets": [{"id": "TICKET", "quantity": 2}], "discount-code": {}}, "/discount-code"),
    ({"tickets": [{"id": "TICKET", "quantity": 2}], "discount-code": []}, "/discount-code"),
    ({"tickets": [{"id": "TICKET", "quantity": 2}], "discount-code": True}, "/discount-code"),
    ({"tickets": [{"id": "TICKET", "quantity": 2}], "discount-code": -5}, "/discount-code"),
    ({"tickets": [{"id": "TICKET", "quantity": 2}], "discount-code": 999999}, "/discount-code"),
    ({"tickets": [{"id": "TICKET", "quantity": 2}], "discount-code": HUGE}, "/discount-code"),
    ({"tickets": [{"id": "TICKET", "quantity": 2}], "discount-code": "x" * 5000}, "/discount-code"),
    ({"tickets": [{"id": "TICKET", "quantity": 2}], "discount-code": "a\u0000b"}, "/discount-code"),
    ({"tickets": [{"id": "TICKET", "quantity": 2}], "access-code": "no such"}, "/access-code"),
    ({"tickets": [{"id": "TICKET", "quantity": 2}], "access-code": 1.5}, "/access-code"),
    ({"tickets": [{"id": "THEIRS", "quantity": 1}]}, "/tickets/0/id"),
    ({"tickets": [{"id": "HIDDEN", "quantity": 1}]}, "/tickets/0/id"),
    ({"tickets": [{"id": "TICKET", "quantity": 2}, {"id": "ELSEWHERE", "quantity": 1}]}, "/tickets/1/id"),
    ({"tickets": [{"id": "TICKET", "quantity": 2}, {"id": "DELETED", "quantity": 1}]}, "/tickets/1/id"),
    ({"tickets": [{"id": "GIFT", "quantity": 1, "price": 1}]}, "/tickets/0/price"),
    ({"tickets": [{"id": "GIFT", "quantity": 1, "price": 5000}]}, "/tickets/0/price"),
]


@pytest.fixture
def named(world, ticket):
    """Ticket types by the word that stands for their id."""
    elsewhere = Event.objects.create(
        name="Elsewhere", state="published", starts_at=in_days(9), ends_at=in_days(10), payment_currency="EUR"
    )
    deleted = make_ticket(world.event, name="Gone", price=10)
    deleted.hide()
    found = {
        "TICKET": ticket,
        "THEIRS": world.rows["theirs"]["ticket"],
        "HIDDEN": Ticket.objects.get(name="ours hidden"),
        "ELSEWHERE": make_ticket(elsewhere, price=10),
        "DELETED": deleted,
        "GIFT": make_donation(world.event, name="Gift", least=5, most=50),
    }
    return {word: str(row.pk) for word, row in found.items()}


def filled(body, named):
    text = json.dumps(body)
    for word, key in named.items():
        text = text.replace(f'"{word}"', f'"{key}"')
    return json.loads(text)


@pytest.mark.parametrize("path", BUYING)
@pytest.mark.parametrize(("body", "pointer"), CARTS, ids=lambda part: json.dumps(part)[:70])
def test_a_cart_that_makes_no_sense_is_refused_where_it_does_not(world, buyer, named, path, body, pointer):
    orders = Order.objects.count()
    refused(send(buyer, path, filled(body, named)), at=pointer)
    assert Order.objects.count() == orders
    assert not Ticket.objects.filter(name="Plain").exclude(reserved=0).exists()


def cart(ticket, quantity=2, **more):
    return {"tickets": [{"id": ticket.pk, "quantity": quantity}], **more}


def create(front_end, body):
    return send(front_end, "/v1/orders/create-order", body)


def test_too_many_too_few_and_more_than_are_left(world, buyer, ticket):
    refused(create(buyer, cart(ticket, 5)), at="/tickets/0/quantity", status=422)
    refused(create(buyer, cart(ticket, 1)), at="/tickets/0/quantity", status=422)
    assert create(buyer, cart(ticket, 4)).status_code == 200
    assert refused(create(buyer, cart(ticket, 4)), status=409)
    assert Ticket.objects.get(pk=ticket.pk).reserved == 4


@pytest.mark.parametrize(
    "window", [{"sales_ends_at": in_days(-0.5)}, {"sales_starts_at": in_days(1)}], ids=["closed", "not open yet"]
)
def test_sales_that_are_closed(world, buyer, ticket, window):
    Ticket.objects.filter(pk=ticket.pk).update(**window)
    refused(create(buyer, cart(ticket)), at="/tickets/0/id", status=409)


def test_an_event_that_is_over_deleted_or_a_draft(world, buyer, ticket):
    events = Event.objects.filter(pk=world.event.pk)
    events.update(starts_at=in_days(-3), ends_at=in_days(-2))
    refused(create(buyer, cart(ticket)), status=409)
    for change in ({"state": "draft"}, {"deleted_at": in_days(0)}):
        events.update(**change)
        for path in BUYING:
            refused(send(buyer, path, cart(ticket)), at="/tickets/0/id", status=404)
        left = buyer.raw("GET", f"/v1/events/{world.event.identifier}/tickets/availability")
        refused(left, status=404)


def test_codes_that_do_not_hold(world, buyer, ticket):
    elsewhere = world.rows["theirs"]["discount-code"]
    bad = [
        make_discount(world.event, ticket, code="OFF", is_active=False),
        make_discount(world.event, ticket, code="LATE", valid_till=in_days(-1)),
        make_discount(world.event, ticket, code="EARLY", valid_from=in_days(1)),
        elsewhere,
    ]
    for code in bad:
        for path in BUYING:
            refused(send(buyer, path, cart(ticket, **{"discount-code": code.pk})), at="/discount-code", status=422)
    late = make_access(world.event, Ticket.objects.get(name="ours hidden"), code="LATE", valid_till=in_days(-1))
    refused(create(buyer, cart(ticket, **{"access-code": late.pk})), at="/access-code", status=422)


def test_orders_without_a_sign_in(world, ticket):
    refused(create(FrontEnd(), cart(ticket)), status=401)
    assert send(FrontEnd(), "/v1/orders/calculate-amount", cart(ticket)).status_code == 200


# ── Keys in addresses ────────────────────────────────────────────────────────────────────────────

KEYS = [
    "0",
    "-1",
    "1.5",
    "99999999",
    str(HUGE),
    "x",
    "%00",
    "%F0%9F%8E%AB",
    "a" * 3000,
    "..",
    "%2e%2e",
    "' OR 1=1",
    "null",
]
ADDRESSES = [
    ("GET", "/v1/events/{}/tickets/availability"),
    ("GET", "/v1/events/{}/has-streams"),
    ("GET", "/v1/events/{}.ics"),
    ("GET", "/v1/events/{}/discount-codes/OURS10"),
    ("GET", "/v1/events/{}/access-codes/OURSVIP"),
    ("GET", "/v1/orders/{}/tickets-pdf"),
    ("GET", "/v1/orders/attendees/{}.pdf"),
    ("GET", "/v1/tickets/{}"),
    ("POST", "/v1/orders/{}/verify"),
    ("GET", "/v1/orders/{}"),
    ("PATCH", "/v1/orders/{}"),
    ("GET", "/v1/orders/{}/attendees"),
    ("GET", "/v1/users/{}"),
    ("PATCH", "/v1/attendees/{}"),
]


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key[:20])
@pytest.mark.parametrize(("method", "address"), ADDRESSES)
def test_keys_that_lead_nowhere(world, buyer, method, address, key):
    refused(buyer.raw(method, address.format(key)), status=404)


@pytest.mark.parametrize("path", ["%0A", "events/1%0A", "nothing/x%0Ay", "%E2%80%A8", ""])
def test_an_address_that_is_none_answers_in_the_shape_of_errors(world, path):
    refused(FrontEnd().raw("GET", f"/v1/{path}"), status=404)


@pytest.mark.parametrize("code", ["x", "%00", "a" * 3000, str(HUGE), "%25", "%F0%9F%8E%AB", "theirs10", "THEIRS10"])
@pytest.mark.parametrize("kind", ["discount-codes", "access-codes"])
def test_codes_that_lead_nowhere(world, kind, code):
    visitor = FrontEnd()
    refused(visitor.raw("GET", f"/v1/events/{world.event.identifier}/{kind}/{code}"), status=404)
    answer = visitor.raw("GET", f"/v1/events/{world.event.identifier}/discount-codes/OURS10?include=nonsense")
    refused(answer, status=400)


def test_what_belongs_to_others_is_not_there(world):
    eve, order = FrontEnd("eve@example.org"), world.rows["ours"]["order"]
    attendee = world.rows["ours"]["attendee"]
    for who in (eve, FrontEnd()):
        for method, path in (
            ("GET", f"/v1/orders/{order.identifier}/tickets-pdf"),
            ("GET", f"/v1/tickets/{order.identifier}"),
            ("GET", f"/v1/orders/attendees/{attendee.pk}.pdf"),
        ):
            refused(who.raw(method, path), status=404)
    refused(eve.raw("POST", f"/v1/orders/{order.identifier}/verify"), status=404)
    refused(FrontEnd().raw("POST", f"/v1/orders/{order.identifier}/verify"), status=401)


# ── Documents of both flows ──────────────────────────────────────────────────────────────────────

DOCUMENTS = [
    ([], 400, "/data"),
    ({"data": []}, 400, "/data"),
    ({"data": None}, 400, "/data"),
    ({"data": {}}, 400, "/data/type"),
    ({"data": {"type": 7}}, 409, "/data/type"),
    ({"data": {"type": "order", "attributes": []}}, 422, "/data/relationships/event"),
    ({"data": {"type": "order", "attributes": [1]}}, 400, "/data/attributes"),
    ({"data": {"type": "order", "relationships": [1]}}, 400, "/data/relationships"),
    ({"data": {"type": "order", "relationships": {"event": 1}}}, 400, "/data/relationships/event"),
    ({"data": {"type": "order", "relationships": {"event": {"data": "x"}}}}, 400, "/data/relationships/event/data"),
]


@pytest.mark.parametrize(("document", "status", "pointer"), DOCUMENTS, ids=lambda part: str(part)[:60])
def test_order_documents_that_make_no_sense(world, buyer, document, status, pointer):
    answer = send(buyer, "/v1/orders", document, media_type="application/vnd.api+json")
    refused(answer, status=status, at=pointer)


ATTRIBUTES = [
    ("attendee", {"email": "nonsense"}, "email"),
    ("attendee", {"email": 5}, "email"),
    ("attendee", {"firstname": {}}, "firstname"),
    ("attendee", {"firstname": "x" * 5000}, "firstname"),
    ("attendee", {"firstname": "a\u0000b"}, "firstname"),
    ("attendee", {"birth-date": "yesterday"}, "birth-date"),
    ("attendee", {"birth-date": HUGE}, "birth-date"),
    ("attendee", {"website": "javascript:alert(1)"}, "website"),
    ("attendee", {"age-group": "ancient"}, "age-group"),
    ("attendee", {"complex-field-values": [1]}, "complex-field-values"),
    ("attendee", {"complex-field-values": {"a": {"b": 1}}}, "complex-field-values"),
    ("attendee", {"tag-id": HUGE}, "tag-id"),
    ("attendee", {"tag-id": -1}, "tag-id"),
    ("order", {"status": "sold"}, "status"),
    ("order", {"status": {}}, "status"),
    ("order", {"payment-mode": "alchemy"}, "payment-mode"),
    ("order", {"payment-mode": []}, "payment-mode"),
    ("order", {"amount": "NaN"}, "amount"),
    ("order", {"amount": -1}, "amount"),
    ("order", {"amount": 1e300}, "amount"),
    ("order", {"amount": {}}, "amount"),
    ("order", {"company": "x" * 5000}, "company"),
    ("order", {"is-billing-enabled": "perhaps"}, "is-billing-enabled"),
    ("order", {"discount-code-id": "x"}, "discount-code-id"),
    ("order", {"discount-code-id": HUGE}, "discount-code-id"),
]


@pytest.mark.parametrize(("kind", "attributes", "name"), ATTRIBUTES, ids=lambda part: str(part)[:50])
def test_values_that_an_attendee_or_order_cannot_hold(world, buyer, ticket, kind, attributes, name):
    create(buyer, cart(ticket))
    order = Order.objects.latest("pk")
    row = order if kind == "order" else order.attendees.first()
    address = f"/v1/{kind}s/{order.identifier if kind == 'order' else row.pk}"
    document = {"data": {"type": kind, "id": str(row.pk), "attributes": attributes}}
    answer = send(buyer, address, document, method="PATCH", media_type="application/vnd.api+json")
    refused(answer, at=f"/data/attributes/{name}", status=422)


NESTED = "[" * 900 + "]" * 900


@pytest.mark.parametrize(
    "inner", [HUGE, 1e300, -1e20, "a\u0000b", json.loads(NESTED), "x" * 200_000], ids=lambda v: str(v)[:9]
)
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        *(("speaker", "complex-field-values"), ("speaker", "speaker-positions"), ("session", "slides")),
        *(("attendee", "complex-field-values"), ("event", "document-links")),
    ],
)
def test_json_that_no_database_or_client_could_hold_is_refused(world, kind, name, inner):
    owner, row = API(world.people["owner"]), world.rows["ours"][kind]
    for value in ([{"name": "a", "link": inner}], {"a": inner}, inner):
        if isinstance(value, str | int | float) and kind == "attendee":
            continue
        document = {"data": {"type": kind, "id": str(row.pk), "attributes": {name: value}}}
        refused(owner.patch(world.address(kind), document), at=f"/data/attributes/{name}", status=422)


def test_attendees_of_what_is_not_there_or_not_one_s_own(world, buyer, ticket):
    def attendee(**links):
        data = {"type": "attendee", "attributes": {"firstname": "A"}, "relationships": {}}
        for name, row in links.items():
            data["relationships"][name] = {"data": {"type": name, "id": str(getattr(row, "pk", row))}}
        return {"data": data}

    ours, theirs = world.rows["ours"], world.rows["theirs"]
    tries = [
        (attendee(), "/data/relationships/event"),
        (attendee(event=world.event), "/data/relationships/ticket"),
        (attendee(event=world.event, ticket=theirs["ticket"]), "/data/relationships/ticket"),
        (attendee(event=theirs["event"], ticket=ticket), "/data/relationships/event"),
        (attendee(event=world.event, ticket=HUGE), "/data/relationships/ticket"),
        (attendee(event=world.event, ticket="x"), "/data/relationships/ticket"),
        (attendee(event=world.event, ticket=ticket, order=ours["order"]), "/data/relationships/order"),
    ]
    count = Attendee.objects.count()
    for document, pointer in tries:
        answer = send(buyer, "/v1/attendees", document, media_type="application/vnd.api+json")
        assert answer.status_code < 500
        pointers = [error["source"]["pointer"] for error in answer.json()["errors"]]
        assert pointer in pointers
    assert Attendee.objects.count() == count


# ── Signing in ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "body",
    [
        {"email": {}, "password": "x"},
        {"email": ["a@example.org"], "password": "x"},
        {"email": 7, "password": 7},
        {"email": "a@example.org"},
        {"email": "a@example.org", "password": None},
        {"email": "a\u0000@example.org", "password": "x"},
        {"email": "a@example.org", "password": "\u0000"},
        {"email": "x" * 100_000, "password": "x"},
        {"username": "buyer@example.org", "password": "x" * 100_000},
        {"email": "buyer@example.org", "password": "wrong", "remember-me": {}, "include-in-response": []},
    ],
    ids=lambda body: str(body)[:60],
)
def test_sign_ins_that_make_no_sense(world, body):
    for path in ("/auth/session", "/v1/auth/login"):
        answer = send(FrontEnd(), path, body)
        assert answer.status_code in (400, 401)
        assert isinstance(answer.json()["error"], str)
        if answer.status_code == 400:
            assert refused(answer)["source"]["pointer"] in ("/email", "/password")


@pytest.mark.parametrize(
    "email", [None, 7, {}, [], "", "x", "a\u0000@example.org", "x" * 100_000 + "@example.org"], ids=str
)
def test_addresses_that_are_none(world, email):
    error = refused(send(FrontEnd(), "/v1/users/check_email", {"email": email}), at="/email", status=422)
    assert error["detail"]


@pytest.mark.parametrize("token", [None, 7, {}, "x", "a.b.c", "x" * 100_000])
def test_refresh_tokens_that_are_none(world, token):
    answer = send(FrontEnd(), "/v1/auth/token/refresh", {"refresh_token": token})
    assert answer.status_code == 401
    assert isinstance(answer.json()["error"], str)


@pytest.mark.parametrize(
    "header", ["JWT", "JWT ", "JWT x", "JWT a.b.c", "JWT \u00e9", "JWT " + "x" * 9000, "Bearer x y z"]
)
def test_headers_that_are_no_token(world, header):
    refused(FrontEnd().client.get("/v1/events", headers={"Authorization": header}), status=401)


JUNK = (None, True, -1, 1e308, HUGE, "x" * 200_000, "a\u0000b", [], {}, [{}], {"a": []}, "2020-13-45T99:99:99Z")


@pytest.mark.parametrize("value", JUNK, ids=lambda value: repr(value)[:20])
def test_junk_in_every_attribute_of_every_resource(world, value):
    """Many at once, and each on its own where the others would hide it: no fault, and pointers to the attributes."""
    superadmin = API(world.people["superadmin"])
    for kind in (kind for kind in world.rows["ours"] if kind not in ("role", "users-events-roles")):
        address, row = world.address(kind), world.rows["ours"][kind]
        names = superadmin.get(address).json()["data"]["attributes"].keys() - {"deleted-at"}
        here = {"event": {"data": {"type": "event", "id": str(world.event.pk)}}}
        for attributes in (dict.fromkeys(names, value), *({name: value} for name in sorted(names)[:3])):
            data = {"type": kind, "attributes": attributes}
            answers = [superadmin.patch(address, {"data": {**data, "id": str(row.pk)}})]
            if kind not in ("event", "setting", "order"):
                answers.append(superadmin.post(address.rpartition("/")[0], {"data": {**data, "relationships": here}}))
            for answer in answers:
                assert answer.status_code < 500, (kind, attributes.keys(), answer.content[:300])
                if answer.status_code == 422:
                    pointers = [error["source"]["pointer"] for error in answer.json()["errors"]]
                    assert all(pointer.startswith("/data/") for pointer in pointers), (kind, pointers)
