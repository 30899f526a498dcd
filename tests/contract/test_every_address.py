"""Every address of the contract answers to each of its methods: the odd spellings, and what never worked before."""

import re
from pathlib import Path

import pytest
import yaml
from django.db import transaction

from openevent.core.registry import registry
from tests.contract.conftest import Undo

pytestmark = pytest.mark.once

CONTRACT = yaml.safe_load((Path(__file__).parent / "v1.yaml").read_text())["resources"]
RESOURCES = {path: resource for resource in registry.resources for path in (resource.path, *resource.also)}
# These named no relationship of their type and failed, or begin with rows of a type that was never served, so that
# nobody has an id: what has no meaning now is a clean 404.
NOWHERE = {"/notification-actions/{notification_action_id}/notification"} | {
    path.rstrip("/")
    for spec in CONTRACT.values()
    for route in spec["routes"]
    for path in route.get("broken_paths_500", ())
}
# A row may be changed at its own address, not at that of a list in which it stands: the contract has both there, of
# which the second never answered.
SHADOWED = {
    "/custom-system-roles/{custom_system_role_id}/panel-permissions",
    "/panel-permissions/{role_id}/custom-system-roles",
}


def addresses(kind):
    """(address with its gaps, methods) of a type; an address may stand in the contract more than once."""
    found = {}
    for route in CONTRACT[kind]["routes"]:
        for path in route["paths"]:
            found.setdefault(path.rstrip("/"), set()).update(route["auth"])
    return found.items()


def filled(world, path):
    """The address of our event's rows: the first gap is a row of the type that the address begins with."""
    resource = RESOURCES.get(path.split("/")[1])
    row = resource and world.rows["ours"].get(resource.type)
    if resource is None or ("{" in path and row is None):
        return f"/v1{path}"
    if path.endswith("{code}"):
        path = path.replace("{code}", world.rows["ours"][path.split("/")[-2].removesuffix("s")].code)
    key = row and (row.identifier if re.search(r"{[a-z_]*identifier}", path) else resource.viewset.key_of(row))
    return "/v1" + re.sub(r"{\w+}", str(key), path)


def status_of(world, method, address):
    """What the highest of all is answered; nothing of it stays."""
    try:
        with transaction.atomic():
            status = world.api("superadmin").send(method, address, {"data": "no object"}).status_code
            raise Undo
    except Undo:
        return status


def nothing_stands_at(world, address):
    """An empty to-one relation: there is nothing to change or to remove."""
    return world.api("superadmin").get(address).content.startswith(b'{"data":null,')


@pytest.mark.parametrize("kind", CONTRACT)
def test_every_address_of_the_contract_answers(world, kind):
    wrong = {}
    for path, methods in addresses(kind):
        for method in sorted(methods):
            status = status_of(world, method, filled(world, path))
            refused = {400, 403, 409, 422} if method != "GET" else set()
            if path in NOWHERE:
                refused.add(404)
            if method in ("PATCH", "DELETE") and nothing_stands_at(world, filled(world, path)):
                refused.add(404)
            if path in SHADOWED and method in ("PATCH", "DELETE"):
                refused.add(405)
            if status not in {200, *refused}:
                wrong[f"{method} {path}"] = status
    assert wrong == {}
