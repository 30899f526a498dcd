"""What ties a row to its event, its order and its people is said once, when it is made."""

import pytest

from openevent.core.registry import registry
from tests.contract.world import linkage

FIXED = ("event", "order", "user", "creator", "owner")
TIES = [
    (kind, name)
    for kind in sorted(registry.by_type)
    for name, relation in registry.by_type[kind].serializer.relations().items()
    if name in FIXED and relation.column and not relation.many and registry.of(relation.model)
]


@pytest.mark.parametrize(("kind", "name"), TIES)
@pytest.mark.parametrize("who", ["owner", "buyer", "speaker", "superadmin"])
def test_nobody_ties_a_row_to_something_else(world, kind, name, who):
    row = world.rows["ours"][kind]
    relation = registry.by_type[kind].serializer.relations()[name]
    target = registry.of(relation.model).type
    other = world.people["eve"] if target == "user" else world.rows["theirs"][target]
    before, api, address = getattr(row, relation.column), world.api(who), world.address(kind)
    document = {"data": {"type": kind, "id": str(row.pk), "attributes": {relation.column: other.pk, name: other.pk}}}
    document["data"]["relationships"] = {relation.json_name: {"data": linkage(other)}}
    api.patch(address, document)
    api.patch(f"{address}/relationships/{relation.json_name}", {"data": linkage(other)})
    api.patch(f"{address}/relationships/{relation.json_name}", {"data": None})
    api.delete(f"{address}/relationships/{relation.json_name}", {"data": linkage(other)})
    assert getattr(type(row).objects.get(pk=row.pk), relation.column) == before
