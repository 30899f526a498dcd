"""What is particular to the parts of an event: its forms, badges, tags, exhibitors, places and favourites."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Setting
from events.models import (
    BadgeFieldForm,
    BadgeForm,
    CustomForm,
    CustomFormTranslate,
    Event,
    EventLocation,
    EventSubTopic,
    EventTopic,
    Exhibitor,
    Tag,
    UserFavouriteEvent,
)
from events.models.custom_form import BUILT_IN
from events.services.create_event import create_event
from events.services.publish import publish_event, unpublish_event
from orders.services.questions import ALWAYS, questions_of
from orders.services.questions import BUILT_IN as OF_ATTENDEES
from tests.contract.world import linkage, resource_document


def answered(answer):
    return answer.json()["data"]


def error_of(answer):
    [error] = answer.json()["errors"]
    return answer.status_code, error["source"].get("pointer")


@pytest.fixture
def owner(world):
    return world.api("owner")


@pytest.fixture
def new_form(world, owner):
    def new_form(**attributes):
        given = {"form": "attendee", "field_identifier": "diet", "type": "text", **attributes}
        document = resource_document("custom-form", relationships={"event": world.event}, **given)
        return owner.post("/v1/custom-forms", document)

    return new_form


# ── Questions ────────────────────────────────────────────────────────────────────────────────────


def test_what_is_a_column_of_attendees_is_said_alike_on_both_floors():
    assert BUILT_IN["attendee"] == {*ALWAYS, *OF_ATTENDEES}
    assert {form: len(names) for form, names in BUILT_IN.items()} == {"attendee": 36, "session": 21, "speaker": 22}


def test_a_new_event_asks_its_attendees_who_they_are(world):
    event = create_event(
        name="Quay", starts_at=timezone.now(), ends_at=timezone.now(), by=world.people["eve"], timezone="UTC"
    )
    asked = event.custom_forms.values_list("form", "field_identifier", "is_fixed", "is_required", "is_included")
    assert list(asked) == [("attendee", name, True, True, True) for name in ("firstname", "lastname", "email")]
    assert questions_of(event) == []  # the shop asks these anyhow


@pytest.mark.parametrize(
    ("form", "identifier", "is_complex"),
    [
        ("attendee", "jobTitle", False),
        ("attendee", "job-title", False),
        ("attendee", "shortAbstract", True),
        ("session", "shortAbstract", False),
        ("speaker", "heardFrom", False),
        ("speaker", "shoe_size", True),
    ],
)
def test_a_question_is_complex_unless_its_form_has_a_column_for_it(new_form, form, identifier, is_complex):
    made = answered(new_form(form=form, field_identifier=identifier, is_complex=not is_complex))
    assert made["attributes"]["is-complex"] is is_complex


def test_the_shop_asks_what_was_written_through_the_api(world, owner, new_form):
    made = answered(new_form(field_identifier="shoe_size", name="Shoe size", type="select", is_included=True))
    for size in ("37", "44"):
        address = f"/v1/custom-forms/{made['id']}/custom-form-options"
        assert owner.post(address, resource_document("custom-form-option", value=size)).status_code == 201
    [*_, question] = questions_of(world.event)
    assert [option.value for option in question.options.all()] == ["37", "44"]
    listed = owner.get(f"/v1/custom-forms/{made['id']}", {"include": "custom-form-options"}).json()
    assert [each["attributes"]["value"] for each in listed["included"]] == ["37", "44"]


def test_an_event_asks_no_more_of_its_own_than_the_settings_say(world, new_form):
    Setting.objects.update(max_complex_custom_fields=2)  # one is there
    assert new_form(field_identifier="first").status_code == 201
    assert error_of(new_form(field_identifier="second")) == (422, "/data/attributes/field-identifier")
    assert new_form(field_identifier="phone").status_code == 201  # a column
    assert new_form(field_identifier="third", form="speaker").status_code == 201  # another form
    assert new_form(field_identifier="fourth", form_id="vip").status_code == 201  # of one ticket alone


def test_a_form_asks_the_same_once(world, new_form):
    assert new_form(field_identifier="allergy").status_code == 201
    assert new_form(field_identifier="allergy").status_code == 409
    assert new_form(field_identifier="allergy", form_id="").status_code == 409
    assert new_form(field_identifier="allergy", form_id="vip").status_code == 201
    assert new_form(field_identifier="allergy", form_id="vip").status_code == 409


@pytest.mark.parametrize("change", ["is_fixed", "is_included", "is_required"])
def test_what_is_always_asked_stays_so(world, owner, new_form, change):
    fixed = answered(new_form(field_identifier="email", is_fixed=True, is_included=True, is_required=True))
    address = f"/v1/custom-forms/{fixed['id']}"
    unchanged = {"data": {**fixed, "attributes": fixed["attributes"] | {"name": "Your address"}, "relationships": {}}}
    assert owner.patch(address, unchanged).status_code == 200
    document = resource_document("custom-form", key=fixed["id"], **{change: False})
    assert error_of(owner.patch(address, document)) == (422, f"/data/attributes/{change.replace('_', '-')}")
    assert error_of(owner.delete(address)) == (422, "/data")


def test_the_questions_of_one_ticket_have_an_address(world, owner, new_form):
    new_form(field_identifier="chair", form_id="vip-7")
    for key in (world.event.pk, world.event.identifier):
        found = owner.get(f"/v1/events/{key}/custom-forms/vip-7").json()
        assert [each["attributes"]["field-identifier"] for each in found["data"]] == ["chair"]
        assert found["meta"]["count"] == 1
    assert owner.get(f"/v1/events/{world.event.pk}/custom-forms/%00").status_code == 404


# ── Lists within a document ──────────────────────────────────────────────────────────────────────


def test_translations_are_added_changed_and_dropped_with_their_question(world, owner, new_form):
    german, french = {"name": "Kost", "language_code": "de"}, {"name": "Régime", "language_code": "fr"}
    made = answered(new_form(field_identifier="menu", translations=[german, french]))
    said = made["attributes"]["translations"]
    assert [{name: each[name] for name in german} for each in said] == [german, french]
    changed = [{**said[0], "name": "Essen"}, {**said[1], "isDeleted": True}, {"name": "Mad", "language_code": "da"}]
    document = resource_document("custom-form", key=made["id"], translations=changed)
    kept = answered(owner.patch(f"/v1/custom-forms/{made['id']}", document))["attributes"]["translations"]
    assert [(each["name"], each["id"] == said[0]["id"]) for each in kept] == [("Essen", True), ("Mad", False)]
    for nothing in ([], None):
        document = resource_document("custom-form", key=made["id"], translations=nothing)
        assert len(answered(owner.patch(f"/v1/custom-forms/{made['id']}", document))["attributes"]["translations"]) == 2
    public = world.api("anonymous").get(f"/v1/custom-forms/{made['id']}").json()["data"]
    assert public["attributes"]["translations"] == kept


@pytest.mark.parametrize(
    ("translations", "pointer"),
    [
        ("Kost", ""),
        (["Kost"], ""),
        ([{"language_code": "de"}], "/0/name"),
        ([{"name": "Kost", "language_code": "de"}, {"name": "x", "language_code": "x" * 30}], "/1/language_code"),
        ([{"name": "Kost", "language_code": "de"}] * 201, ""),
    ],
    ids=["a text", "texts", "no name", "a long code", "many"],
)
def test_a_bad_translation_is_named_by_its_place_and_nothing_is_kept(world, new_form, translations, pointer):
    before = CustomForm.objects.count(), CustomFormTranslate.objects.count()
    answer = new_form(field_identifier="menu", translations=translations)
    assert error_of(answer) == (422, f"/data/attributes/translations{pointer}")
    assert (CustomForm.objects.count(), CustomFormTranslate.objects.count()) == before


def test_no_list_reaches_the_rows_of_another_event(world, owner):
    theirs, ours = (world.rows[tenant]["custom-form-translate"] for tenant in ("theirs", "ours"))
    stolen = [{"id": theirs.pk, "name": "stolen", "language_code": "de"}]
    document = resource_document("custom-form", key=ours.custom_form_id, translations=stolen)
    answer = owner.patch(world.address("custom-form"), document)
    assert error_of(answer) == (422, "/data/attributes/translations/0/id")
    theirs.refresh_from_db()
    assert theirs.name == "theirs Kost"


def test_a_badge_is_written_with_its_fields_and_reached_by_both_its_names(world, owner):
    field = {"field_identifier": "lastname", "font_size": 24, "font_weight": [{"name": "bold"}], "margin_top": 3}
    qr_code = {"custom_field": "QR", "qr_custom_field": ["email"], "is_deleted": False, "badge_field_id": None}
    given = {"badge_id": "lanyard", "badge_size": "A6", "badge_fields": [field, qr_code]}
    document = resource_document("badge-form", relationships={"event": world.event}, **given)
    made = answered(owner.post("/v1/badge-forms", document))
    first, second = made["attributes"]["badge-fields"]
    assert (first["font_size"], first["badge_id"], second["qr_custom_field"]) == (24, "lanyard", ["email"])
    fields = [{**first, "font_size": 30}, {**second, "is_deleted": True}]
    document = resource_document("badge-form", key=made["id"], badge_fields=fields)
    [kept] = answered(owner.patch("/v1/badge-forms/lanyard", document))["attributes"]["badge-fields"]
    assert kept == {**first, "font_size": 30}
    for key in (made["id"], "lanyard"):
        found = owner.get(f"/v1/badge-forms/{key}/badge-field-forms/lanyard").json()
        assert [each["attributes"]["badge-field-id"] for each in found["data"]] == [first["badge_field_id"]]
        assert owner.get(f"/v1/badge-forms/{key}/badge-field-forms/other").json()["data"] == []
    [listed] = owner.get(f"/v1/events/{world.event.identifier}/badge-forms/lanyard").json()["data"]
    assert listed["id"] == made["id"]


def test_a_field_is_put_on_a_badge_that_one_sees(world):
    badge = world.rows["ours"]["badge-form"]
    document = resource_document("badge-field-form", relationships={"badge-form": badge}, font_size=12)
    for who, status in (("anonymous", 401), ("eve", 404), ("registrar", 403), ("co-organizer", 201)):
        assert world.api(who).post("/v1/badge-field-forms", document).status_code == status, who
    wrong = resource_document("badge-field-form", relationships={"badge-form": badge}, font_weight="bold")
    assert error_of(world.api("owner").post("/v1/badge-field-forms", wrong)) == (422, "/data/attributes/font-weight")
    assert badge.badge_field_forms.count() == 2


def test_those_at_the_door_read_which_badge_a_ticket_gets(world):
    ticket, sample = world.rows["ours"]["ticket"], world.rows["ours"]["badge-field-form"]
    found = world.api("registrar").get(f"/v1/tickets/{ticket.pk}/badge-forms").json()
    assert [(each["badge_field_id"], each["sample_text"]) for each in found] == [(sample.pk, "ours sample")]
    type(ticket).objects.filter(pk=ticket.pk).update(badge_id=None)
    assert world.api("registrar").get(f"/v1/tickets/{ticket.pk}/badge-forms").status_code == 404


@pytest.mark.parametrize(("kind", "part"), [("custom-forms", CustomFormTranslate), ("badge-forms", BadgeFieldForm)])
def test_lists_within_documents_cost_one_query_a_page(world, owner, kind, part):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            owner.get(f"/v1/events/{world.event.pk}/{kind}")
        return len(asked)

    queries()
    few = queries()
    for number in range(3):
        if part is CustomFormTranslate:
            one = CustomForm.objects.create(event=world.event, form="speaker", field_identifier=f"q{number}")
            parts = [part(custom_form=one, name="x", language_code=code) for code in ("de", "fr")]
        else:
            one = BadgeForm.objects.create(event=world.event, identifier=f"b{number}")
            parts = [part(badge_form=one), part(badge_form=one)]
        part.objects.bulk_create(parts)
    assert queries() == few


def test_rows_below_a_question_go_with_a_deleted_event(world):
    Event.objects.filter(pk=world.event.pk).update(deleted_at=timezone.now())
    for kind in ("custom-form", "custom-form-option", "custom-form-translate", "badge-form", "badge-field-form"):
        assert world.api("owner").get(world.address(kind)).status_code == 404, kind


# ── Copyright, tags, exhibitors ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("year", "status"), [(1899, 422), (1900, 200), (timezone.now().year + 1, 422), (None, 200)])
def test_a_copyright_is_of_a_year_that_has_been(world, owner, year, status):
    document = resource_document("event-copyright", key=world.rows["ours"]["event-copyright"].pk, year=year)
    assert owner.patch(world.address("event-copyright"), document).status_code == status


def test_an_event_has_one_copyright(world, owner):
    document = resource_document("event-copyright", relationships={"event": world.event}, licence="CC0")
    assert owner.post("/v1/event-copyrights", document).status_code == 409
    owner.delete(world.address("event-copyright"))
    assert owner.post("/v1/event-copyrights", document).status_code == 201
    found = owner.get(f"/v1/events/{world.event.identifier}/event-copyright").json()["data"]
    assert found["attributes"]["licence"] == "CC0"


def test_an_attendee_is_marked_with_a_tag_of_the_same_event(world):
    attendee = world.rows["ours"]["attendee"]
    mark = Tag.objects.create(event=world.event, name="Crew")
    api = world.api("registrar")
    for tag_id, status in ((mark.pk, 200), (world.rows["theirs"]["tag"].pk, 422), (10**12, 422), (None, 200)):
        document = resource_document("attendee", key=attendee.pk, tag_id=tag_id)
        assert api.patch(world.address("attendee"), document).status_code == status, tag_id
        attendee.refresh_from_db()
        assert attendee.tag_id == (None if tag_id is None else mark.pk)
    document = resource_document("attendee", key=attendee.pk, tag_id=mark.pk)
    assert world.api("buyer").patch(world.address("attendee"), document).status_code == 200
    attendee.refresh_from_db()
    assert attendee.tag_id is None


def test_a_tag_leads_from_its_attendee(world, owner):
    found = owner.get(f"{world.address('attendee')}/tags").json()["data"]
    assert found["attributes"]["name"] == "ours VIPs"
    Tag.objects.get(pk=found["id"]).delete()
    assert owner.get(f"{world.address('attendee')}/tags").json()["data"] is None


def test_exhibitors_are_put_in_order_all_or_none(world, owner):
    first = world.rows["ours"]["exhibitor"]
    second = Exhibitor.objects.create(event=world.event, name="Ropes")
    theirs = world.rows["theirs"]["exhibitor"]
    address = f"/v1/events/{world.event.identifier}/reorder-exhibitors"

    def send(body, query=""):
        return owner.client.post(address + query, body, content_type="application/json", headers=owner.headers)

    moved = send([{"exhibitor": first.pk, "position": 2}, {"exhibitor": str(second.pk), "position": 1}])
    assert (moved.status_code, moved.json()) == (200, {"success": True, "updates": 2})
    listed = owner.get(f"/v1/events/{world.event.pk}/exhibitors").json()["data"]
    assert [each["id"] for each in listed] == [str(second.pk), str(first.pk)]
    assert send([{"exhibitor": first.pk, "position": 5}, {"exhibitor": theirs.pk, "position": 1}]).status_code == 403
    assert send([{"exhibitor": first.pk, "position": "far"}]).status_code == 422
    first.refresh_from_db()
    assert first.position == 2
    assert send([], "?reset").json()["success"] is True
    first.refresh_from_db()
    assert first.position == 0


@pytest.mark.parametrize("links", ["https://example.org", [{"name": "Blog"}], [7], [{"name": 1, "link": "x"}]])
def test_a_link_of_an_exhibitor_has_a_name_and_an_address(world, owner, links):
    row = world.rows["ours"]["exhibitor"]
    document = resource_document("exhibitor", key=row.pk, social_links=links)
    assert error_of(owner.patch(world.address("exhibitor"), document)) == (422, "/data/attributes/social-links")


def test_an_exhibitor_shows_in_sessions_of_its_own_event(world, owner):
    row, session = world.rows["ours"]["exhibitor"], world.rows["ours"]["session"]
    found = owner.get(f"{world.address('session')}/exhibitors").json()["data"]
    assert [each["id"] for each in found] == [str(row.pk)]
    document = resource_document("exhibitor", key=row.pk, relationships={"sessions": []})
    assert owner.patch(world.address("exhibitor"), document).status_code == 200
    address = f"{world.address('exhibitor')}/relationships/sessions"
    assert owner.patch(address, {"data": [linkage(world.rows["theirs"]["session"])]}).status_code == 404
    assert owner.patch(address, {"data": [linkage(session)]}).status_code == 200
    assert list(row.sessions.all()) == [session]


# ── Topics and places ────────────────────────────────────────────────────────────────────────────


def test_a_new_house_has_types_topics_and_sub_topics_to_choose_from(world):
    seeded = EventTopic.objects.exclude(name="Tides")
    assert (seeded.count(), EventSubTopic.objects.filter(event_topic__in=seeded).count()) == (19, 55)
    assert seeded.exclude(event_sub_topics=None).distinct().count() == 18


def test_a_sub_topic_is_found_by_its_name_within_its_topic(world):
    admin, topic = world.api("admin"), world.rows["ours"]["event-topic"]
    music = EventTopic.objects.get(name="Music")
    slugs = []
    for near in (topic, topic, music):
        document = resource_document("event-sub-topic", relationships={"event-topic": near}, name="Neap tide")
        slugs.append(answered(admin.post("/v1/event-sub-topics", document))["attributes"]["slug"])
    assert (slugs[0], slugs[1].startswith("neap-tide-"), slugs[2]) == ("neap-tide", True, "neap-tide")
    assert error_of(admin.post("/v1/event-sub-topics", resource_document("event-sub-topic", name="Lost"))) == (
        422,
        "/data/relationships/event-topic",
    )


def places(api):
    return [each["attributes"]["name"] for each in api.get("/v1/event-locations").json()["data"]]


def test_places_are_where_most_public_events_are_and_what_the_staff_names(world):
    visitor, by = world.api("anonymous"), world.people["owner"]
    assert places(visitor) == ["Norrhaven"]  # named by the staff, without any event
    events = [
        Event.objects.create(
            name=f"Walk {number}",
            searchable_location_name=town,
            starts_at=world.event.starts_at,
            ends_at=world.event.ends_at,
        )
        for number, town in enumerate(["Kelder", "Kelder", "Umber"])
    ]
    assert places(visitor) == ["Norrhaven"]  # drafts tell nothing
    for event in events:
        publish_event(event, by=by)
    assert places(visitor) == ["Kelder", "Umber", "Norrhaven"]
    [kelder, *_] = visitor.get("/v1/event-locations", {"include": "events"}).json()["data"]
    assert len(kelder["relationships"]["events"]["data"]) == 2
    unpublish_event(events[2], by=by)
    assert places(visitor) == ["Kelder", "Norrhaven"]
    assert world.api("eve").get(f"/v1/event-locations/{EventLocation.objects.get(name='Umber').pk}").status_code == 404
    document = resource_document("event-location", name="Saltby")
    assert answered(world.api("admin").post("/v1/event-locations", document))["attributes"]["slug"] == "saltby"
    assert places(visitor) == ["Kelder", "Norrhaven", "Saltby"]
    assert world.api("admin").post("/v1/event-locations", document).status_code == 409
    for number in range(9):
        EventLocation.objects.create(name=f"Town {number}")
    assert len(places(visitor)) == 6


def test_events_are_found_through_their_place(world, owner):
    document = {
        "data": {"type": "event", "id": str(world.event.pk), "attributes": {"searchable-location-name": "Norrhaven"}}
    }
    assert owner.patch(world.address("event"), document).status_code == 200
    place = world.address("event-location")
    listed = world.api("anonymous").get(f"{place}/events").json()["data"]
    assert [each["id"] for each in listed] == [str(world.event.pk)]
    condition = '[{"name": "events", "op": "any", "val": {"name": "name", "op": "eq", "val": "Fair of ours"}}]'
    found = world.api("anonymous").get("/v1/event-locations", {"filter": condition}).json()
    assert [each["attributes"]["name"] for each in found["data"]] == ["Norrhaven"]


# ── Favourites ───────────────────────────────────────────────────────────────────────────────────


def test_an_event_is_marked_once_and_for_oneself_alone(world):
    eve, other = world.people["eve"], world.people["buyer"]
    document = resource_document("user-favourite-event", relationships={"event": world.event, "user": other})
    made = world.api("eve").post("/v1/user-favourite-events", document)
    assert made.status_code == 201
    row = UserFavouriteEvent.objects.get(pk=made.json()["data"]["id"])
    assert row.user == eve
    assert world.api("eve").post("/v1/user-favourite-events", document).status_code == 409
    assert world.api("eve").delete(f"/v1/user-favourite-events/{row.pk}").status_code == 200
    assert world.api("eve").post("/v1/user-favourite-events", document).status_code == 201
    listed = world.api("eve").get(f"/v1/users/{eve.pk}/user-favourite-events").json()["data"]
    assert [each["type"] for each in listed] == ["user-favourite-event"]
    assert world.api("anonymous").get("/v1/user-favourite-events").status_code == 401
    hidden = resource_document("user-favourite-event", relationships={"event": world.rows["theirs"]["event"]})
    assert world.api("eve").post("/v1/user-favourite-events", hidden).status_code == 404
