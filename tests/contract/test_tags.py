"""No tag outlives what it stands for: whatever is done to a row, every address that shows it answers anew."""

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models.deletion import ProtectedError, RestrictedError
from django.test.utils import CaptureQueriesContext

from events.models import Role
from openevent.core.registry import registry
from openevent.core.rows import SoftDeleted
from openevent.core.serializers import fields_of
from tests.contract.conftest import undone
from tests.contract.test_every_resource import clone
from tests.contract.test_permissions import TYPES

WATCHERS = ("anonymous", "owner")
EVERYBODY = (*WATCHERS, "buyer")


def places_of(world, kind):
    """Addresses that show our row of this type: its own, its list, and as a far end one of each sort of relation."""
    resource, sorts = registry.by_type[kind], {}
    yield world.address(kind)
    if "list" in resource.viewset.verbs:
        yield f"/v1/{resource.path}?page[size]=0"
    for near in map(registry.by_type.get, TYPES):
        for relation in near.serializer.relations().values():
            if relation.model is resource.model and "retrieve" in near.viewset.verbs:
                sort = (
                    near.model._meta.app_label,
                    hasattr(near.model, "event_path"),
                    bool(relation.column),
                    relation.many,
                )
                sorts.setdefault(sort, (near.type, relation))
    for near, relation in sorts.values():
        yield f"{world.address(near)}/{relation.url_name}"
        yield f"{world.address(near)}?include={relation.json_name}"
        yield f"{world.address(near)}/relationships/{relation.json_name}"


def look(world, places, watchers=WATCHERS):
    """{(who, address): (tag, what it stands for)}."""
    found = {}
    for who in watchers:
        for place in places:
            answer = world.ask(who, "GET", place)
            found[who, place] = answer.headers.get("ETag"), answer.content
    return found


def outlived(before, after):
    """Where a tag is still the same although the answer is not."""
    return [
        place for place, (tag, body) in before.items() if tag and tag == after[place][0] and body != after[place][1]
    ]


def changed_column(row):
    """A column that documents show, and another value for it."""
    shown = [field.source for field in fields_of(registry.of(type(row)).serializer).values() if not field.write_only]
    for column in type(row)._meta.concrete_fields:
        if column.name in shown and not column.is_relation and not column.primary_key and not column.choices:
            value = getattr(row, column.attname)
            if isinstance(value, bool):
                return column.name, not value
            if isinstance(column, models.CharField | models.TextField) and not column.unique:
                return column.name, f"{value or ''}x"[: column.max_length]
    return None


def deeds(row):
    """What may be done to a row, one after another: (its name, the doing)."""
    model = type(row)
    linked = {field.name: list(getattr(row, field.name).all()) for field in model._meta.many_to_many}
    yield "add", lambda: clone(row, 1)
    if change := changed_column(row):
        yield "change", lambda: (setattr(row, *change), row.save())
        yield "change in bulk", lambda: model.objects.filter(pk=row.pk).update(**dict([change]))
    if linked:
        yield "unlink", lambda: [getattr(row, name).clear() for name in linked]
        yield "link", lambda: [getattr(row, name).set(rows) for name, rows in linked.items()]
    if keys := [column.name for column in model._meta.concrete_fields if column.is_relation and column.null]:
        yield "forget", lambda: ([setattr(row, name, None) for name in keys], row.save())
    if isinstance(row, SoftDeleted):
        yield "hide", row.hide
        yield "restore", lambda: (setattr(row, "deleted_at", None), row.save())
    yield "remove", row.delete


@pytest.mark.parametrize("kind", TYPES)
def test_no_tag_outlives_what_is_done_to_a_row(world, kind):
    model = registry.by_type[kind].model
    row = model._base_manager.get(pk=world.rows["ours"][kind].pk)
    places, wrong = list(dict.fromkeys(places_of(world, kind))), []

    def do_everything():
        watchers = WATCHERS if any(tag for tag, _ in look(world, places).values()) else ("superadmin",)
        before = look(world, places, watchers)
        for name, deed in deeds(row):
            try:
                with transaction.atomic():
                    deed()
            except (ProtectedError, RestrictedError, IntegrityError, TypeError):  # kept; there is one; a log only grows
                continue
            after = look(world, places, watchers)
            wrong.extend((name, *place) for place in outlived(before, after))
            before = after

    undone(do_everything)
    assert wrong == []


# ── What is done elsewhere ───────────────────────────────────────────────────────────────────────

ELSEWHERE = {  # deeds that change what rows of other apps show, or who sees them
    "an order is cancelled": lambda rows: (
        rows["order"].__class__.objects.filter(pk=rows["order"].pk).update(status="cancelled")
    ),
    "a ticket is given to nobody": lambda rows: rows["attendee"].hide(),
    "the event is a draft again": lambda rows: change(rows["event"], state="draft"),
    "the event is private": lambda rows: change(rows["event"], privacy="private"),
    "the event is deleted": lambda rows: rows["event"].hide(),
    "a session is not accepted any more": lambda rows: change(rows["session"], state="pending"),
    "a speaker is taken off": lambda rows: rows["session"].speakers.clear(),
    "the owner is renamed": lambda rows: change(rows["user"], public_name="Another"),
    "the owner is not one any more": lambda rows: rows["users-events-roles"].delete(),
}


def change(row, **values):
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


@pytest.mark.parametrize("deed", ELSEWHERE)
def test_no_tag_outlives_what_is_done_elsewhere(world, deed):
    kinds = [kind for kind in TYPES if "retrieve" in registry.by_type[kind].viewset.verbs]
    places = [world.address(kind) for kind in kinds]
    places += [
        f"{world.address('event')}/{relation.url_name}"
        for relation in registry.by_type["event"].serializer.relations().values()
        if registry.of(relation.model)
    ]
    rows = {kind: type(row)._base_manager.get(pk=row.pk) for kind, row in world.rows["ours"].items()}

    def do_it():
        before = look(world, places, EVERYBODY)
        ELSEWHERE[deed](rows)
        return outlived(before, look(world, places, EVERYBODY))

    assert undone(do_it) == []


THROUGH_OTHERS = [  # ways from one event to another
    *("?include=owner", "/owner", "?include=owner.events", "/organizers", "?include=event-type.events"),
    *("/sessions?include=creator.events", "/sessions?include=creator", "/users-events-roles?include=user"),
]


@pytest.mark.parametrize("deed", ["rename", "hide", "lose the role"])
def test_no_tag_outlives_what_is_done_at_another_event_that_it_reaches(world, deed):
    """Tags of an event's rows are counted by event; people and kinds lead from one event to others."""
    event, owner = world.event, world.people["owner"]
    event.sessions.update(creator=owner)
    dates = {"starts_at": event.starts_at, "ends_at": event.ends_at}
    other = type(event).objects.create(name="Other", state="published", event_type=event.event_type, **dates)
    held = other.roles.create(user=owner, role=Role.objects.get(name="organizer"))
    deeds = {"rename": lambda: change(other, name="Renamed"), "hide": other.hide, "lose the role": held.delete}
    places = [f"{world.address('event')}{way}" for way in THROUGH_OTHERS]
    before = look(world, places, ("superadmin", "owner", "anonymous"))
    deeds[deed]()
    after = look(world, places, ("superadmin", "owner", "anonymous"))
    assert before != after
    assert outlived(before, after) == []


# ── What it costs to say that nothing has changed ────────────────────────────────────────────────


@pytest.mark.parametrize("kind", TYPES)
def test_that_nothing_has_changed_is_said_with_five_queries_at_most(world, kind):
    """The row at a glance, the roles of who asks, the counters, what the clock does; whatever would be included."""
    resource = registry.by_type[kind]
    served = [name for name, relation in resource.serializer.relations().items() if registry.of(relation.model)]
    address = world.address(kind)
    places = [address] if "retrieve" in resource.viewset.verbs else []
    places += [f"/v1/{resource.path}?page[size]=0"] if "list" in resource.viewset.verbs else []
    costs = {}
    for place in [*places, *(f"{place}{'&' if '?' in place else '?'}include={','.join(served)}" for place in places)]:
        tag = world.ask("superadmin", "GET", place)["ETag"]
        with CaptureQueriesContext(connection) as queries:
            answer = world.ask("superadmin", "GET", place, **{"If-None-Match": tag})
        assert (answer.status_code, answer.content) == (304, b"")
        costs[place] = len(queries)
    assert {place: cost for place, cost in costs.items() if cost > 5} == {}
