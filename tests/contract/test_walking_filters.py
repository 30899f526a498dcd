"""No filter finds what one may not read: every attribute of every type, and one step over each relation."""

import json
from urllib.parse import urlencode

import pytest

from openevent.core.filters import read_filter
from openevent.core.refusals import Refused
from openevent.core.registry import registry
from tests.contract.test_matrix import document_of, ids_in, served_relations
from tests.contract.test_permissions import TYPES

STRANGERS = ("anonymous", "eve", "organizer-elsewhere", "buyer")


def list_of(world, kind):
    """An address that lists rows of this type, among them ours; None for types that stand nowhere in a list."""
    if "list" in registry.by_type[kind].viewset.verbs:
        return f"/v1/{registry.by_type[kind].path}?page[size]=0"
    for relation in registry.by_type["event"].serializer.relations().values():
        if relation.many and relation.model is registry.by_type[kind].model and relation.lookup == "event":
            return f"{world.address('event')}/{relation.url_name}?page[size]=0"
    return None


ASKED = [kind for kind in TYPES if "retrieve" in registry.by_type[kind].viewset.verbs]


def unreadable(world, kind, tenant, who):
    """Conditions that hold for a row by what this person cannot read of it: by all of it where it is hidden."""
    resource = registry.by_type[kind]
    address = resource.address(world.rows[tenant][kind])
    full = document_of(world.ask("superadmin", "GET", address))["data"]
    answer = world.ask(who, "GET", address)
    shown = {"id", *document_of(answer)["data"]["attributes"]} if answer.status_code == 200 else set()
    values = {"id": full["id"], **full["attributes"]}
    conditions = [{"name": name, "op": "eq", "val": value} for name, value in values.items() if name not in shown]
    return [each for each in conditions if each["val"] is not None and is_understood(world, resource.serializer, each)]


def is_understood(world, serializer, condition):
    try:
        return read_filter(json.dumps([condition]), serializer, world.people["superadmin"]) is not None
    except Refused:
        return False


def found(world, who, address, condition):
    answer = world.ask(who, "GET", f"{address}&{urlencode({'filter': json.dumps([condition])})}")
    assert answer.status_code == 200 or (answer.status_code, who) == (401, "anonymous"), answer.content
    return ids_in(document_of(answer))


@pytest.mark.parametrize("kind", [kind for kind in ASKED if "list" in registry.by_type[kind].viewset.verbs])
def test_no_filter_finds_a_row_by_what_one_cannot_read_of_it(world, kind):
    address = list_of(world, kind)
    for tenant in ("ours", "theirs"):
        for who in STRANGERS:
            if asked := unreadable(world, kind, tenant, who):
                assert str(world.rows[tenant][kind].pk) not in found(world, who, address, {"or": asked}), (who, asked)


@pytest.mark.parametrize("kind", [kind for kind in ASKED if served_relations(kind)])
def test_no_filter_over_a_relation_finds_a_row_by_what_one_cannot_read_at_the_far_end(world, kind):
    address = list_of(world, kind)
    if address is None:
        return
    for tenant in ("ours", "theirs"):
        near, asked_of = str(world.rows[tenant][kind].pk), {}
        for relation in served_relations(kind):
            target = registry.of(relation.model).type
            if target not in ASKED or target not in world.rows[tenant]:
                continue
            for who in STRANGERS:
                if (who, target) not in asked_of:
                    asked_of[who, target] = unreadable(world, target, tenant, who)
                this = {"name": "id", "op": "eq", "val": str(world.rows[tenant][target].pk)}
                secret = {"and": [this, {"or": asked_of[who, target]}]}
                if asked_of[who, target]:
                    condition = {"name": relation.json_name, "op": "any", "val": secret}
                    assert near not in found(world, who, address, condition), (who, condition)
