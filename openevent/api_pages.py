"""`/docs/`: the OpenAPI document as pages of our own, one for each type, that need no script."""

import json
import re
from dataclasses import dataclass, field
from functools import cache

from django.http import Http404
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import mark_safe

from openevent.api_document import document
from openevent.core.describing import component_name
from openevent.core.negotiation import JSON
from openevent.core.openapi_parts import FILTER, INTRODUCTION
from openevent.core.registry import registry

WORDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "flag", "object": "object"}
FORMATS = {"date-time": "moment", "date": "day", "uri": "URL", "email": "e-mail address", "binary": "file"}
DEEPEST = 8  # of an example
FIRST = ("get", "post", "patch", "delete")


@dataclass
class Section:
    """What stands under one name: a type's row with its addresses, or a family of plain endpoints."""

    name: str
    attributes: list = field(default_factory=list)
    relations: list = field(default_factory=list)
    operations: list = field(default_factory=list)

    @property
    def is_type(self):
        return self.name in registry.by_type


@cache
def sections():
    found = {}
    for path, operations in document()["paths"].items():
        for method in sorted(operations, key=FIRST.index):
            operation = operations[method]
            name = operation["tags"][0]
            section = found.setdefault(name, Section(name))
            if name not in registry.by_type or not leads_to_relation(registry.by_type[name], path):
                section.operations.append(shown(path, method, operation))
    for name, section in found.items():
        if section.is_type:
            section.attributes = attributes_of(component_name(name))
            section.relations = relations_of(registry.by_type[name])
    return dict(sorted(found.items()))


def leads_to_relation(resource, path):
    _, _, first, *rest = path.split("/")
    names = {relation.url_name for relation in resource.serializer.relations().values()}
    related = len(rest) == 2 and rest[1] in names and registry.of(relation_named(resource, rest[1]).model)
    return first in (resource.path, *resource.also) and bool(related or rest[1:2] == ["relationships"])


def relation_named(resource, name):
    return next(each for each in resource.serializer.relations().values() if each.url_name == name)


# ── A type ───────────────────────────────────────────────────────────────────────────────────────


def attributes_of(name):
    schemas = document()["components"]["schemas"]
    read = schemas[name]["properties"]["attributes"]["properties"]
    sent = {suffix: members_of(schemas.get(f"{name}{suffix}"), "attributes") for suffix in ("New", "Change")}
    every = {**sent["New"].get("properties", {}), **sent["Change"].get("properties", {}), **read}
    return [
        {
            "name": attribute,
            "kind": kind_of(schema),
            "choices": [choice for choice in schema.get("enum", ()) if choice not in ("", None)],
            "is_required": attribute in sent["New"].get("required", ()),
            "is_read_only": not any(attribute in each.get("properties", ()) for each in sent.values()),
            "is_write_only": attribute not in read,
            "is_private": schema.get("x-private", False),
            "takes_null": "null" in schema.get("type", ()),
            "default": "" if schema.get("default") in (None, "") else json.dumps(schema["default"], ensure_ascii=False),
        }
        for attribute, schema in every.items()
    ]


def members_of(schema, member):
    return schema["properties"]["data"]["properties"][member] if schema else {}


def relations_of(resource):
    """The relations of a type, with the methods at their two addresses."""
    paths, found = document()["paths"], []
    for relation in resource.serializer.relations().values():
        if target := registry.of(relation.model):
            addresses = [
                f"/v1/{path}/{{key}}/{last}"
                for path in (resource.path, *resource.also)
                for last in (relation.url_name, f"relationships/{relation.json_name}")
            ]
            found.append(
                {
                    "name": relation.json_name,
                    "type": target.type,
                    "many": relation.many,
                    "addresses": [(path, sorted(paths.get(path, ()), key=FIRST.index)) for path in addresses],
                }
            )
    return found


# ── An operation ─────────────────────────────────────────────────────────────────────────────────


def shown(path, method, operation):
    answers = {status: answer for status, answer in operation["responses"].items() if status < "3"}
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": marked_line(operation.get("summary") or operation.get("description", "").partition("\n")[0]),
        "description": marked(operation.get("description", "")) if operation.get("summary") else "",
        "parameters": [parameter(each) for each in operation.get("parameters", ()) if each.get("in") != "path"],
        "takes": [content(kind, each) for kind, each in operation.get("requestBody", {}).get("content", {}).items()],
        "answers": [
            (status, [content(kind, each) for kind, each in answer.get("content", {}).items()])
            for status, answer in answers.items()
        ],
        "refusals": [status for status in sorted(operation["responses"]) if status >= "3"],
        "needs_sign_in": {} not in operation.get("security", [{}]),
    }


def parameter(described):
    described = resolved(described)
    return {"name": described["name"], "text": marked(described.get("description", ""), at_most=1)}


def content(media_type, described):
    schema = described.get("schema", {})
    is_known = schema.keys() - {"title"} and schema.get("format") != "binary" and schema != {"type": "object"}
    example = example_of(schema, whole=media_type == JSON) if is_known else None
    return {"media_type": media_type, "example": example and json.dumps(example, indent=2, ensure_ascii=False)}


def resolved(schema):
    """What a reference leads to, as far as it is one."""
    while "$ref" in schema:
        section, name = schema["$ref"].split("/")[-2:]
        schema = {**document()["components"][section][name], **{key: schema[key] for key in schema if key != "$ref"}}
    return schema


def example_of(schema, depth=0, *, whole=False):
    """A value that fits: of an object what it must have, or the whole of it."""
    schema = resolved(schema)
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    if choices := schema.get("oneOf") or schema.get("anyOf"):
        return example_of(next(each for each in choices if each != {"type": "null"}), depth, whole=whole)
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        members = schema.get("properties", {})
        names = members if whole else schema.get("required", ())
        return {name: example_of(members[name], depth + 1, whole=whole) for name in names} if depth < DEEPEST else {}
    if kind == "array":
        return [example_of(schema.get("items", {}), depth + 1, whole=whole)]
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    if kind == "boolean":
        return True
    return {"date-time": "2030-05-01T09:00:00Z", "date": "2030-05-01", "uri": "https://example.org/"}.get(
        schema.get("format"), "…"
    )


def kind_of(schema):
    if schema.get("enum"):
        return "one of"
    kind = schema.get("type")
    kind = next((each for each in kind if each != "null"), None) if isinstance(kind, list) else kind
    return FORMATS.get(schema.get("format")) or WORDS.get(kind, "list" if kind == "array" else "any JSON")


# ── Texts ────────────────────────────────────────────────────────────────────────────────────────


def marked(text, at_most=None):
    """Paragraphs, lists, `code` and **weight** of our own texts as HTML."""
    blocks = text.strip().split("\n\n")[:at_most]
    return mark_safe("".join(map(block, filter(None, blocks))))  # noqa: S308  every letter of it is escaped


def marked_line(text):
    return mark_safe(inline(text))  # noqa: S308  every letter of it is escaped


def block(text):
    if text.startswith("- "):
        entries = re.split(r"\n?^- ", text, flags=re.MULTILINE)[1:]
        return f"<ul>{''.join(f'<li>{inline(entry)}</li>' for entry in entries)}</ul>"
    return f"<p>{inline(text)}</p>"


def inline(text):
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
    return re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", text)


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────


def index(request):
    found = sections().values()
    shown = {
        "types": [section for section in found if section.is_type],
        "others": [section for section in found if not section.is_type],
        "introduction": marked(INTRODUCTION),
        "filtering": marked(FILTER),
        "count": sum(len(operations) for operations in document()["paths"].values()),
    }
    return render(request, "docs/index.html", shown)


def section(request, name):
    if name not in sections():
        raise Http404
    return render(request, "docs/section.html", {"section": sections()[name]})
