"""The web front end's calls, flow by flow, as an organizer, a person at their account, and staff make them."""

from datetime import datetime

import pytest

from accounts.models import Setting, User
from events.models import Event, Session, Speaker, Tag, UsersEventsRoles
from notifications.services.mail import queue_mail
from orders.models import Order, Ticket
from tests.contract.front_end import MODELS, FrontEnd, Refusal, address, included, moment, one
from tests.contract.world import resource_document

STATES = {"or": [{"name": "state", "op": "eq", "val": state} for state in ("accepted", "confirmed")]}
UNPUBLISHED = "1970-01-01T00:00:00.000Z"
FLAGS = [name for name in MODELS["event"].split() if name.startswith(("is-", "can-", "stream-l", "stream-a", "has-"))]


@pytest.fixture
def eid(world):
    return world.event.identifier


@pytest.fixture
def owner(world):
    return FrontEnd("owner@example.org")


@pytest.fixture
def admin(world):
    return FrontEnd("admin@example.org")


@pytest.fixture
def event(owner, eid):
    """The event as the dashboard loads it."""
    include = (
        "event-topic,event-sub-topic,event-type,event-copyright,tax,owner,organizers,coorganizers,"
        "track-organizers,registrars,moderators,stripe-authorization"
    )
    return owner.get(f"/v1/events/{eid}", include=include)["data"]


def names(document):
    return [record["attributes"]["name"] for record in document["data"]]


def titles(document):
    return [record["attributes"]["title"] for record in document["data"]]


def columns_of(row):
    """Every column of a row, with moments as exact as a browser is: to the millisecond."""
    values = type(row).objects.filter(pk=row.pk).values().get()
    return {
        name: value.replace(microsecond=value.microsecond // 1000 * 1000) if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def changed_since(before, row):
    after = columns_of(row)
    return {name for name in before if before[name] != after[name]} - {"last_modified_at", "last_accessed_at"}


def like(name, text):
    return {"name": name, "op": "ilike", "val": f"%{text}%"}


def has(relation, condition, op="has"):
    return {"name": relation, "op": op, "val": condition}


# ── 8: make and edit an event ────────────────────────────────────────────────────────────────────


def new_event(**more):
    """What the wizard holds of an event before anything but its name was typed."""
    return {
        **dict.fromkeys((name.replace("-", "_") for name in FLAGS), False),
        "is_stripe_linked": None,
        "is_map_shown": True,
        "name": "Tide Tables",
        "starts_at": moment(30),
        "ends_at": moment(30, hours=8),
        "timezone": "Europe/Berlin",
        "longitude": 0,
        "latitude": 0,
        "payment_currency": "USD",
        "schedule_published_on": UNPUBLISHED,
        "state": "draft",
        "privacy": "public",
        "online": False,
        **more,
    }


def new_ticket(**more):
    return {
        "name": "Standing",
        "type": "free",
        "quantity": 50,
        "description": "",
        "is_description_visible": True,
        "is_hidden": False,
        "is_fee_absorbed": True,
        "sales_starts_at": moment(-1),
        "sales_ends_at": moment(29),
        "min_order": 1,
        "max_order": 10,
        "min_price": 1,
        "position": 0,
        "form_id": "",
        "badge_id": "",
        **more,
    }


def test_an_event_is_made_without_relationships_and_gets_its_parts(world, owner):
    owner.get("/v1/event-types", sort="name")
    owner.get("/v1/event-topics", sort="name", include="event-sub-topics")
    event = owner.create("events", "event", **new_event())
    assert (event["attributes"]["state"], event["attributes"]["schedule-published-on"][:10]) == ("draft", "1970-01-01")
    here = {"event": one("event", event["id"])}
    ticket = owner.create("tickets", "ticket", relationships=here, **new_ticket())
    assert (ticket["attributes"]["price"], ticket["attributes"]["min-price"]) == (None, 1)
    owner.create("social-links", "social-link", relationships=here, name="website", link="https://example.org/tide")
    owner.create("tracks", "track", relationships=here, name="Deck", color="#b4d455", position=0)
    owner.create("session-types", "session-type", relationships=here, name="Talk", length="00:30", position=0)
    room = {"hidden_in_scheduler": False, "is_chat_enabled": False, "is_global_event_room": False}
    owner.create("microlocations", "microlocation", relationships=here, name="Hold", floor=0, position=0, **room)
    owner.create("sponsors", "sponsor", relationships=here, name="Salt & Co", level=1, type="gold")
    event = owner.save(event, is_tax_enabled=True, is_sessions_speakers_enabled=True)
    flags = {"should_send_invoice": False, "is_invoice_sent": False, "is_tax_included_in_price": False}
    owner.create("taxes", "tax", relationships=here, name="VAT", rate=19, tax_id="DE 1", **flags)
    times = {"starts_at": moment(-3), "ends_at": moment(9), "privacy": "public", "hash": "5c6f"}
    owner.create("speakers-calls", "speakers-call", relationships=here, announcement="<p>Come</p>", **times)
    event = owner.save(event, state="published", is_featured=True)
    assert (event["attributes"]["state"], event["attributes"]["is-featured"]) == ("published", False)
    assert [person.email for person in User.objects.filter(events_roles__event=event["id"])] == ["owner@example.org"]
    for name in ("tickets", "social-links", "tracks", "session-types", "microlocations", "sponsors"):
        assert owner.follow(event, name, page_size=0)["meta"]["count"] == 1, name


def test_an_event_with_type_topic_and_sub_topic_chosen(world, owner):
    kinds = ("event-type", "event-topic", "event-sub-topic")
    chosen = {kind: one(kind, world.rows["ours"][kind]) for kind in kinds}
    event = owner.create("events", "event", relationships=chosen, **new_event(state="published"))
    assert owner.follow(event, "event-sub-topic")["data"]["attributes"]["slug"] == "ebb"
    assert owner.follow(event, "event-topic")["data"]["attributes"]["name"] == "Tides"


def test_a_paid_ticket_and_a_donation_as_the_wizard_sends_them(world, owner, event):
    here = {"event": one("event", event["id"])}
    paid = owner.create(
        "tickets", "ticket", relationships=here, **new_ticket(type="paid", price=15.5, sales_ends_at=moment(8))
    )
    assert paid["attributes"]["price"] == 15.5
    given = new_ticket(name="Gift", type="donation", min_price=1, max_price=50, sales_ends_at=moment(8))
    donation = owner.create("tickets", "ticket", relationships=here, **given)
    saved = owner.save(donation, max_price=60, quantity=70)
    assert (saved["attributes"]["max-price"], saved["attributes"]["quantity"]) == (60, 70)
    owner.delete(saved)
    assert not Ticket.objects.filter(pk=saved["id"], deleted_at=None).exists()


def test_an_event_sent_back_whole_keeps_everything_and_everybody(world, owner, event):
    before = columns_of(world.event)
    people = UsersEventsRoles.objects.filter(event=event["id"]).count()
    assert owner.save(event)["attributes"] == event["attributes"]
    for relation in ("organizers", "coorganizers", "track-organizers", "registrars", "moderators"):
        event["relationships"][relation]["data"] = []
    owner.save(event, name="Fair of all", schedule_published_on=moment())
    assert changed_since(before, world.event) == {"name", "schedule_published_on"}
    assert UsersEventsRoles.objects.filter(event=event["id"]).count() == people


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("social-link", {"name": "Twitter"}),
        ("tax", {"rate": 7}),
        ("track", {"name": "North"}),
        ("session-type", {"length": "00:45"}),
        ("microlocation", {"name": "Quay"}),
        ("sponsor", {"level": 2}),
        ("event-copyright", {"holder": "The quay"}),
        ("exhibitor", {"status": "pending"}),
        ("custom-form", {"is_required": True}),
        ("badge-form", {"badge_size": "A7"}),
        ("tag", {"color": "#00aa00"}),
        ("speakers-call", {"announcement": "<p>Later</p>"}),
        ("ticket", {"name": "Chair"}),
        ("discount-code", {"is_active": False}),
        ("access-code", {"is_active": False}),
        ("speaker", {"position": "Captain"}),
        ("session", {"title": "Ebb"}),
    ],
)
def test_every_part_sent_back_whole_keeps_all_but_its_change(world, owner, kind, change):
    row = world.rows["ours"][kind]
    before = columns_of(row)
    record = owner.get(world.address(kind), include="event")["data"]
    saved = owner.save(record, **change)
    assert changed_since(before, row) == set(change)
    [(name, value)] = change.items()
    assert saved["attributes"][name.replace("_", "-")] == value


@pytest.mark.parametrize(
    ("kind", "around", "change"),
    [
        ("session", {"ends_at": moment(1)}, {"state": "withdrawn"}),
        ("event", {"ends_at": moment(40)}, {"name": "Long fair"}),
        ("speakers-call", {"ends_at": moment(-3)}, {"privacy": "private"}),
        ("ticket", {"sales_ends_at": moment(20)}, {"name": "Chair"}),
        ("discount-code", {"type": "amount", "value": 30}, {"is_active": False}),
    ],
)
def test_what_was_true_when_it_was_written_does_not_stand_in_the_way_of_a_change(world, owner, kind, around, change):
    """Imported, or overtaken by another row: it is sent back with everything else, and only a new value is checked."""
    row = world.rows["ours"][kind]
    type(row).objects.filter(pk=row.pk).update(**around)
    owner.save(owner.get(world.address(kind))["data"], **change)


def test_a_code_is_switched_off_whatever_became_of_its_tickets(world, owner):
    Ticket.objects.filter(event=world.event).update(is_hidden=False, type="free", price=0)
    for kind in ("discount-code", "access-code"):
        record = owner.get(world.address(kind), include="tickets,event")["data"]
        assert record["relationships"]["tickets"]["data"]
        assert owner.save(record, is_active=False)["attributes"]["is-active"] is False


def test_a_paid_ticket_is_edited_while_no_way_to_pay_is_set(world, owner):
    Event.objects.filter(pk=world.event.pk).update(can_pay_by_bank=False)
    assert owner.save(owner.get(world.address("ticket"))["data"], quantity=90)["attributes"]["quantity"] == 90


def test_the_wizard_s_lists(world, owner, event):
    for name in ("tickets", "sponsors", "tracks", "microlocations", "session-types"):
        assert owner.follow(event, name, page_size=0)["meta"]["count"] >= 1


def questions_sent(form, *identifiers):
    """A full set, as the wizard holds it before anything of it is kept."""
    return [
        {
            "field_identifier": identifier,
            "form": form,
            "type": "text",
            "name": identifier,
            "is_required": identifier in ("title", "name", "email"),
            "is_included": True,
            "is_fixed": identifier in ("title", "name", "email"),
            "is_complex": False,
            "is_public": False,
            "position": 0,
        }
        for identifier in identifiers
    ]


def test_the_forms_of_a_new_event_are_saved_all_at_once(world, owner):
    event = owner.create("events", "event", **new_event())
    of_attendees = [{"name": "form", "op": "eq", "val": "attendee"}]
    query = {"filter": of_attendees, "sort": "id", "page_size": 500}
    forms = owner.follow(event, "custom-forms", **query)["data"]
    assert [form["attributes"]["field-identifier"] for form in forms] == ["firstname", "lastname", "email"]
    assert {form["attributes"]["is-fixed"] for form in forms} == {True}
    for form in forms:
        assert owner.save(form)["attributes"] == form["attributes"]
    here = {"event": one("event", event["id"])}
    own = {
        "field_identifier": "shirt",
        "form": "attendee",
        "type": "select",
        "name": "Shirt",
        "is_included": True,
        "translations": [{"name": "Hemd", "language_code": "de", "isDeleted": False}],
        "main_language": "en",
    }
    shirt = owner.create("custom-forms", "custom-form", relationships=here, **own)
    assert shirt["attributes"]["is-complex"] is True
    assert shirt["attributes"]["translations"][0]["name"] == "Hemd"
    assert owner.save(shirt)["attributes"] == shirt["attributes"]
    titles = ("title", "shortAbstract", "track", "sessionType", "slidesUrl")
    people = ("name", "email", "photoUrl", "shortBiography", "heardFrom")
    for question in [*questions_sent("session", *titles), *questions_sent("speaker", *people)]:
        made = owner.create("custom-forms", "custom-form", relationships=here, **question)
        assert made["attributes"]["is-complex"] is False, question
    either = [{"or": [{"name": "form", "op": "eq", "val": form} for form in ("speaker", "session")]}]
    assert owner.follow(event, "custom-forms", filter=either, sort="id", page_size=50)["meta"]["count"] == 10
    owner.delete(shirt)
    assert owner.follow(event, "custom-forms", **query)["meta"]["count"] == 3


def test_badges_are_saved_with_their_fields_and_tickets_name_them(world, owner, event):
    here = {"event": one("event", event["id"])}
    field = {
        **dict.fromkeys(("badge_field_id", "font_weight", "qr_custom_field", "custom_field")),
        "badge_id": "b-1",
        "field_identifier": "firstname",
        "sample_text": "Ada",
        "font_size": 14,
        "font_name": "Arial",
        "font_color": "#000000",
        "text_rotation": 0,
        "text_alignment": "center",
        "text_type": "text",
        "is_deleted": False,
        "is_field_expanded": True,
        **{f"margin_{side}": 0 for side in ("top", "bottom", "left", "right")},
    }
    badge = owner.create("badge-forms", "badge-form", relationships=here, badge_id="b-1", badge_fields=[field])
    assert owner.save(badge)["attributes"] == badge["attributes"]
    ticket = owner.save(owner.get(world.address("ticket"))["data"], badge_id="b-1")
    assert owner.load("GET", f"/v1/tickets/{ticket['id']}/badge-forms") == badge["attributes"]["badge-fields"]
    found = owner.follow(event, "badge-forms", page_size=0)["data"]
    assert [one["attributes"]["badge-id"] for one in found] == ["ours-badge", "b-1"]


def test_a_licence_is_chosen_for_an_event(world, owner):
    event = owner.create("events", "event", **new_event())
    assert owner.follow(event, "event-copyright")["data"] is None
    here = {"event": one("event", event["id"])}
    owner.create("event-copyrights", "event-copyright", relationships=here, licence="CC BY-SA 4.0", year=2024)
    rights = owner.follow(event, "event-copyright")["data"]
    assert owner.save(rights, holder="Nell")["attributes"]["holder"] == "Nell"


def test_tags_are_made_once_for_the_list_of_attendees(world, owner, event):
    Tag.objects.filter(event=world.event).delete()
    assert owner.follow(event, "tags")["data"] == []
    for name in ("Speakers", "Attendees", "VIPs"):
        here = {"event": one("event", event["id"])}
        owner.create("tags", "tag", relationships=here, name=name, color="#2185d0", is_read_only=True)
    assert names(owner.follow(event, "tags")) == ["Speakers", "Attendees", "VIPs"]


def test_sections_that_are_switched_off_take_their_rows_away(world, owner, event):
    for name, flag in (("tax", "is_tax_enabled"), ("speakers-call", "is_sessions_speakers_enabled")):
        owner.delete(owner.follow(event, name)["data"])
        event = owner.save(event, **{flag: False})
        assert owner.follow(event, name)["data"] is None


def test_a_group_of_one_s_own_is_chosen_for_an_event(world, owner, event):
    fresh = owner.create("groups", "group", name="Tide folk")
    event["relationships"]["group"]["data"] = one("group", fresh["id"])
    owner.save(event)
    assert owner.follow(event, "group")["data"]["id"] == fresh["id"]
    chosen = {"group": one("group", fresh["id"])}
    second = owner.create("events", "event", relationships=chosen, **new_event())
    assert owner.follow(fresh, "events")["meta"]["count"] == 2
    assert owner.follow(second, "group")["data"]["id"] == fresh["id"]


def test_an_event_is_copied_published_withdrawn_and_deleted(world, owner, eid):
    copied = owner.load("POST", f"/v1/events/{eid}/copy", {})["identifier"]
    event = owner.get(f"/v1/events/{copied}")["data"]
    assert event["attributes"]["name"] != ""
    for state in ("published", "draft"):
        event = owner.save(event, state=state)
        assert event["attributes"]["state"] == state
    owner.delete(event)
    with pytest.raises(Refusal) as refusal:
        owner.get(f"/v1/events/{copied}")
    assert refusal.value.body["errors"][0]["status"] == 404


def test_a_ticket_that_is_gone_already_does_not_stop_the_wizard(world, owner, event):
    here = {"event": one("event", event["id"])}
    ticket = owner.create("tickets", "ticket", relationships=here, **new_ticket(sales_ends_at=moment(8)))
    owner.delete(ticket)
    with pytest.raises(Refusal) as refusal:  # which it ignores, as long as it is an answer
        owner.delete(ticket)
    assert refusal.value.status == 404


# ── 9: the dashboard ─────────────────────────────────────────────────────────────────────────────


def test_the_dashboard_knows_its_people(world, owner, event, eid):
    kinds = event["relationships"]
    assert kinds["stripe-authorization"]["data"] == one(
        "stripe-authorization", world.rows["ours"]["stripe-authorization"]
    )
    assert kinds["event-sub-topic"]["data"] == one("event-sub-topic", world.rows["ours"]["event-sub-topic"])
    assert kinds["owner"]["data"] == one("user", world.people["owner"])
    assert kinds["registrars"]["data"] == [one("user", world.people["registrar"])]
    people = {record["id"]: record for record in included(owner.get(f"/v1/events/{eid}", include="owner"), "user")}
    assert people[str(world.people["owner"].pk)]["attributes"]["email"] == "owner@example.org"
    assert names(owner.follow(event, "sponsors", filter=[], page_size=10, page_number=1)) == ["ours sponsor"]
    roles = owner.follow(event, "roles", include="user,role")
    assert {record["type"] for record in roles["included"]} == {"user", "role"}
    for name in ("session-types", "tracks", "microlocations", "social-links", "tickets"):
        assert owner.follow(event, name, page_size=0)["data"]
    assert owner.follow(event, "speakers-call")["data"]["type"] == "speakers-call"


STATES_OF_ORDERS = {"total", "draft", "cancelled", "pending", "expired", "placed", "completed", "max"}


def test_the_dashboard_reads_its_numbers(world, owner, event):
    general = owner.follow(event, "general-statistics", page_size=0)["data"]
    assert general["type"] == "event-statistics-general"
    ours = {"sessions": 1, "sessions-accepted": 1, "sessions-draft": 0, "speakers": 1, "sponsors": 1}
    assert general["attributes"].items() >= ours.items()
    states = ("submitted", "draft", "rejected", "pending", "confirmed", "withdrawn", "canceled")
    assert general["attributes"].keys() >= {"speaker-without-session", *(f"sessions-{state}" for state in states)}
    sold = owner.follow(event, "order-statistics", page_size=0)["data"]
    ticket = world.rows["ours"]["ticket"]
    alone = owner.get(f"/v1/tickets/{ticket.pk}/order-statistics")["data"]
    assert (sold["type"], alone["type"]) == ("order-statistics-event", "order-statistics-ticket")
    for numbers in (sold["attributes"], alone["attributes"]):
        assert {numbers[name]["completed"] for name in ("tickets", "orders")} == {1}
        assert all(numbers[name].keys() >= STATES_OF_ORDERS for name in ("tickets", "orders", "sales"))


def test_every_list_of_the_dashboard_is_there_for_each_of_the_team(world, eid):
    """Each may fail but that of invitations, whose answer is read without a look."""
    for role in ("owner", "organizer", "co-organizer", "track-organizer", "registrar", "moderator"):
        member = FrontEnd(f"{role}@example.org")
        record = member.get(f"/v1/events/{eid}")["data"]
        assert isinstance(member.follow(record, "role-invites", include="role")["data"], list), role


# ── 10: orders and attendees ─────────────────────────────────────────────────────────────────────

ORDER_LISTS = {
    "all": ([], 1),
    "completed": ([{"name": "status", "op": "eq", "val": "completed"}], 1),
    "placed": ([{"name": "status", "op": "eq", "val": "placed"}], 0),
    "with a discount": ([{"name": "discount_code_id", "op": "isnot", "val": None}], 1),
    "between dates": (
        [
            {
                "and": [
                    {"name": "created-at", "op": "ge", "val": moment(-2)},
                    {"name": "created-at", "op": "le", "val": moment(1)},
                ]
            },
            {"name": "status", "op": "eq", "val": "completed"},
        ],
        1,
    ),
    "by the buyer": ([has("user", like("email", "BUYER@"))], 1),
    "by nobody": ([has("user", like("email", "nobody@"))], 0),
}


@pytest.mark.parametrize(("condition", "count"), ORDER_LISTS.values(), ids=ORDER_LISTS)
def test_the_list_of_orders(world, owner, event, condition, count):
    for sort in ("-created-at", "completed-at", "-amount"):
        found = owner.follow(
            event, "orders", include="tickets,user,attendees", filter=condition, page_size=10, page_number=1, sort=sort
        )
        assert found["meta"]["count"] == count
    kinds = {record["type"] for record in found["included"]}
    assert kinds == ({"ticket", "user", "attendee"} if count else set())


def test_an_organizer_completes_and_cancels_by_sending_an_order_back(world, owner, event):
    Order.objects.filter(event=world.event).update(status="placed", completed_at=None)
    query = {"include": "tickets,user,attendees", "filter": [], "page_size": 10, "page_number": 1}
    [order] = owner.follow(event, "orders", **query)["data"]
    assert owner.save(order, status="completed")["attributes"]["status"] == "completed"
    assert owner.save(order, status="cancelled")["attributes"]["status"] == "cancelled"


def test_the_mail_of_an_order_is_sent_again_five_times_a_minute(world, owner):
    order = world.rows["ours"]["order"]
    queue_mail("order-completed", to=order.email, subject="Your tickets", text="Hello", about=order)
    body = {"data": {"order": order.identifier, "user": "buyer@example.org"}}
    for _ in range(5):
        assert owner.load("POST", "/v1/orders/resend-email", body)["status"] is True
    with pytest.raises(Refusal) as refusal:
        owner.load("POST", "/v1/orders/resend-email", body)
    assert refusal.value.status == 429
    assert refusal.value.body["errors"][0]["detail"]


def test_an_organizer_adds_an_order_with_an_amount_of_their_own(world, owner, event):
    ticket = world.rows["ours"]["ticket"]
    body = {"tickets": [{"id": str(ticket.pk), "quantity": 2, "price": 20}], "amount": 12.5}
    assert owner.load("POST", "/v1/orders/calculate-amount", body)["total"] == 12.5
    created = owner.load("POST", "/v1/orders/create-order", body)["data"]
    assert created["attributes"]["amount"] == 12.5


def on_site(world, tickets, **attributes):
    document = resource_document("order", relationships={"event": world.event}, **attributes)
    document["data"]["attributes"]["on-site-tickets"] = tickets
    return document


def test_the_team_sells_on_site_to_people_who_are_named_later(world):
    ticket = world.rows["ours"]["ticket"]
    document = on_site(world, [{"id": str(ticket.pk), "quantity": 2}], status="completed", payment_mode="onsite")
    answer = world.api("organizer").post("/v1/orders?onsite=1", document)
    assert answer.status_code == 201
    order = answer.json()["data"]["attributes"]
    assert (order["status"], order["amount"], "on-site-tickets" in order) == ("completed", 47.6, False)  # with the tax
    people = world.api("organizer").get(f"/v1/orders/{order['identifier']}/attendees").json()
    assert (people["meta"]["count"], people["data"][0]["attributes"]["firstname"]) == (2, None)


def test_nobody_else_sells_on_site_and_nonsense_is_refused_at_its_place(world):
    ticket = world.rows["ours"]["ticket"]
    theirs = on_site(world, [{"id": str(ticket.pk)}])
    assert world.api("buyer").post("/v1/orders?onsite=1", theirs).status_code == 403
    for tickets, pointer in (([], ""), ([7], "/0"), ([{"id": "x"}], "/0/id")):
        answer = world.api("organizer").post("/v1/orders?onsite=1", on_site(world, tickets))
        source = answer.json()["errors"][0]["source"]
        assert (answer.status_code, source) == (422, {"pointer": f"/data/attributes/on-site-tickets{pointer}"})


def number(value, op="eq"):
    return {"or": [*search("12")["or"], has("ticket", {"name": "price", "op": op, "val": value})]}


def search(text):
    return {
        "or": [
            *(like(name, text) for name in ("firstname", "lastname", "email")),
            has("ticket", like("name", text)),
            has("order", like("identifier", text)),
        ]
    }


ATTENDEE_LISTS = {
    "all": ([{"or": []}], 1),
    "not in": ([{"name": "is-checked-in", "op": "eq", "val": False}, {"or": []}], 1),
    "in": ([{"name": "is-checked-in", "op": "eq", "val": True}, {"or": []}], 0),
    "completed": ([has("order", {"name": "status", "op": "eq", "val": "completed"}), {"or": []}], 1),
    "with a discount": ([has("order", {"name": "discount_code_id", "op": "isnot", "val": None}), {"or": []}], 1),
    "since": ([has("order", {"name": "created-at", "op": "ge", "val": moment(-2)}), {"or": []}], 1),
    "by name": ([search("HOLDER")], 1),
    "by ticket": ([search("ours tick")], 1),
    "by price": ([number("20")], 1),
    "by another price": ([number("21")], 0),
    "by no price": ([number(None, "is_")], 0),
}


@pytest.mark.parametrize(("condition", "count"), ATTENDEE_LISTS.values(), ids=ATTENDEE_LISTS)
def test_the_list_of_attendees(world, owner, event, condition, count):
    for sort in ("-order.completed_at", "ticket.name", "-ticket.price", "tag-id"):
        query = {"include": "user,ticket", "page_size": 10, "page_number": 1, "sort": sort}
        assert owner.follow(event, "attendees", filter=condition, **query)["meta"]["count"] == count
    assert owner.follow(event, "orders")["data"]


def test_somebody_is_checked_in_and_out_by_times(world, owner, event):
    query = {"include": "user,ticket", "filter": [{"or": []}], "page_size": 10, "page_number": 1}
    [attendee] = owner.follow(event, "attendees", **query)["data"]
    first = moment(hours=-2)
    attendee = {**attendee, **owner.save(attendee, checkin_times=first)}
    assert attendee["attributes"]["is-checked-in"] is True
    attendee = owner.save(attendee, checkout_times=moment(hours=-1))
    assert attendee["attributes"]["is-checked-in"] is False
    attendee = owner.save(attendee, checkin_times=f"{first},{moment()}", is_checked_in=False)
    assert attendee["attributes"]["is-checked-in"] is True
    mark = owner.create("tags", "tag", relationships={"event": one("event", event["id"])}, name="VIPs", color="#ffbf00")
    assert owner.save(attendee, tag_id=int(mark["id"]))["attributes"]["tag-id"] == int(mark["id"])
    for name in ("order", "ticket"):
        assert owner.follow(attendee, name)["data"]["type"] == name


# ── 11: codes ────────────────────────────────────────────────────────────────────────────────────

CODE_LISTS = {
    "active": (
        [
            {
                "and": [
                    {"name": "valid_till", "op": "ge", "val": moment()},
                    {"name": "is-active", "op": "eq", "val": True},
                ]
            }
        ]
    ),
    "inactive": (
        [
            {
                "and": [
                    {"name": "valid_till", "op": "ge", "val": moment()},
                    {"name": "is-active", "op": "eq", "val": False},
                ]
            }
        ]
    ),
    "expired": [{"name": "valid_till", "op": "lt", "val": moment()}],
    "all": [],
    "found": [{"name": "code", "op": "ilike", "val": "%ours%"}],
}


@pytest.mark.parametrize("kind", ["discount-codes", "access-codes"])
@pytest.mark.parametrize("condition", CODE_LISTS.values(), ids=CODE_LISTS)
def test_the_lists_of_codes(world, owner, event, kind, condition):
    found = owner.follow(event, kind, filter=condition, page_size=10, page_number=1)
    there = {"discount-codes": 2, "access-codes": 1}[kind]
    assert found["meta"]["count"] == (there if condition == [] or condition == CODE_LISTS["found"] else 0)


@pytest.mark.parametrize("chosen", ["all", "none"])
def test_codes_are_made_edited_switched_off_and_deleted(world, owner, event, chosen):
    rows = world.rows["ours"]
    hidden = rows["access-code"].tickets.get()
    links = {"event": one("event", event["id"]), "marketer": one("user", world.people["organizer"])}
    common = {
        "is_active": True,
        "tickets_number": 10,
        "min_quantity": 0,
        "max_quantity": 10,
        "valid_from": moment(-1),
        "valid_till": moment(9),
    }
    discount = owner.create(
        "discount-codes",
        "discount-code",
        relationships=links | {"tickets": [one("ticket", rows["ticket"])] if chosen == "all" else []},
        **{**common, "code": "NEW5", "type": "amount", "value": 5, "used_for": "ticket", "created_at": moment()},
    )
    access = owner.create(
        "access-codes",
        "access-code",
        relationships=links | {"tickets": [one("ticket", hidden)] if chosen == "all" else []},
        **{**common, "code": "NEWVIP"},
    )
    for code in (discount, access):
        code = owner.get(address(code), include="tickets,event")["data"]
        assert len(owner.follow(code, "tickets")["data"]) == (chosen == "all")
        assert owner.save(code, is_active=False)["attributes"]["is-active"] is False
        owner.delete(code)


# ── 12, 13: sessions, speakers, the scheduler ────────────────────────────────────────────────────


def test_sessions_are_listed_and_accepted_with_everything_sent_back(world, owner, event):
    Session.objects.filter(event=world.event).update(state="pending", submitted_at=world.event.created_at)
    query = {"include": "speakers,feedbacks,session-type,track", "page_size": 10, "page_number": 1}
    text = "OURS"
    condition = {
        "or": [like("title", text), has("track", like("name", text)), has("speakers", like("name", text), "any")]
    }
    found = owner.follow(event, "sessions", filter=[condition], sort="-submitted-at", **query)
    assert titles(found) == ["ours session"]
    pending = [{"name": "state", "op": "eq", "val": "pending"}]
    [session] = owner.follow(event, "sessions", filter=pending, sort="-submitted-at", **query)["data"]
    row = Session.objects.get(pk=session["id"])
    before = columns_of(row)
    session["relationships"]["event"]["data"] = one("event", event["id"])
    saved = owner.save(session, state="accepted", send_email=False)
    assert changed_since(before, row) == {"state"}
    assert row.speakers.count() == 1
    assert owner.save(saved, is_locked=True)["attributes"]["is-locked"] is True


def test_the_body_of_an_acceptance_as_it_was_seen(world, owner, event):
    session = world.rows["ours"]["session"]
    Session.objects.filter(pk=session.pk).update(state="pending")
    record = owner.get(f"/v1/sessions/{session.pk}")["data"]["attributes"]
    read_only = {"average-rating": None, "favourite-count": 0, "created-at": record["created-at"], "deleted-at": None}
    attributes = dict.fromkeys(MODELS["session"].split()) | record | read_only
    attributes |= {"title": "A talk", "short-abstract": "x", "state": "accepted", "send-email": False}
    attributes.pop("complex-field-values")
    links = {"speakers": {"data": []}, "event": {"data": {"type": "event", "id": event["id"]}}}
    data = {"id": str(session.pk), "attributes": attributes, "relationships": links, "type": "session"}
    answer = owner.raw("PATCH", f"/v1/sessions/{session.pk}", {"data": data})
    assert (answer.status_code, answer.json()["data"]["attributes"]["state"]) == (200, "accepted")


def test_sessions_and_speakers_are_made(world, owner, event):
    here = {"event": one("event", event["id"])}
    links = here | {kind: one(kind, world.rows["ours"][kind]) for kind in ("track", "session-type")}
    session = owner.create(
        "sessions",
        "session",
        relationships=links,
        title="Tides",
        state="pending",
        is_locked=False,
        is_mail_sent=False,
        submitted_at=moment(),
        complex_field_values={},
    )
    speaker = owner.create(
        "speakers", "speaker", relationships=here | {"sessions": []}, name="Nell", email="n@example.org"
    )
    session = owner.get(address(session), include="speakers,track,session-type,event")["data"]
    session["relationships"]["speakers"]["data"] = [one("speaker", speaker["id"])]
    owner.save(session)
    assert [found.name for found in Session.objects.get(pk=session["id"]).speakers.all()] == ["Nell"]


def test_speakers_are_listed_with_and_without_sessions(world, owner, event):
    lone = Speaker.objects.create(event=world.event, name="Lone", email="lone@example.org")
    query = {"include": "sessions", "page_size": 10, "page_number": 1, "sort": "order"}
    accepted = [has("sessions", {"name": "state", "op": "eq", "val": "accepted"}, "any")]
    without = [{"name": "sessions", "op": "eq", "val": None}]
    assert names(owner.follow(event, "speakers", filter=accepted, **query)) == ["ours speaker"]
    assert names(owner.follow(event, "speakers", filter=without, **query)) == ["Lone"]
    assert names(owner.follow(event, "speakers", filter=[like("name", "lon")], **query)) == [lone.name]


@pytest.mark.parametrize("as_id", [str, int])
def test_the_scheduler_moves_a_session_and_nothing_else(world, owner, event, as_id):
    query = {"include": "speakers,microlocation,track", "filter": [STATES], "page_size": 0}
    [session] = owner.follow(event, "sessions", **query)["data"]
    assert owner.follow(event, "microlocations", page_size=0)["data"]
    room = owner.create("microlocations", "microlocation", relationships={"event": one("event", event["id"])}, name="B")
    row = Session.objects.get(pk=session["id"])
    before = columns_of(row)
    at = {"starts-at": moment(11), "ends-at": moment(11, hours=1)}
    for times, far in ((at, {"type": "microlocation", "id": as_id(room["id"])}), (dict.fromkeys(at), None)):
        data = {
            "attributes": times,
            "relationships": {"microlocation": {"data": far}},
            "type": "session",
            "id": as_id(session["id"]),
        }
        answer = owner.raw("PATCH", f"/v1/sessions/{session['id']}", {"data": data})
        assert answer.status_code == 200, answer.content
        assert changed_since(before, row) == {"starts_at", "ends_at", "microlocation_id"}
        assert columns_of(row)["microlocation_id"] == (far and int(room["id"]))
    for at in (moment(), UNPUBLISHED):
        saved = owner.save(event, schedule_published_on=at)
        assert saved["attributes"]["schedule-published-on"][:10] == at[:10]


# ── 14: the team ─────────────────────────────────────────────────────────────────────────────────


def test_the_team_is_listed_and_somebody_leaves_it(world, owner, event):
    roles = owner.follow(event, "roles", include="user,role")
    assert roles["meta"]["count"] == 6
    offered = owner.get("/v1/roles")["data"]
    assert {"owner", "organizer"} <= {role["attributes"]["name"] for role in offered}
    assert all("title-name" in role["attributes"] for role in offered)
    gone = next(
        held
        for held in roles["data"]
        if held["relationships"]["user"]["data"] == one("user", world.people["moderator"])
    )
    owner.delete(gone)
    assert owner.follow(event, "roles")["meta"]["count"] == 5


def test_somebody_is_invited_asked_again_and_not_any_more(world, owner, event):
    role = next(row for row in owner.get("/v1/roles")["data"] if row["attributes"]["name"] == "organizer")
    offer = owner.create(
        "role-invites",
        "role-invite",
        relationships={"event": one("event", event["id"]), "role": one("role", role["id"])},
        email="helper@example.org",
        status="pending",
        created_at=moment(),
        role_name="organizer",
    )
    assert owner.load("POST", f"/v1/role-invites/{offer['id']}/resend-invite")["success"] is True
    listed = owner.follow(event, "role-invites", include="role")
    assert offer["id"] in [row["id"] for row in listed["data"]]
    for name in ("event", "role"):
        assert owner.follow(offer, name)["data"]["type"] == name
    owner.delete(offer)
    assert offer["id"] not in [row["id"] for row in owner.follow(event, "role-invites")["data"]]


# ── 17: the account ──────────────────────────────────────────────────────────────────────────────


def test_a_profile_sent_back_with_stale_flags_raises_nobody(world):
    eve = FrontEnd("eve@example.org")
    me = eve.get(f"/v1/users/{eve.user_id}")["data"]
    stale = dict.fromkeys(("is_admin", "is_sales_admin", "is_marketer", "is_user_owner", "is_blocked"), True)
    before = columns_of(world.people["eve"])
    saved = eve.save(me, first_name="Evelyn", is_verified=False, **stale)
    assert saved["attributes"]["first-name"] == "Evelyn"
    assert changed_since(before, world.people["eve"]) == {"first_name"}
    billing = {"billing_contact_name": "E", "billing_city": "Kiel", "company": "Eve & Co", "billing_phone": "1"}
    assert eve.save(saved, **billing)["attributes"]["billing-city"] == "Kiel"


def test_the_danger_zone_looks_for_what_holds_an_account(world):
    buyer = FrontEnd("buyer@example.org")
    me = buyer.get(f"/v1/users/{buyer.user_id}")["data"]
    assert buyer.follow(me, "events")["data"] == []
    states = [{"name": "status", "op": "eq", "val": state} for state in ("completed", "placed", "pending")]
    ahead = has("event", {"name": "ends-at", "op": "ge", "val": moment()})
    condition = [{"and": [{"or": [*states, {"name": "status", "op": "eq", "val": "initializing"}]}, ahead]}]
    assert buyer.follow(me, "orders", filter=condition)["meta"]["count"] == 1
    eve = FrontEnd("eve@example.org")
    eve.delete(eve.get(f"/v1/users/{eve.user_id}")["data"])
    with pytest.raises(Refusal):
        FrontEnd("eve@example.org")


# ── 18: staff ────────────────────────────────────────────────────────────────────────────────────

DELETED = {"name": "deleted-at", "op": "ne", "val": None}
THERE = {"name": "deleted-at", "op": "eq", "val": None}
SEEN = {"name": "last-accessed-at", "op": "eq", "val": None}
USER_LISTS = {
    "all": [{"or": []}],
    "active": [{"and": [THERE, {"name": "last-accessed-at", "op": "ge", "val": moment(-365)}]}, {"or": []}],
    "deleted": [DELETED, {"or": []}],
    "inactive": [
        {"and": [{"or": [SEEN, {"name": "last-accessed-at", "op": "lt", "val": moment(-365)}]}, THERE]},
        {"or": []},
    ],
    "found": [{"or": [like(name, "eve") for name in ("first-name", "last-name", "email")]}],
}


@pytest.mark.parametrize("condition", USER_LISTS.values(), ids=USER_LISTS)
def test_the_lists_of_users(world, admin, condition):
    User.objects.filter(email="speaker@example.org").update(deleted_at=world.event.created_at)
    query = {"include": "events", "get_trashed": True, "page_size": 10, "page_number": 1, "sort": "-created-at"}
    found = admin.get("/v1/users", filter=condition, **query)
    emails = {record["attributes"]["email"] for record in found["data"]}
    if condition == USER_LISTS["found"]:
        assert emails == {"eve@example.org"}
    if condition == USER_LISTS["deleted"]:
        assert emails == {"speaker@example.org"}
    if condition == USER_LISTS["all"]:
        assert found["meta"]["count"] == User.objects.count()
    for record in found["data"][:1] if condition != USER_LISTS["deleted"] else ():
        for role in ("owner", "organizer", "coorganizer", "track-organizer", "registrar", "moderator"):
            assert admin.follow(record, f"{role}-events")["meta"]["count"] >= 0


def test_staff_block_verify_delete_and_restore_an_account(world, admin):
    found = admin.get("/v1/users", get_trashed=True, filter=USER_LISTS["found"])["data"]
    [eve] = found
    eve = admin.save(eve, is_blocked=True, is_verified=False)
    assert (eve["attributes"]["is-blocked"], eve["attributes"]["is-verified"]) == (True, False)
    eve = admin.save(eve, is_blocked=False, is_verified=True)
    admin.delete(eve)
    [eve] = admin.get("/v1/users", get_trashed=True, filter=[DELETED])["data"]
    restored = admin.save(eve, query="?get_trashed=true", deleted_at=None)
    assert restored["attributes"]["deleted-at"] is None


EVENT_LISTS = {
    "live": [
        {
            "and": [
                THERE,
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
        }
    ],
    "draft": [{"and": [THERE, {"name": "state", "op": "eq", "val": "draft"}]}],
    "deleted": [DELETED],
}


@pytest.mark.parametrize(
    ("condition", "found"),
    [*zip(EVENT_LISTS.values(), (["Fair of ours"], ["Fair of theirs"], []), strict=True)],
    ids=EVENT_LISTS,
)
def test_the_lists_of_events(world, admin, condition, found):
    include = "roles.role,roles.user,general-statistics"
    query = {"get_trashed": True, "include": include, "page_size": 10, "page_number": 1, "sort": "-starts-at"}
    document = admin.get("/v1/events", filter=condition, **query)
    assert names(document) == found
    if found:
        kinds = {"event-statistics-general", "users-events-roles", "role", "user"}
        assert {record["type"] for record in document["included"]} == kinds


def test_staff_feature_delete_and_restore_an_event(world, admin, eid):
    query = {"get_trashed": True, "include": "roles.role,roles.user,general-statistics"}
    [event] = admin.get("/v1/events", filter=EVENT_LISTS["live"], **query)["data"]
    event = admin.save(event, is_featured=True, is_promoted=True)
    assert (event["attributes"]["is-featured"], event["attributes"]["is-promoted"]) == (True, True)
    admin.delete(event)
    [event] = admin.get("/v1/events", filter=[DELETED], **query)["data"]
    restored = admin.save(event, query="?get_trashed=true", deleted_at=None)
    assert restored["attributes"]["deleted-at"] is None
    assert admin.get(f"/v1/events/{eid}")["data"]["attributes"]["name"] == "Fair of ours"


def test_the_list_of_all_sessions(world, admin):
    condition = [has("event", THERE)]
    found = admin.get("/v1/sessions", get_trashed=True, include="event,speakers", filter=condition, page_size=10)
    assert set(titles(found)) == {"ours session", "theirs session"}


def test_settings_are_saved_with_every_attribute_and_keep_their_secrets(world, admin):
    Setting.objects.update(stripe_secret_key="sk_live_1", app_name="Quay")
    record = admin.get("/v1/settings")["data"]
    assert "sk_live_1" not in str(record)
    unknown = dict.fromkeys(["weblate-url", "patreon-url", "telegram-url", "analytics-key", "admin-billing-logo"])
    attributes = unknown | record["attributes"] | {"tagline": "By the water", "is-paypal-activated": False}
    data = {"id": record["id"], "attributes": attributes, "relationships": {}, "type": "setting"}
    answer = admin.raw("PATCH", "/v1/settings/1", {"data": data})
    assert answer.status_code == 200, answer.content
    saved = Setting.objects.get()
    assert (saved.tagline, saved.app_name, saved.stripe_secret_key) == ("By the water", "Quay", "sk_live_1")
    empty = {name: None for name in attributes if name not in ("app-name", "tagline")}
    answer = admin.raw("PATCH", "/v1/settings/1", {"data": {**data, "attributes": attributes | empty}})
    assert answer.status_code == 200, answer.content


def test_an_attendee_stays_as_it_is_when_it_is_sent_back(world, owner):
    attendee = world.rows["ours"]["attendee"]
    before = columns_of(attendee)
    record = owner.get(world.address("attendee"), include="event,order,ticket,user")["data"]
    owner.save(record, same_as_buyer=False, complex_field_values={})
    assert changed_since(before, attendee) <= {"complex_field_values"}
