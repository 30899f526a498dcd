"""Two events of the same people: what is asked of one never shows anything of the other."""

import pytest

from events.tests.factories import give_role
from openevent.core.registry import registry
from orders.services.exports.export import table_of
from tests.contract.test_permissions import allowed

KINDS = sorted(
    registry.of(relation.model).type
    for relation in registry.by_type["event"].serializer.relations().values()
    if relation.many and relation.lookup == "event" and registry.of(relation.model)
)


def relation_to(kind):
    """The relation of an event to its rows of this type."""
    relations = registry.by_type["event"].serializer.relations().values()
    return next(one for one in relations if one.many and one.model is registry.by_type[kind].model)


@pytest.fixture
def twin(world):
    """A second event of the same team, with a row of everything, and orders of the same buyers."""
    owner = world.people["owner"]
    world.rows["twin"] = world.build("twin", owner, "published", world.event.starts_at) | {"user": owner}
    event = world.rows["twin"]["event"]
    for name in ("co-organizer", "registrar"):
        give_role(world.people[name], event, {"co-organizer": "coorganizer"}.get(name, name))
    for kind in ("order", "attendee"):
        row = world.rows["twin"][kind]
        type(row).objects.filter(pk=row.pk).update(user=world.people["buyer"])
    yield event
    del world.rows["twin"]
    for person in world.people.values():
        vars(person).pop("roles_by_event", None)


def ids(answer):
    assert answer.status_code == 200, answer.content
    return sorted(int(row["id"]) for row in answer.json()["data"])


@pytest.mark.parametrize("kind", KINDS)
def test_each_list_of_an_event_holds_its_own_rows_for_everybody(world, twin, kind):
    relation = relation_to(kind)
    model = relation.model
    for who in ("owner", "co-organizer", "superadmin", "buyer", "registrar", "eve", "anonymous"):
        for event in (world.event, twin):
            answer = world.api(who).get(f"/v1/events/{event.pk}/{relation.url_name}", {"page[size]": 0})
            if answer.status_code == 401:
                continue
            found = ids(answer)
            own = set(model.objects.filter(event=event).values_list("pk", flat=True))
            assert set(found) <= own, who
            if who in allowed(kind, "see") & {"owner", "co-organizer", "superadmin"}:
                assert set(found) == own, who


@pytest.mark.parametrize("kind", KINDS)
def test_includes_and_filters_stay_within_the_event(world, twin, kind):
    relation = relation_to(kind)
    answer = world.api("owner").get(f"/v1/events/{world.event.pk}", {"include": relation.json_name}).json()
    found = {int(row["id"]) for row in answer.get("included", ())}
    assert found == set(relation.model.objects.filter(event=world.event).values_list("pk", flat=True))


@pytest.mark.parametrize("kind", ["session", "attendee", "ticket", "speaker"])
def test_rows_of_one_event_are_not_found_under_the_other(world, twin, kind):
    path = registry.by_type[kind].path
    there = world.rows["twin"][kind]
    for who in ("owner", "superadmin"):
        condition = f'[{{"name": "id", "op": "eq", "val": "{there.pk}"}}]'
        assert ids(world.api(who).get(f"/v1/events/{world.event.pk}/{path}", {"filter": condition})) == []


def test_the_list_of_who_comes_is_of_one_event(world, twin):
    by = world.people["owner"]
    vars(by).pop("roles_by_event", None)
    for tenant in ("ours", "twin"):
        _, rows = table_of(world.rows[tenant]["event"], "attendees", by=by)
        assert [row[0] for row in rows] == [world.rows[tenant]["order"].identifier]
