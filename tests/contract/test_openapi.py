"""The OpenAPI document: valid, and it has every address under /v1 with its methods and nothing else."""

import gzip
import json
import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve
from openapi_spec_validator import OpenAPIV31SpecValidator

from openevent.api_document import document
from openevent.core.errors import answer_unknown_path
from openevent.core.registry import registry
from openevent.core.viewsets import ResourceViewSet

METHODS = ("get", "post", "patch", "delete")
PATHS = document()["paths"]
SERVED = r"^(v1/|auth/)"
RELATIONS = [
    (resource, relation)
    for resource in registry.resources
    for relation in resource.serializer.relations().values()
    if registry.of(relation.model)
]


def patterns(resolver=None, before=""):
    """Every URL pattern as (its regular expression, its callback)."""
    for each in (resolver or get_resolver()).url_patterns:
        here = before + each.pattern.regex.pattern.lstrip("^").removesuffix(r"\Z").replace("\\/", "/")
        if isinstance(each, URLResolver):
            yield from patterns(each, here)
        else:
            yield here, each.callback


API = [
    (pattern, callback)
    for pattern, callback in patterns()
    if re.match(SERVED, pattern) and callback is not answer_unknown_path
]


def methods_of(callback):
    if actions := getattr(callback, "actions", None):
        return set(actions) & set(METHODS)
    return {method for method in METHODS if hasattr(callback.cls, method)}


def filled(path):
    """An address with a value in each of its places that fits its pattern."""
    for value in ("1", "a1", "a"):
        address = re.sub(r"{\w+}", value, path)
        if resolve(address).func is not answer_unknown_path:
            return address
    raise AssertionError(f"{path} is no address")


def test_the_document_is_valid_openapi():
    OpenAPIV31SpecValidator(document()).validate()


def test_the_command_writes_the_same_document_without_a_warning(tmp_path):
    target = tmp_path / "openapi.json"
    call_command("spectacular", format="openapi-json", file=str(target), fail_on_warn=True, validate=True)
    assert json.loads(target.read_text()) == json.loads(json.dumps(document()))


def test_every_address_of_the_document_is_served_with_its_methods():
    missing = {
        (path, method)
        for path, operations in PATHS.items()
        for method in operations
        if method not in methods_of(resolve(filled(path)).func)
    }
    assert missing == set()


def test_every_pattern_of_the_url_map_is_in_the_document_with_its_methods():
    assert [pattern for pattern, callback in API if not hasattr(callback, "cls")] == []
    described = {}
    for path, operations in PATHS.items():
        described.setdefault(resolve(filled(path)).func, set()).update(operations)
    untold = {
        (pattern, method)
        for pattern, callback in API
        for method in methods_of(callback)
        if not is_of_relations(callback) and method not in described.get(callback, ())
    }
    # A ticket's papers are reached under `/v1/tickets` by the order's identifier: two answers at one address.
    assert untold == {("v1/tickets/(?P<key>[A-Za-z][A-Za-z0-9-]*)$", "get")}


def is_of_relations(callback):
    return bool({"related", "relationship"} & set(getattr(callback, "actions", {}).values()))


@pytest.mark.parametrize(
    ("resource", "relation"), RELATIONS, ids=[f"{each.type}.{relation.name}" for each, relation in RELATIONS]
)
def test_a_relation_is_described_with_the_methods_that_it_answers(world, resource, relation):
    api = world.api("superadmin")
    for path in (resource.path, *getattr(resource, "also", ())):
        for last in (relation.url_name, f"relationships/{relation.json_name}"):
            address = f"/v1/{path}/{{key}}/{last}"
            if not is_of_relations(resolve(filled(address)).func):
                continue  # a verb of the same name has gone before
            answers = {method: api.send(method.upper(), address.format(key=0), {}).status_code for method in METHODS}
            assert {method for method in METHODS if answers[method] != 405} == PATHS[address].keys(), address


def test_every_operation_has_an_id_of_its_own_and_refusals():
    operations = [operation for each in PATHS.values() for operation in each.values()]
    ids = [operation["operationId"] for operation in operations]
    assert len(set(ids)) == len(ids)
    assert [each["operationId"] for each in operations if not {"401", "404"} <= each["responses"].keys()] == []


@pytest.mark.parametrize("kind", sorted(registry.by_type))
def test_a_row_that_is_read_fits_its_schema(world, kind):
    schema = document()["components"]["schemas"]
    answer = world.api("superadmin").get(world.address(kind)).json()
    name = next(
        name
        for name, each in schema.items()
        if each.get("properties", {}).get("type") == {"const": kind} and "attributes" in each["properties"]
    )
    described = schema[name]["properties"]
    assert answer["data"]["attributes"].keys() <= described["attributes"]["properties"].keys()
    assert answer["data"]["relationships"].keys() == described["relationships"]["properties"].keys()


@pytest.mark.once
def test_the_document_is_served_once_made_and_compressed():
    client = Client()
    plain = client.get("/v1/schema")
    assert json.loads(plain.content)["openapi"] == "3.1.0"
    packed = client.get("/v1/schema", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.content) == plain.content
    assert client.get("/v1/schema", headers={"If-None-Match": plain["ETag"]}).status_code == 304


def test_every_resource_view_is_described_by_its_serializer():
    kinds = {callback.cls for _, callback in API if issubclass(callback.cls, ResourceViewSet)}
    assert kinds == {resource.viewset for resource in registry.resources}
