"""What is asked of every registered resource; a new one is asked the same, without a line being written."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from openevent.core.registry import registry
from openevent.core.rows import SoftDeleted
from openevent.core.serializers import fields_of
from tests.contract.world import resource_document

CONTRACT = yaml.safe_load((Path(__file__).parent / "v1.yaml").read_text())["resources"]
TYPES = sorted(registry.by_type)
OF_AN_EVENT = [kind for kind in TYPES if hasattr(registry.by_type[kind].model, "event_path")]
SOFT_DELETED = [
    kind
    for kind in TYPES
    if issubclass(registry.by_type[kind].model, SoftDeleted) and "destroy" in registry.by_type[kind].viewset.verbs
]
MADE = [kind for kind in TYPES if "create" in registry.by_type[kind].viewset.verbs]
LISTED = [kind for kind in TYPES if "list" in registry.by_type[kind].viewset.verbs]


def served_relations(kind):
    relations = registry.by_type[kind].serializer.relations().values()
    return [relation for relation in relations if registry.of(relation.model)]


RELATIONS = [(kind, relation) for kind in TYPES for relation in served_relations(kind)]
KINDS = {
    "string": (str,),
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
    "url": (str,),
    "email": (str,),
    "datetime": (str,),
    "computed": (str, int, float, dict),
    "json": (dict,),
    "json list": (list, str),
    "json(flat str/bool/number/null map)": (dict,),
}
WITH_CENTS = {f"{status}-order-sales" for status in ("completed", "placed", "pending")}  # whole numbers in the original


def relation_ids(value):
    return value if isinstance(value, str) else value.name


def list_address(world, kind):
    """Where rows of one event are listed, or the top level."""
    for name, relation in registry.by_type["event"].serializer.relations().items():
        if relation.many and relation.model is registry.by_type[kind].model and kind != "user":
            return f"{world.address('event')}/{registry.by_type['event'].serializer.relations()[name].url_name}"
    return f"/v1/{registry.by_type[kind].path}"


# ── The contract's attributes and relationships ──────────────────────────────────────────────────


@pytest.mark.parametrize("kind", TYPES)
def test_every_attribute_of_the_contract_is_there_with_its_type(world, kind):
    found = world.api("superadmin").get(world.address(kind)).json()["data"]
    wanted = {name: spec for name, spec in CONTRACT[kind]["attributes"].items() if not spec.get("wo")}
    assert wanted.keys() - found["attributes"].keys() == set()
    kinds = {name: KINDS["float" if name in WITH_CENTS else spec["kind"]] for name, spec in wanted.items()}
    values = {name: found["attributes"][name] for name in wanted}
    wrong = {name: value for name, value in values.items() if value is not None and not isinstance(value, kinds[name])}
    assert wrong == {}


@pytest.mark.once
@pytest.mark.parametrize("kind", TYPES)
def test_an_attribute_asked_for_alone_is_what_it_is_among_the_others(world, kind):
    """Where it comes from another row, too, such as the name of the event."""
    api, address = world.api("superadmin"), world.address(kind)
    among_the_others = api.get(address).json()["data"]["attributes"]
    alone = {}
    for name in among_the_others:
        alone |= api.get(address, {f"fields[{kind}]": name}).json()["data"]["attributes"]
    assert alone == among_the_others


@pytest.mark.parametrize("kind", TYPES)
def test_every_relationship_of_the_contract_has_its_links(world, kind):
    data = world.api("superadmin").get(world.address(kind)).json()["data"]
    wanted = CONTRACT[kind].get("relationships", {}).keys()
    assert wanted - data["relationships"].keys() == set()
    for name, relationship in data["relationships"].items():
        assert set(relationship) == {"links"}
        assert relationship["links"]["self"] == f"{data['links']['self']}/relationships/{name}"


# ── Rows ─────────────────────────────────────────────────────────────────────────────────────────


LISTED_UNDER_EVENTS = sorted(
    registry.of(relation.model).type
    for relation in registry.by_type["event"].serializer.relations().values()
    if relation.many and relation.lookup == "event" and registry.of(relation.model)
)


@pytest.mark.parametrize("kind", LISTED_UNDER_EVENTS)
def test_a_list_of_one_event_holds_the_rows_of_that_event_and_no_other(world, kind):
    answer = world.api("superadmin").get(list_address(world, kind), {"page[size]": 0}).json()
    model = registry.by_type[kind].model
    ours = model.objects.filter(**{f"{model.event_path}id": world.event.pk}).values_list("pk", flat=True)
    assert sorted(int(row["id"]) for row in answer["data"]) == sorted(ours)
    assert answer["meta"] == {"count": len(ours)}


@pytest.mark.parametrize("kind", LISTED)
def test_a_list_costs_the_same_for_one_row_and_for_three(world, kind):
    assert_constant(world, kind, list_address(world, kind), {})


@pytest.mark.parametrize(("kind", "relation"), [pair for pair in RELATIONS if pair[0] in LISTED], ids=relation_ids)
def test_an_include_costs_the_same_for_one_row_and_for_three(world, kind, relation):
    assert_constant(world, kind, list_address(world, kind), {"include": relation.json_name})


def assert_constant(world, kind, address, params):
    api = world.api("superadmin")
    with CaptureQueriesContext(
        connection,
    ) as one:
        before = api.get(address, params).json()["data"]
    clone(world.rows["ours"][kind], 2)
    with CaptureQueriesContext(connection) as three:
        after = api.get(address, params).json()["data"]
    assert len(after) >= len(before)
    assert len(three) == len(one), [query["sql"][:200] for query in three]


UNIQUE = (
    "identifier",
    "name",
    "code",
    "email",
    "email_address",
    "country",
    "month",
    "slug",
    "code_hash",
    "token_hash",
    "seed",
    "facebook_id",
    "field_identifier",
)
ONE = ("accounts.Setting", "orders.Tax", "events.SpeakersCall", "events.EventCopyright", "events.EventRolePermission")
ONE_EACH = (  # of a person
    *("events.UsersEventsRoles", "events.Feedback", "events.UserFavouriteSession", "events.UserFollowGroup"),
    "events.UserFavouriteEvent",
    *("events.UsersGroupsRoles", "events.EmailNotification"),
)


def clone(row, times):
    """More rows like this one, with whatever must be unique made so."""
    model = type(row)
    if model._meta.concrete_model._meta.label in ONE:
        row.save()  # there is one, or all that there can be
        return
    for number in range(times):
        copy = model.objects.get(pk=row.pk)
        copy.pk = None
        copy._state.adding = True
        for column in model._meta.concrete_fields:
            if column.one_to_one:
                setattr(copy, column.attname, None)
            is_one = column.name in UNIQUE or (column.unique and not column.primary_key and not column.is_relation)
            if is_one and getattr(copy, column.name) not in (None, ""):
                setattr(copy, column.name, f"{number}{getattr(copy, column.name)}"[: column.max_length or 40])
        if model._meta.label in ONE_EACH:
            copy.user = type(row.user).objects.exclude(pk__in=model.objects.values("user"))[0]
        copy.save()
        for relation in model._meta.many_to_many:
            getattr(copy, relation.name).set(getattr(row, relation.name).all())


# ── Strangers (what they read: test_matrix.py) ───────────────────────────────────────────────────


@pytest.mark.parametrize("kind", [kind for kind in OF_AN_EVENT if kind in MADE and kind != "event"])
def test_nobody_creates_a_row_under_an_event_that_they_do_not_see(world, kind):
    theirs, model = world.rows["theirs"]["event"], registry.by_type[kind].model
    document = resource_document(kind, relationships={"event": theirs}, name="x", title="x", code="x")
    there = model.objects.filter(**{f"{model.event_path}id": theirs.pk})
    before = there.count()
    for who in ("eve", "owner"):
        assert world.api(who).post(f"/v1/{registry.by_type[kind].path}", document).status_code in (403, 404, 422)
        assert there.count() == before


@pytest.mark.parametrize("kind", [kind for kind in OF_AN_EVENT if kind != "event"])
def test_nobody_moves_a_row_to_another_event(world, kind):
    row, theirs = world.rows["ours"][kind], world.rows["theirs"]["event"]
    document = resource_document(kind, key=row.pk, relationships={"event": theirs})
    for who in ("owner", "superadmin"):
        world.api(who).patch(world.address(kind), document)
        world.api(who).patch(
            f"{world.address(kind)}/relationships/event", {"data": {"type": "event", "id": str(theirs.pk)}}
        )
        row.refresh_from_db()
        assert row.event_key() == world.event.pk


# ── Writes set what they may and nothing else (threat T4) ─────────────────────────────────────────


@pytest.mark.parametrize("kind", TYPES)
def test_a_patch_with_every_column_changes_only_attributes_that_are_writable(world, kind):
    row = world.rows["ours"][kind]
    model, serializer = type(row), registry.by_type[kind].serializer
    if "partial_update" not in registry.by_type[kind].viewset.verbs:
        return
    writable = {name for name, field in fields_of(serializer).items() if not field.read_only}
    before = {column.attname: getattr(model.objects.get(pk=row.pk), column.attname) for column in columns_of(model)}
    hostile = {column.name: another_value(column, before[column.attname]) for column in columns_of(model)}
    hostile = {name: value for name, value in hostile.items() if name not in writable and name != "deleted_at"}
    document = resource_document(kind, key=row.pk, **hostile)
    document["data"]["attributes"] |= hostile  # in Python's spelling as well
    assert world.api("superadmin").patch(world.address(kind), document).status_code == 200
    after = {column.attname: getattr(model.objects.get(pk=row.pk), column.attname) for column in columns_of(model)}
    kept_by_the_house = {"last_modified_at", "last_accessed_at", "modified_at"}
    assert {name for name in before if before[name] != after[name]} <= kept_by_the_house


def columns_of(model):
    return [column for column in model._meta.concrete_fields if not column.primary_key]


def another_value(column, value):
    if column.is_relation:
        return 1
    return {bool: lambda: not value, int: lambda: value + 1}.get(type(value), lambda: "9")()


# ── Trash ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", SOFT_DELETED)
def test_a_deleted_row_is_gone_everywhere_and_staff_restore_it(world, kind):
    row, address = world.rows["ours"][kind], world.address(kind)
    api = world.api("superadmin")
    world.let_go(kind)
    if kind == "user":
        row, address = world.people["eve"], f"/v1/users/{world.people['eve'].pk}"
    assert api.delete(address).status_code == 200
    assert api.get(address).status_code == 404
    listed = api.get(list_address(world, kind), {"page[size]": 0})
    if listed.status_code == 200:
        assert str(row.pk) not in [each["id"] for each in listed.json()["data"]]
    assert world.api("eve").get(address, {"get_trashed": "true"}).status_code in (401, 404)
    assert api.get(address, {"get_trashed": "true"}).status_code == 200
    document = resource_document(kind, key=row.pk, deleted_at=None)
    assert api.patch(f"{address}?get_trashed=true", document).status_code == 200
    assert api.get(address).status_code == 200


# ── Tags ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", TYPES)
def test_an_unchanged_row_answers_304_and_a_changed_one_does_not(world, kind):
    api, address = world.api("superadmin"), world.address(kind)
    tag = api.get(address)["ETag"]
    assert tag.startswith('"')
    again = api.get(address, **{"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    if not hasattr(registry.by_type[kind].model, "event_key"):
        return  # its rows are never changed
    world.rows["ours"][kind].save()
    assert api.get(address, **{"If-None-Match": tag}).status_code == 200


def test_a_link_that_is_unchanged_answers_304_and_a_changed_one_does_not(world):
    api, address = world.api("owner"), f"{world.address('session')}/relationships/speakers"
    tag = api.get(address)["ETag"]
    assert api.get(address, **{"If-None-Match": tag}).status_code == 304
    world.rows["ours"]["session"].speakers.clear()
    assert api.get(address, **{"If-None-Match": tag}).json()["data"] == []


@pytest.mark.parametrize("kind", [kind for kind in TYPES if "partial_update" in registry.by_type[kind].viewset.verbs])
def test_a_write_that_matches_an_old_tag_is_refused_before_it_is_done(world, kind):
    api, address, row = world.api("superadmin"), world.address(kind), world.rows["ours"][kind]
    document = resource_document(kind, key=row.pk)
    tag = api.get(address)["ETag"]
    assert api.patch(address, document, **{"If-Match": tag}).status_code == 200
    row.save()
    assert api.patch(address, document, **{"If-Match": tag}).status_code == 412


@pytest.mark.parametrize(("kind", "relation"), RELATIONS, ids=relation_ids)
def test_no_tag_outlives_a_change_to_a_row_that_it_includes(world, kind, relation):
    api, address = world.api("superadmin"), world.address(kind)
    answer = api.get(address, {"include": relation.json_name})
    for included in answer.json().get("included", ())[:2]:
        target = registry.by_type[included["type"]].model.objects.get(pk=included["id"])
        tag = api.get(address, {"include": relation.json_name})["ETag"]
        target.save()
        assert api.get(address, {"include": relation.json_name}, **{"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    "change",
    [{"is_admin": True}, {"is_super_admin": True}, {"is_verified": False}, {"email": "eva@example.org"}],
    ids=str,
)
def test_no_tag_outlives_a_change_to_who_asks(world, change):
    eve, api = world.people["eve"], world.api("eve")
    addresses = ["/v1/orders", "/v1/events", world.address("event"), f"{world.address('event')}/sessions"]
    tags = [api.get(address)["ETag"] for address in addresses]
    type(eve).objects.filter(pk=eve.pk).update(**change)
    for address, tag in zip(addresses, tags, strict=True):
        assert api.get(address, **{"If-None-Match": tag}).status_code == 200


def test_no_tag_outlives_a_role(world):
    """Who loses a role reads less from the next request on."""
    api, address = world.api("co-organizer"), f"{world.address('event')}/speakers"
    tag = api.get(address)["ETag"]
    world.event.roles.filter(user=world.people["co-organizer"]).delete()
    answer = api.get(address, **{"If-None-Match": tag})
    assert answer.status_code == 200
    assert "email" not in answer.json()["data"][0]["attributes"]


def test_no_tag_outlives_a_hold(world):
    """The clock alone ends it: no row is written that a counter could have counted."""
    order, now = world.rows["ours"]["order"], timezone.now()
    uncounted = QuerySet(type(order)).filter(pk=order.pk)
    uncounted.update(status="pending", expires_at=now + timedelta(minutes=1))
    api, address = world.api("buyer"), world.address("order")
    before = api.get(address)
    assert before.json()["data"]["attributes"]["status"] == "pending"
    uncounted.update(expires_at=now - timedelta(seconds=1))  # as if a minute had gone by
    after = api.get(address, **{"If-None-Match": before["ETag"]})
    assert after.json()["data"]["attributes"]["status"] == "expired"


# ── Shape ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", TYPES)
def test_documents_have_the_shape_of_the_contract(world, kind):
    answer = world.api("superadmin").get(world.address(kind))
    document = answer.json()
    assert answer["Content-Type"] == "application/vnd.api+json"
    assert document["jsonapi"] == {"version": "1.0"}
    assert document["links"]["self"] == document["data"]["links"]["self"]
    assert isinstance(document["data"]["id"], str)
    assert json.dumps(document)
