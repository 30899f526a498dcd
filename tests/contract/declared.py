"""What the original declares, what we declare, and every point at which the two differ."""

import re
from functools import cache
from pathlib import Path

import yaml

from openevent.api_document import document
from openevent.core.describing import component_name
from openevent.core.registry import registry
from openevent.core.writing import same_type

CONTRACT = yaml.safe_load((Path(__file__).parent / "v1.yaml").read_text())["resources"]
PLAIN = yaml.safe_load((Path(__file__).parent / "plain.yaml").read_text())
DOCUMENTS = {"charge"}  # of one endpoint, which says itself what they hold
TYPES = [kind for kind, spec in CONTRACT.items() if "attributes" in spec and kind not in DOCUMENTS]
KINDS = {  # JSON's types for the kinds of the contract; what it calls computed may be anything
    "string": {"string"},
    "url": {"string"},
    "email": {"string"},
    "datetime": {"string"},
    "bool": {"boolean"},
    "int": {"integer"},
    "float": {"number"},
    "json list": {"array", None},
    "json": {"object", None},
    "json(flat str/bool/number/null map)": {"object", None},
}
MOMENTS = ("now", "random", "generated")  # defaults that are made, not written down


@cache
def differences():
    """{point: (theirs, ours)}; a point reads `ticket.price default`, `event route /events`, …"""
    found = {}
    for kind in TYPES:
        if kind not in registry.by_type:
            found[f"{kind} missing"] = ("served", "not served")
            continue
        found |= {f"{kind}.{point}": pair for point, pair in attribute_differences(kind).items()}
        found |= {f"{kind}.{point}": pair for point, pair in relationship_differences(kind).items()}
    return found | route_differences()


# ── Attributes ───────────────────────────────────────────────────────────────────────────────────


def component(kind, suffix=""):
    return document()["components"]["schemas"].get(component_name(kind) + suffix)


def attributes_of(kind, suffix=""):
    found = component(kind, suffix)
    found = found["properties"]["data"] if found and suffix else found
    return found["properties"]["attributes"] if found else {"properties": {}}


def attribute_differences(kind):
    read, new, change = (attributes_of(kind, suffix) for suffix in ("", "New", "Change"))
    found = {}
    for name, theirs in CONTRACT[kind]["attributes"].items():
        ours = read["properties"].get(name) or change["properties"].get(name)
        if ours is None:
            found[f"{name} missing"] = ("there", "missing")
            continue
        is_written = name in change["properties"] or name in new["properties"]
        points = {
            "kind": (theirs["kind"], kind_of(ours), is_of_kind(ours, theirs["kind"])),
            "read-only": (bool(theirs.get("ro")), not is_written, bool(theirs.get("ro")) != is_written),
            "write-only": (bool(theirs.get("wo")), name not in read["properties"], None),
            "required": (bool(theirs.get("req")), name in new.get("required", ()), None),
        }
        if theirs.get("null") and not theirs.get("ro"):
            takes = accepts_null(ours) or name not in new.get("required", ())
            points["null"] = ("taken", "taken" if takes else "refused", takes)
        if theirs.get("db_notnull") and not theirs.get("null"):
            points["null"] = ("never", "sometimes" if accepts_null(ours) else "never", not accepts_null(ours))
        if "default" in theirs and theirs["default"] not in MOMENTS and is_written:
            points["default"] = (theirs["default"], ours.get("default"), same(theirs["default"], ours.get("default")))
        if "enum" in theirs:
            choices = {choice for choice in ours.get("enum", ()) if choice not in ("", None)}
            points["enum"] = (sorted(theirs["enum"]), sorted(choices), set(theirs["enum"]) == choices)
        for point, (wanted, there, is_same) in points.items():
            if not (wanted == there if is_same is None else is_same):
                found[f"{name} {point}"] = (wanted, there)
    return found


def types_of(schema):
    """JSON's types that a value may have; None where it may be anything."""
    if choices := schema.get("oneOf") or schema.get("anyOf"):
        return set().union(*map(types_of, choices))
    kind = schema.get("type")
    return {kind} if isinstance(kind, str) or kind is None else set(kind)


def kind_of(schema):
    return "/".join(sorted(str(kind) for kind in types_of(schema) - {"null"}))


def is_of_kind(schema, kind):
    return kind == "computed" or (bool(types_of(schema) - {"null"}) and types_of(schema) - {"null"} <= KINDS[kind])


def accepts_null(schema):
    return bool({"null", None} & types_of(schema))


def same(theirs, ours):
    return theirs == ours or (isinstance(theirs, int | float) and isinstance(ours, int | float) and theirs == ours)


# ── Relationships ────────────────────────────────────────────────────────────────────────────────


def relationship_differences(kind):
    relations, found = registry.by_type[kind].serializer.relations(), {}
    for name, theirs in (CONTRACT[kind].get("relationships") or {}).items():
        ours = relations.get(name.replace("-", "_"))
        target = ours and registry.of(ours.model)
        if target is None:
            found[f"{name} missing"] = (theirs["to"], "missing")
        elif ours.many != theirs["many"]:
            found[f"{name} many"] = (theirs["many"], ours.many)
        elif not same_type(target.type, theirs["to"]):
            found[f"{name} type"] = (theirs["to"], target.type)
    return found


# ── Routes ───────────────────────────────────────────────────────────────────────────────────────


def shape(path):
    return re.sub(r"{\w+}", "{}", path).replace("_", "-").rstrip("/")


# Below a type that the original itself had given up.
FROM_NOWHERE = {"/notification-actions/{notification_action_id}/notification"}


def routes():
    """(address, methods) of the original, without those that never worked."""
    for spec in CONTRACT.values():
        for route in spec["routes"]:
            for path in set(route["paths"]) - set(route.get("broken_paths_500", ())) - FROM_NOWHERE:
                yield f"/v1{path}", route["auth"]
    yield from PLAIN.items()


def route_differences():
    ours = {}
    for path, operations in document()["paths"].items():
        ours.setdefault(shape(path), set()).update(method.upper() for method in operations)
    return {
        f"{method} {path}": ("served", "405" if shape(path) in ours else "no such address")
        for path, methods in routes()
        for method in methods
        if method not in ours.get(shape(path), ())
    }
