"""The faults of the server that came before: each has a test here which says that it is not one of ours."""

import re
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.people import make_person
from events.models import Event, Role, Session, Speaker, Track, UsersEventsRoles
from events.tests.factories import in_days
from openevent.core.registry import registry
from orders.models import Attendee, Order
from orders.tests.factories import make_access, make_discount, make_donation, make_order, make_ticket
from tests.contract.test_matrix import filled, ids_in, read_line, served_relations
from tests.contract.test_permissions import TABLE, TYPES, allowed
from tests.contract.url_map import concrete, methods_of, route_of, routes
from tests.contract.world import API, linkage, resource_document

NEW = {"email": "new@example.org", "password": "correct horse battery"}
FLAGS = {"is_admin": True, "is_super_admin": True, "is_marketer": True, "is_sales_admin": True, "is_verified": True}
REFUSED = {401, 403, 404, 405, 409, 422}


@pytest.fixture
def seat(world):
    return make_ticket(world.event, name="Seat", price=10, quantity=5)


def order_by(world, who, *tickets, **more):
    body = {"tickets": [{"id": ticket.pk, "quantity": count} for ticket, count in tickets], **more}
    return world.ask(who, "POST", "/v1/orders/create-order", body)


def body_of(answer):
    return answer.content.decode()


# ── Permissions ──────────────────────────────────────────────────────────────────────────────────


def test_fault_01_nobody_becomes_admin_by_sign_up_or_by_changing_themself(world):
    eve = world.people["eve"]
    assert API().post("/v1/users", resource_document("user", **NEW, **FLAGS)).status_code == 201
    assert API(eve).patch(f"/v1/users/{eve.pk}", resource_document("user", key=eve.pk, **FLAGS)).status_code == 200
    for email in (NEW["email"], eve.email):
        account = User.objects.get(email=email)
        assert not any(getattr(account, flag) for flag in FLAGS if flag != "is_verified")
    assert not User.objects.get(email=NEW["email"]).is_verified


ROLE_KINDS = [kind for kind in ("users-events-roles", "role-invite", "users-groups-role") if kind in registry.by_type]


@pytest.mark.parametrize("kind", ROLE_KINDS)
def test_fault_02_roles_are_not_stolen_through_their_relationships(world, kind):
    row = world.rows["ours"][kind]
    relations = registry.by_type[kind].serializer.relations()
    keys = {relation.column for relation in relations.values() if relation.column}
    before = {key: getattr(row, key) for key in keys}
    targets = {
        "user": world.people["eve"],
        "event": world.rows["theirs"]["event"],
        "role": Role.objects.get(name="owner"),
    }
    for who in ("anonymous", "eve", "registrar", "organizer-elsewhere", "co-organizer"):
        for name, target in targets.items():
            if name in relations:
                link = f"{world.address(kind)}/relationships/{name}"
                answer = world.ask(who, "PATCH", link, {"data": linkage(target)})
                assert answer.status_code in {*REFUSED, 204}, (who, name)  # or is so already
    row = type(row)._base_manager.get(pk=row.pk)
    assert {key: getattr(row, key) for key in keys} == before


@pytest.mark.parametrize("mode", ["free", "bank", "stripe", None])
def test_fault_03_a_buyer_does_not_complete_an_order_that_is_not_paid(world, seat, mode):
    order = make_order(seat, by=world.people["buyer"])
    for document in ({"status": "completed", "payment_mode": mode}, {"payment_mode": mode}, {"status": "completed"}):
        world.ask("buyer", "PATCH", f"/v1/orders/{order.pk}", resource_document("order", key=order.pk, **document))
    assert Order.objects.get(pk=order.pk).status != "completed"


def test_fault_04_nobody_writes_without_signing_in(world):
    """Every address and method; those that strangers may call are named in the table, and sign-up."""
    open_to_all = {route_of(line) for line in TABLE["addresses"] if "anonymous" in read_line(line)[0]}
    open_to_all.add(("POST", "v1/users$"))
    wrong = {}
    for route, view in routes():
        kind = getattr(getattr(view, "cls", None), "resource", None)
        names = [relation.url_name for relation in served_relations(kind.type)] if kind else []
        address = concrete(route, *names[:1])
        refusals = {401} if names or "<name>" not in route else {401, 404}  # a type without relations
        for method in methods_of(view) - {"GET"}:
            status = world.ask("anonymous", method, address, {"data": {}}).status_code
            if status not in refusals and (method, route) not in open_to_all:
                wrong[f"{method} {route}"] = status
    assert wrong == {}


def test_fault_05_deleting_a_code_or_a_speaker_asks_who_one_is(world):
    eve = world.people["eve"]
    Speaker.objects.create(event=world.rows["theirs"]["event"], name="Eve", email=eve.email, user=eve)
    for kind, status in (("access-code", 404), ("discount-code", 404), ("speaker", 403)):
        assert world.ask("eve", "DELETE", world.address(kind)).status_code == status
    document = resource_document("speaker", key=world.rows["ours"]["speaker"].pk, name="Eve")
    assert world.ask("eve", "PATCH", world.address("speaker"), document).status_code == 403


def test_fault_06_adding_to_a_list_of_links_asks_who_one_is(world):
    wrong = {}
    for kind in TYPES:
        for relation in registry.by_type[kind].serializer.relations().values():
            if relation.many and (target := registry.of(relation.model)) and world.rows["ours"].get(target.type):
                sent = {"data": [{"type": target.type, "id": str(world.rows["ours"][target.type].pk)}]}
                for who in ("anonymous", "eve"):
                    answer = world.ask(who, "POST", f"{world.address(kind)}/relationships/{relation.json_name}", sent)
                    if answer.status_code not in {401, 403, 404, 405}:
                        wrong[kind, relation.name, who] = answer.status_code
    assert wrong == {}


def test_fault_07_lists_of_orders_attendees_and_sessions_hold_what_one_may_see(world):
    Session.objects.create(event=world.event, title="Not decided", state="pending")
    ticket, event = world.address("ticket"), world.address("event")
    for address in ("/v1/orders", f"{event}/orders", f"{ticket}/attendees", f"{event}/attendees"):
        assert ids_in(world.api("eve").get(address).json()) == []
    assert ids_in(world.api("eve").get("/v1/sessions").json()) == [str(world.rows["ours"]["session"].pk)]
    assert ids_in(world.api("buyer").get("/v1/orders").json()) == [str(world.rows["ours"]["order"].pk)]


def test_fault_08_a_discount_code_is_its_own_events(world):
    code = world.address("discount-code")
    for who, status in (("anonymous", 404), ("eve", 404), ("organizer-elsewhere", 404), ("owner", 200)):
        assert world.ask(who, "GET", code).status_code == status
    document = resource_document("discount-code", key=world.rows["ours"]["discount-code"].pk, value=100)
    assert world.ask("organizer-elsewhere", "PATCH", code, document).status_code == 404


def test_fault_09_drafts_private_events_and_hidden_tickets_do_not_leak(world):
    draft, hidden = world.rows["theirs"]["event"], world.rows["ours"]["access-code"].tickets.get()
    kinds = [name for name in ("event-type", "event-topic", "event-sub-topic", "group") if name in registry.by_type]
    for who in ("anonymous", "eve", "owner"):
        for kind in kinds:
            for address in (f"{world.address(kind)}/events?page[size]=0", f"{world.address(kind)}?include=events"):
                assert "theirs" not in body_of(world.ask(who, "GET", address)), (who, address)
        for path in ("tickets/availability", "tickets", "has-streams"):
            assert world.ask(who, "GET", f"/v1/events/{draft.pk}/{path}").status_code == 404
        assert world.ask(who, "GET", f"/v1/events/{draft.identifier}.ics").status_code == 404
    for who in ("anonymous", "eve"):
        for kind in ("event", "order", "ticket", "access-code", "discount-code"):
            include = "event" if kind == "ticket" else "tickets"
            assert hidden.name not in body_of(world.ask(who, "GET", f"{world.address(kind)}?include={include}"))
        sent = resource_document("access-code", code="MINE", relationships={"event": world.event, "tickets": [hidden]})
        assert world.ask(who, "POST", "/v1/access-codes", sent).status_code in (401, 403, 404)
    Event.objects.filter(pk=world.event.pk).update(privacy="private")
    assert "Fair of ours" not in body_of(world.ask("eve", "GET", f"{world.address('event-type')}/events"))


PAYING = [line for line in TABLE["addresses"] if re.search(r"{(order|event-invoice)[.}]", line)]


@pytest.mark.parametrize("line", PAYING)
def test_fault_10_what_is_about_an_order_asks_whose_it_is(world, line):
    method, path = line.split()
    for who in ("anonymous", "eve", "organizer-elsewhere", "moderator"):
        assert world.ask(who, method, filled(world, path, "ours"), {}).status_code in (401, 404), who


def test_fault_11_removing_for_good_asks_the_same_rules(world):
    assert world.ask("superadmin", "DELETE", f"{world.address('ticket')}?permanent=true").status_code in (403, 409, 422)
    for who in ("co-organizer", "organizer"):
        assert world.ask(who, "DELETE", f"{world.address('event')}?permanent=true").status_code == 403
    assert world.ask("attendee", "DELETE", f"{world.address('order')}?permanent=true").status_code == 403
    assert world.ask("superadmin", "DELETE", f"{world.address('order')}?permanent=true").status_code == 200
    assert Order._base_manager.filter(pk=world.rows["ours"]["order"].pk).exists()
    assert world.ask("owner", "DELETE", f"{world.address('track')}?permanent=true").status_code == 200
    assert Track._base_manager.get(pk=world.rows["ours"]["track"].pk).deleted_at is not None  # a flag of staff's alone


MONEY_OF_OTHERS = [kind for kind in ("stripe-authorization", "event-invoice") if kind in registry.by_type]


def test_fault_12_nobody_changes_how_an_event_is_paid(world):
    for kind in MONEY_OF_OTHERS:
        document = resource_document(kind, key=world.rows["ours"][kind].pk, status="paid", stripe_secret_key="x")
        for who in ("eve", "buyer", "organizer-elsewhere"):
            assert world.ask(who, "PATCH", world.address(kind), document).status_code in (403, 404, 405), kind
            assert world.ask(who, "DELETE", world.address(kind)).status_code in (403, 404, 405), kind
        row = world.rows["ours"][kind]
        assert getattr(type(row).objects.get(pk=row.pk), "status", "") != "paid"


@pytest.mark.parametrize("path", ["/etc/passwd", "%2Fetc%2Fpasswd", "..%2F..%2Fetc%2Fpasswd", "../../../etc/passwd"])
def test_fault_13_no_file_of_the_server_is_given_out(world, path):
    for address in (f"/v1/events/{world.event.pk}/exports/{path}", f"/v1/tasks/{path}", f"/media/{path}"):
        answer = world.api("superadmin").get(address)
        assert answer.status_code in (400, 403, 404, 410), address
        assert "root:" not in answer.content.decode(errors="replace")


STAFFS_OWN = [kind for kind in TYPES if allowed(kind, "see") and not {"eve", "buyer"} & allowed(kind, "see")]


def test_fault_14_what_is_not_listed_for_somebody_is_not_read_by_number_either(world):
    assert {"discount-code", "access-code"} <= set(STAFFS_OWN)
    for kind in STAFFS_OWN:
        for who in ("anonymous", "eve", "buyer"):
            assert world.ask(who, "GET", world.address(kind)).status_code == 404, (kind, who)


def test_fault_15_head_trash_includes_and_filters_ask_the_rule_of_reading(world):
    for kind in STAFFS_OWN:
        assert world.ask("eve", "HEAD", world.address(kind)).status_code == 404, kind
    world.rows["ours"]["track"].hide()
    assert world.ask("eve", "GET", f"{world.address('track')}?get_trashed=true").status_code == 404
    assert ids_in(world.api("eve").get("/v1/tracks", {"get_trashed": "true"}).json()) == []
    for name, far, value in (
        ("owner", "email", world.people["owner"].email),
        ("orders", "identifier", world.rows["ours"]["order"].identifier),
        ("attendees", "email", "attendee@example.org"),
    ):
        condition = f'[{{"name": "{name}", "op": "any", "val": {{"name": "{far}", "op": "eq", "val": "{value}"}}}}]'
        assert ids_in(world.api("eve").get("/v1/events", {"filter": condition}).json()) == [], name
        assert "@example.org" not in body_of(world.ask("eve", "GET", f"{world.address('event')}?include={name}"))


def test_fault_16_a_number_that_happens_to_be_ones_own_opens_nothing(world):
    """The number of a session was compared with that of a user."""
    number, draft = 900_000, world.rows["theirs"]["event"]
    zoe = API(make_person("zoe", pk=number))
    session = Session.objects.create(pk=number, event=draft, title="Draft", creator=world.people["speaker"])
    for address in (f"/v1/sessions/{session.pk}", f"/v1/sessions/{session.pk}/creator"):
        assert zoe.get(address).status_code == 404
    code = make_access(world.event, code="ZOE", pk=number, marketer=world.people["owner"])
    assert zoe.get(f"/v1/access-codes/{code.pk}/marketer").status_code == 404


def test_fault_17_a_co_organizer_changes_no_role_above_their_own(world):
    held = world.rows["ours"]["users-events-roles"]
    for role in ("organizer", "registrar"):
        document = resource_document(
            "users-events-roles", key=held.pk, relationships={"role": Role.objects.get(name=role)}
        )
        assert world.ask("co-organizer", "PATCH", world.address("users-events-roles"), document).status_code == 403
    assert UsersEventsRoles.objects.get(pk=held.pk).role.name == "owner"


def test_fault_18_who_holds_a_ticket_gives_feedback_and_nobody_else(world):
    if "feedback" in registry.by_type:
        relations = {"event": world.event}
        document = resource_document("feedback", rating="4", comment="Good", relationships=relations)
        assert world.ask("eve", "POST", "/v1/feedbacks", document).status_code == 403
        assert allowed("feedback", "see") != set(TABLE["people"]["everyone"])


# ── Signing in ───────────────────────────────────────────────────────────────────────────────────


def test_fault_19_no_secret_of_a_sign_in_is_given_out(world):
    for provider in ("facebook", "google", "twitter", "instagram"):
        for method, path in (("GET", f"token/{provider}"), ("POST", f"login/{provider}?code=x")):
            answer = world.api("anonymous").send(method, f"/v1/auth/oauth/{path}", {} if method == "POST" else None)
            assert not {"token", "oauth_hash"} & answer.json().keys()
            assert answer.status_code in (400, 404, 422), path
    assert not [name for name in registry.by_type["user"].serializer.Meta.fields if "hash" in name or "token" in name]


def test_fault_20_links_for_a_new_password_are_random_kept_as_hashes_and_grow_old(settings):
    assert settings.PASSWORD_RESET_TIMEOUT <= 24 * 3600
    secret = [column.name for model in apps.get_models() for column in model._meta.fields if "reset" in column.name]
    assert secret == []  # no account has one standing in the database


def test_fault_21_sign_in_tells_nothing_and_tries_are_counted(world):
    def answer(email):
        sent = {"email": email, "password": "wrong"}
        answer = world.api("anonymous").client.post("/auth/session", sent, content_type="application/json")
        return answer.status_code, answer.content

    assert answer("eve@example.org") == answer("nobody@example.org")
    assert {answer("eve@example.org")[0] for _ in range(25)} == {401, 429}


WRITES = re.compile(r"^(INSERT INTO|UPDATE|DELETE FROM) .(\w+)")
QUEUED = {"notifications_job"}  # an export that is asked for by GET waits here, for its owner alone
DRAWN = {"orders_paper"}  # where the file of a paper is that was drawn, to draw it once


def written(queries):
    return {found[2] for query in queries if (found := WRITES.match(query["sql"]))}


def test_fault_22_no_get_changes_anything(world):
    addresses = [filled(world, line.split()[1], "ours") for line in TABLE["addresses"] if line.startswith("GET")]
    for kind in TYPES:
        verbs = registry.by_type[kind].viewset.verbs
        addresses += [world.address(kind)] if "retrieve" in verbs else []
        addresses += [f"/v1/{registry.by_type[kind].path}"] if "list" in verbs else []
    wrong = {}
    for address in addresses:
        with CaptureQueriesContext(connection) as queries:
            world.ask("superadmin", "GET", address)
        if changed := written(queries) - QUEUED - DRAWN - {"core_version"}:
            wrong[address] = changed
    assert wrong == {}


def test_fault_23_being_who_one_is_writes_nothing(world):
    with CaptureQueriesContext(connection) as queries:
        assert world.api("eve").get(f"/v1/users/{world.people['eve'].pk}").status_code == 200
    assert written(queries) == set()


# ── Sales ────────────────────────────────────────────────────────────────────────────────────────


def test_fault_24_one_free_seat_is_enough_for_one(world):
    last = make_ticket(world.event, name="Last", price=10, quantity=1)
    assert order_by(world, "buyer", (last, 2)).status_code == 409
    assert order_by(world, "buyer", (last, 1)).status_code == 200
    assert order_by(world, "eve", (last, 1)).status_code == 409
    assert last.attendees.count() == 1


def test_fault_25_an_order_asks_when_how_many_and_with_which_code(world, seat):
    event = world.event
    over = make_ticket(event, name="Over", price=10, sales_ends_at=in_days(-0.5))
    pairs = make_ticket(event, name="Pairs", price=10, min_order=2, max_order=4)
    secret = make_ticket(event, name="Secret", price=10, is_hidden=True)
    late = make_access(event, secret, code="LATE", valid_from=in_days(-9), valid_till=in_days(-1))
    good = make_access(event, secret)
    for tickets, more in (
        *((((over, 1),), {}), (((pairs, 1),), {}), (((pairs, 5),), {}), (((secret, 1),), {})),
        (((secret, 1),), {"access-code": late.pk}),
        (((seat, 1),), {"discount-code": make_discount(event, seat, percent=5, min_quantity=2, max_quantity=3).pk}),
    ):
        assert order_by(world, "buyer", *tickets, **more).status_code in (404, 409, 422), (tickets, more)
    assert order_by(world, "buyer", (secret, 1), **{"access-code": good.pk}).status_code == 200
    Event.objects.filter(pk=event.pk).update(state="draft")
    assert order_by(world, "buyer", (seat, 1)).status_code in (404, 409, 422)


def test_fault_26_money_is_never_a_binary_fraction(world):
    floats = {
        column.name
        for model in apps.get_models()
        for column in model._meta.concrete_fields
        if isinstance(column, models.FloatField) and model.__module__.split(".")[0] in ("accounts", "events", "orders")
    }
    assert not [name for name in floats if re.search("amount|price|fee|value|total|rate$|tax", name)]
    dime = make_ticket(world.event, name="Dime", price=Decimal("0.10"), max_order=10)
    sent = {"tickets": [{"id": dime.pk, "quantity": 3}]}
    answer = world.ask("buyer", "POST", "/v1/orders/calculate-amount", sent)
    assert (answer.data["sub_total"], answer.data["total"]) == (Decimal("0.30"), Decimal("0.36"))  # with its tax


def test_fault_27_asking_again_whether_it_is_paid_mails_nothing(world, mailoutbox, django_capture_on_commit_callbacks):
    order = world.rows["ours"]["order"]
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            answer = world.ask("buyer", "POST", f"/v1/orders/{order.pk}/verify", {})
            assert answer.data == {"payment_status": "completed"}
    assert mailoutbox == []


def test_fault_28_a_hold_that_has_ended_keeps_no_seat(world):
    last = make_ticket(world.event, name="Last", price=10, quantity=1)
    order = make_order(last, by=world.people["buyer"])
    Order.objects.filter(pk=order.pk).update(expires_at=in_days(-0.01))
    assert order_by(world, "eve", (last, 1)).status_code == 200
    late = resource_document("order", key=order.pk, status="pending")
    answer = world.ask("buyer", "PATCH", f"/v1/orders/{order.pk}", late)
    assert answer.status_code in (403, 409, 422)


def test_fault_29_a_classic_order_is_made_and_its_amount_is_the_servers(world, seat):
    buyer = API(world.people["buyer"])
    ties = {"event": world.event, "ticket": seat}
    made = buyer.post("/v1/attendees", resource_document("attendee", firstname="B", lastname="B", relationships=ties))
    attendee = Attendee.objects.get(pk=made.json()["data"]["id"])
    ties = {"event": world.event, "attendees": [attendee]}
    answer = buyer.post("/v1/orders", resource_document("order", amount=0.01, payment_mode="bank", relationships=ties))
    assert (answer.status_code, answer.json()["data"]["attributes"]["amount"]) == (201, 11.9)  # with its tax
    gift = make_donation(world.event, least=5, most=50)
    for price in (4.99, 50.01, -5, "NaN"):
        sent = {"tickets": [{"id": gift.pk, "quantity": 1, "price": price}]}
        assert world.ask("buyer", "POST", "/v1/orders/create-order", sent).status_code == 422, price


def test_fault_30_a_deleted_code_is_still_known_to_the_ledger(world):
    assert world.ask("owner", "DELETE", world.address("discount-code")).status_code == 200
    code = type(world.rows["ours"]["discount-code"])._base_manager.get(pk=world.rows["ours"]["discount-code"].pk)
    assert code.deleted_at is not None
    assert Order.objects.get(pk=world.rows["ours"]["order"].pk).discount_code_id == code.pk


def test_fault_31_numbers_on_papers_are_not_counted_rows():
    """An invoice's number survives the removal of another: it is drawn from a sequence, or unique by constraint."""
    numbered = [
        column
        for model in apps.get_models()
        for column in model._meta.concrete_fields
        if model.__module__.startswith("orders.") and column.name in ("invoice_number", "identifier", "number")
    ]
    shared = {model._meta.label for column in numbered if not column.unique for model in [column.model]}
    together = {
        label
        for label in shared
        if any(isinstance(each, models.UniqueConstraint) for each in apps.get_model(label)._meta.constraints)
    }
    assert shared - together == set()


# ── Consistency ──────────────────────────────────────────────────────────────────────────────────


def test_fault_32_a_change_resets_nothing_that_it_does_not_name(world):
    for kind, kept in (
        ("ticket", {"is_description_visible": False, "is_hidden": False, "is_checkin_restricted": False}),
        ("tax", {"name": "GST", "rate": Decimal("7.500"), "is_tax_included_in_price": True, "tax_id": "X"}),
        ("track", {"color": "#123456"}),
        ("session-type", {"length": "01:15"}),
        ("microlocation", {"floor": 3}),
    ):
        model, pk = type(world.rows["ours"][kind]), world.rows["ours"][kind].pk
        model.objects.filter(pk=pk).update(**kept)
        answer = world.ask("owner", "PATCH", world.address(kind), resource_document(kind, key=pk, position=1))
        assert answer.status_code == 200, body_of(answer)
        assert model.objects.filter(pk=pk).values(*kept).get() == kept, kind
    owner = world.people["owner"]
    User.objects.filter(pk=owner.pk).update(is_profile_public=True)
    world.ask("owner", "PATCH", f"/v1/users/{owner.pk}", resource_document("user", key=owner.pk, last_name="New"))
    assert User.objects.get(pk=owner.pk).is_profile_public is True


def test_fault_33_every_link_that_is_given_leads_somewhere(world):
    wrong = {}
    for kind in TYPES:
        if "retrieve" not in registry.by_type[kind].viewset.verbs:
            continue
        data = API(world.people["superadmin"]).get(world.address(kind)).json()["data"]
        for name, relationship in data["relationships"].items():
            relation = registry.by_type[kind].serializer.relations()[name.replace("-", "_")]
            for link in relationship["links"].values():
                status = world.ask("superadmin", "GET", link).status_code
                if status != 200 and registry.of(relation.model):
                    wrong[link] = status
    assert wrong == {}


def test_fault_33_an_old_tag_is_refused_before_anything_is_written(world):
    track, api = world.rows["ours"]["track"], API(world.people["owner"])
    document = resource_document("track", key=track.pk, name="Late")
    answer = api.patch(world.address("track"), document, **{"If-Match": '"old"'})
    assert (answer.status_code, Track.objects.get(pk=track.pk).name) == (412, "ours track")


def test_fault_34_the_houses_own_roles_keep_their_names(world):
    role = Role.objects.get(name="organizer")
    renamed = resource_document("role", key=role.pk, name="king")
    answer = world.ask("superadmin", "PATCH", f"/v1/roles/{role.pk}", renamed)
    assert answer.status_code in (403, 409, 422)
    assert world.ask("superadmin", "DELETE", f"/v1/roles/{role.pk}").status_code in (403, 409, 422)


def test_fault_35_ids_are_texts_and_each_refusal_has_one_status(world):
    for kind in TYPES:
        if "retrieve" in registry.by_type[kind].viewset.verbs:
            assert isinstance(world.api("superadmin").get(world.address(kind)).json()["data"]["id"], str)
            assert world.ask("superadmin", "GET", f"/v1/{registry.by_type[kind].path}/999999999").status_code in (
                404,
                200 if registry.by_type[kind].viewset.only_key else 404,
            )
            wrong = {"data": {"type": "nonsense", "id": "1"}}
            if "partial_update" in registry.by_type[kind].viewset.verbs:
                assert world.ask("superadmin", "PATCH", world.address(kind), wrong).status_code == 409


def test_fault_36_every_row_is_reached_by_its_own_id(world):
    for kind in TYPES:
        if "retrieve" in registry.by_type[kind].viewset.verbs:
            data = world.api("superadmin").get(world.address(kind)).json()["data"]
            assert data["id"] == str(world.rows["ours"][kind].pk), kind


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        *(("track", "color", "red"), ("track", "color", "#12345g"), ("session-type", "length", "soon")),
        *(("ticket", "type", "golden"), ("event", "privacy", "secret"), ("event", "timezone", "Nowhere")),
        *(("discount-code", "type", "half"), ("session", "state", "brilliant"), ("event", "payment-currency", "GOLD")),
    ],
)
def test_fault_37_words_that_mean_nothing_are_refused(world, kind, name, value):
    document = resource_document(kind, key=world.rows["ours"][kind].pk)
    document["data"]["attributes"] = {name: value}
    answer = API(world.people["owner"]).patch(world.address(kind), document)
    pointers = [error["source"]["pointer"] for error in answer.json()["errors"]]
    assert (answer.status_code, pointers) == (422, [f"/data/attributes/{name}"])


def test_fault_38_no_page_is_the_whole_table_and_no_picture_is_fetched_from_inside(world, monkeypatch):
    monkeypatch.setattr("openevent.core.viewsets.AT_MOST", 2)
    for kind in TYPES:
        if "list" in registry.by_type[kind].viewset.verbs:
            answer = world.api("superadmin").get(f"/v1/{registry.by_type[kind].path}", {"page[size]": 0}).json()
            assert len(answer["data"]) <= 2, kind
            assert answer["meta"]["count"] <= 2 or "next" in answer["links"], kind
    answer = world.ask(
        "owner",
        "PATCH",
        world.address("event"),
        resource_document("event", key=world.event.pk, original_image_url="http://169.254.169.254/latest/meta-data"),
    )
    assert answer.status_code in (200, 422)
    assert "169.254" not in (Event.objects.get(pk=world.event.pk).large_image_url or "")


# ── Performance ──────────────────────────────────────────────────────────────────────────────────


def test_fault_39_roles_are_read_once_a_request(world):
    table, column = map(connection.ops.quote_name, (UsersEventsRoles._meta.db_table, "event_id"))
    for who in ("owner", "co-organizer", "registrar"):
        for address in (world.address("event"), f"{world.address('event')}/attendees?include=order,ticket"):
            with CaptureQueriesContext(connection) as queries:
                world.ask(who, "GET", address)
            own = [query for query in queries if query["sql"].lstrip("(").startswith(f"SELECT {table}.{column}")]
            assert len(own) == 1, (who, address)


@pytest.mark.parametrize("path", ["/v1/events", "/v1/sessions", "/v1/orders", "/v1/speakers", "/v1/tickets"])
def test_fault_40_a_list_asks_the_same_of_the_database_however_long(world, path):
    kind = next(kind for kind in TYPES if path == f"/v1/{registry.by_type[kind].path}")
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert world.ask("superadmin", "GET", f"{path}?page[size]=0").status_code == 200
        costs.append(len(queries))
        world.build(f"more{len(costs)}", world.people["owner"], "published", world.event.starts_at)
    assert costs[0] == costs[1], kind


def test_fault_41_a_short_list_is_not_counted_again_and_every_key_has_its_index(world):
    with CaptureQueriesContext(connection) as queries:
        world.ask("eve", "GET", f"{world.address('event')}/tracks")
    assert not [query for query in queries if "COUNT(" in query["sql"]]
    without = []
    for model in apps.get_models():
        if model.__module__.split(".")[0] not in ("accounts", "events", "orders", "notifications", "media_pipeline"):
            continue
        first = {index.fields[0].lstrip("-") for index in model._meta.indexes if index.fields}
        first |= {one.fields[0] for one in model._meta.constraints if getattr(one, "fields", ())}
        without += [
            f"{model._meta.label}.{key.name}"
            for key in model._meta.concrete_fields
            if key.is_relation and not (key.db_index or key.unique or key.name in first)
        ]
    assert without == []
