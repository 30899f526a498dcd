"""What the operations of the OpenAPI document refer to: documents, parameters, refusals, and how to sign in."""

from decimal import Decimal
from typing import get_args, get_type_hints, is_typeddict

from django.conf import settings
from django.db.models import NOT_PROVIDED
from drf_spectacular.openapi import AutoSchema

from openevent.core.describing import KINDS, component_name, schema_of
from openevent.core.filters import COMPARISONS, MOST_GAPS, NEGATED
from openevent.core.negotiation import JSONAPI
from openevent.core.parameters import AT_MOST, AT_MOST_UNDER_A_PARENT, DEPTH, PAGE_SIZE, sortable
from openevent.core.refusals import TITLES
from openevent.core.registry import registry
from openevent.core.serializers import fields_of

NAME = "[A-Za-z][A-Za-z0-9_-]*"
TEXT, NUMBER = KINDS[str], {"type": "integer", "minimum": 0}
OPERATORS = [*COMPARISONS, "like", "ilike", "in", "between", "is", *NEGATED, "has", "any"]

FILTER = f"""A list of conditions as JSON; all of them hold.

A condition is one of

- `{{"name": attribute, "op": operator, "val": value}}`, or with `"field": attribute` in place of `val`,
- `{{"name": relationship, "op": "has" | "any", "val": condition}}`: a row that fulfils it stands at the other end,
- `{{"or": [conditions]}}`, `{{"and": [conditions]}}`, `{{"not": condition}}`.

Operators: {", ".join(f"`{name}`" for name in OPERATORS)}. `like` and `ilike` take `%` for any text, {MOST_GAPS} times
at most; `in` takes a list, `between` two values. Names are written with dashes or underscores. What one may not read
cannot be found by a filter."""

INTRODUCTION = f"""JSON:API 1.0 under `/v1`, with plain JSON at the addresses that are verbs.

- **Media type.** Documents are `application/vnd.api+json`, by that exact name. Names have dashes, ids are texts.
- **Signing in.** `POST /auth/session` answers an `access_token`; send it as `Authorization: JWT <token>`.
- **Whose rows.** One sees what one may see: a hidden row answers 404, in lists, relations, `include` and filters alike.
  An act that is refused on a visible row answers 403, a write without signing in 401.
- **Private attributes** (`x-private`) are left out for whoever sees a row and may not read them.
- **Writing.** `PATCH` changes what is named and leaves the rest. A document may be sent back as it was read: what
  cannot be written is left as it is. Events and orders are named by number or by identifier.
- **Pages.** `page[size]` ({PAGE_SIZE}) and `page[number]`; `meta.count` is the number of all rows.
- **Tags.** Every `GET` of rows has an `ETag` for `If-None-Match`; writes take it as `If-Match`.
- **Errors.** Always `{{"errors": [{{"status", "title", "detail", "source"}}]}}`; `source` points at the member, or
  names the parameter, that is to blame. Besides what is listed, any address may answer 405, 429 and 503."""


def ref(name, section="schemas"):
    return {"$ref": f"#/components/{section}/{name}"}


def obj(properties, *needed, **more):
    return {"type": "object", "properties": properties, **({"required": list(needed)} if needed else {}), **more}


def in_query(name, schema, description, **more):
    return {"name": name, "in": "query", "schema": schema, "description": description, **more}


PARAMETERS = {
    "filter": {
        "name": "filter",
        "in": "query",
        "description": FILTER,
        "content": {"application/json": {"schema": ref("Filter")}},
    },
    "page_size": in_query(
        "page[size]",
        {**NUMBER, "default": PAGE_SIZE},
        f"Rows in one answer. 0 is as many as it may hold: {AT_MOST}, or {AT_MOST_UNDER_A_PARENT} under a parent.",
    ),
    "page_number": in_query("page[number]", {"type": "integer", "minimum": 1, "default": 1}, "Pages count from 1."),
    "get_trashed": in_query(
        "get_trashed", {"enum": ["true"]}, "Deleted rows too. Heard from staff, else without effect."
    ),
    "permanent": in_query("permanent", {"enum": ["true"]}, "For good. Heard from staff, else without effect."),
    "If-None-Match": {
        "name": "If-None-Match",
        "in": "header",
        "schema": TEXT,
        "description": "The `ETag` of an answer that you have: 304 if it is still what you would get.",
    },
    "If-Match": {
        "name": "If-Match",
        "in": "header",
        "schema": TEXT,
        "description": "The `ETag` of what you want to change: 412, and nothing done, if it has changed meanwhile.",
    },
}

SCHEMAS = {
    "Filter": {"oneOf": [ref("Condition"), {"type": "array", "items": ref("Condition")}]},
    "Condition": {
        "oneOf": [
            obj({"name": TEXT, "op": {"enum": OPERATORS}, "val": {}, "field": TEXT}, "name", "op"),
            obj({"or": {"type": "array", "items": ref("Condition")}}, "or"),
            obj({"and": {"type": "array", "items": ref("Condition")}}, "and"),
            obj({"not": ref("Condition")}, "not"),
        ]
    },
    "Version": obj({"version": {"const": "1.0"}}, "version"),
    "AnyDocument": obj({"data": {}, "jsonapi": ref("Version")}, "data"),
    "PageLinks": obj(dict.fromkeys(("self", "first", "last", "prev", "next"), TEXT), "self"),
    "RelationLinks": obj({"self": TEXT, "related": TEXT}, "self", "related"),
    "Included": obj({"type": TEXT, "id": TEXT, "attributes": {"type": "object"}}, "type", "id", "attributes"),
    "NotServed": obj(
        {"links": ref("RelationLinks")}, description="Links to a type that is not served: they answer 404."
    ),
    "Deleted": obj({"meta": obj({"message": TEXT}, "message"), "jsonapi": ref("Version")}, "meta"),
    "Error": obj(
        {
            "status": {"type": ["integer", "string"], "description": "A number; a text in the 422 of sign-up alone."},
            "title": TEXT,
            "detail": {**TEXT, "description": "For people."},
            "code": {**TEXT, "description": "For programs, where there is one."},
            "source": obj({"pointer": TEXT, "parameter": TEXT, "code": TEXT}),
        },
        *("status", "title", "detail", "source"),
    ),
    "Errors": obj(
        {"errors": {"type": "array", "items": ref("Error"), "minItems": 1}, "jsonapi": ref("Version")}, "errors"
    ),
}


def refused(status):
    if status == 304:
        return {"description": "Nothing has changed."}
    answer = {"description": TITLES[status], "content": {JSONAPI: {"schema": ref("Errors")}}}
    if status == 429:
        answer["headers"] = {"Retry-After": {"schema": NUMBER, "description": "Seconds to wait."}}
    return answer


def security_schemes():
    return {
        "token": {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`JWT ` and the `access_token` of `POST /auth/session`.",
        },
        "cookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "The session of the pages; writes send the CSRF token as `X-CSRFToken` too.",
        },
    }


class Described:
    """One resource: its row as it is read, made and changed, and the parameters that name its fields."""

    def __init__(self, resource):
        self.resource, self.serializer = resource, resource.serializer
        self.name = component_name(resource.type)
        self.fields, self.relations = fields_of(self.serializer), self.serializer.relations()

    def schemas(self):
        verbs = self.resource.viewset.verbs
        found = {
            self.name: self.row(),
            f"{self.name}Document": self.document(ref(self.name)),
            f"{self.name}List": self.document(
                {"type": "array", "items": ref(self.name)}, meta=obj({"count": NUMBER}, "count"), links=ref("PageLinks")
            ),
            f"{self.name}Change": self.sent(is_new=False),
            f"{self.name}Identifier": obj({"type": {"const": self.resource.type}, "id": TEXT}, "type", "id"),
            f"{self.name}Link": self.linked({"oneOf": [{"type": "null"}, ref(f"{self.name}Identifier")]}),
            f"{self.name}Links": self.linked({"type": "array", "items": ref(f"{self.name}Identifier")}),
        }
        return found | ({f"{self.name}New": self.sent(is_new=True)} if "create" in verbs else {})

    def document(self, data, **more):
        properties = {
            "data": data,
            "included": {"type": "array", "items": ref("Included")},
            "links": {"type": "object"},
            "jsonapi": ref("Version"),
            **more,
        }
        return obj(properties, "data", "jsonapi")

    def linked(self, data):
        """A relationship that leads here: its links, and what stands there where that is told or written."""
        return obj({"links": ref("RelationLinks"), "data": data})

    # ── A row ────────────────────────────────────────────────────────────────────────────────────

    def attributes(self):
        """{name: schema} of what may be read or written; `readOnly` and `writeOnly` as OpenAPI has them."""
        private = self.serializer.option("private_fields")
        found = {}
        for name, field in self.fields.items():
            if name not in self.relations:
                schema = AutoSchema()._map_serializer_field(field, "response")
                if (default := self.default_of(field)) is not None and not field.read_only:
                    schema["default"] = default
                found[name] = {**schema, "x-private": True} if name in private else schema
        for name, batch in self.serializer.batches().items():
            found[name] = {**batch_schema(batch, name), "readOnly": True, "x-private": True}
        return {dashed(name): plain(schema) for name, schema in found.items()}

    def default_of(self, field):
        column = next((each for each in self.columns() if each.name == field.source), None)
        default = NOT_PROVIDED if column is None else column.default
        if default is NOT_PROVIDED or callable(default) or default is None:
            return None
        return field.to_representation(default)

    def columns(self):
        return self.serializer.Meta.model._meta.concrete_fields

    def row(self):
        shown = {name: schema for name, schema in self.attributes().items() if not schema.get("writeOnly")}
        properties = {
            "type": {"const": self.resource.type},
            "id": TEXT,
            "attributes": obj(shown),
            "relationships": obj({dashed(name): link_of(relation) for name, relation in self.relations.items()}),
            "links": obj({"self": TEXT}, "self"),
        }
        return obj(properties, *properties)

    def sent(self, *, is_new):
        """The document of a write. Only staff bring back what is deleted; others may set `deleted-at`."""
        shown = self.attributes()
        taken = {name: schema for name, schema in shown.items() if not schema.get("readOnly")}
        if not is_new and "deleted-at" in shown:
            taken["deleted-at"] = {**shown["deleted-at"], "readOnly": False}
        links = {name: relation for name, relation in self.relations.items() if name in self.fields}
        needed = {name for name, field in self.fields.items() if is_new and field.required and not field.read_only}
        attributes = obj(taken, *(name for name in taken if name.replace("-", "_") in needed))
        relationships = obj(
            {dashed(name): told(link_of(relation)) for name, relation in links.items()},
            *(dashed(name) for name in links if name in needed),
        )
        members = {"type": {"const": self.resource.type}, "attributes": attributes, "relationships": relationships}
        wanted = [member for member in ("attributes", "relationships") if "required" in members[member]]
        if not is_new:
            members["id"] = {"type": ["string", "integer"]}
            wanted = ["id"]
        return obj({"data": obj(members, "type", *wanted)}, "data")

    # ── Parameters ───────────────────────────────────────────────────────────────────────────────

    def parameters(self):
        keys = [dashed(name) for name in sortable(self.serializer)]
        links = [dashed(name) for name in self.relations]
        shown = [*self.attributes(), *links]
        steps = f"^{NAME}(\\.{NAME}){{1,{DEPTH - 1}}}$"
        return {
            f"{self.name}Sort": listed(
                "sort",
                {"anyOf": [{"enum": [*keys, *(f"-{key}" for key in keys)]}, {"pattern": f"^-?{NAME}\\.{NAME}$"}]},
                "Ordered by these, `-` from the end; `relationship.attribute` for a relation to one row.",
            ),
            f"{self.name}Include": listed(
                "include",
                {"anyOf": [{"enum": links}, {"pattern": steps}]} if links else {"pattern": steps},
                f"Rows at the other end of these, in `included`; `a.b` goes on from there, {DEPTH} steps at most.",
            ),
            f"{self.name}Fields": listed(
                f"fields[{self.resource.type}]",
                {"enum": ["id", *shown]},
                "Only these attributes and relationships; in the same way for each type that is included.",
            ),
        }


def link_of(relation):
    """The component for what a relation leads to."""
    target = registry.of(relation.model)
    return ref(component_name(target.type) + ("Links" if relation.many else "Link")) if target else ref("NotServed")


def told(link):
    """A relationship with what stands there, as every write and every address of a link has it."""
    return {**link, "required": ["data"]}


def listed(name, items, description):
    schema = {"type": "array", "items": {"type": "string", **items}}
    return in_query(name, schema, description, style="form", explode=False)


def batch_schema(batch, name):
    """What a batch says of an attribute: `-> dict[int, dict[str, bool]]`, or a `TypedDict` of several kinds."""
    values = (*get_args(get_type_hints(batch).get("return")), None, None)[1]
    kind = get_type_hints(values).get(name) if is_typeddict(values) else (*get_args(values), None, None)[1]
    return schema_of(kind) if kind else {}


def plain(schema):
    """Without what spectacular keeps for itself, choices between anything and nothing, and Decimal."""
    left_out = {"x-spec-enum-id"} | ({"oneOf"} if schema.get("oneOf") == [{}, {"type": "null"}] else set())
    kept = {name: each for name, each in schema.items() if name not in left_out}
    return {name: float(each) if isinstance(each, Decimal) else each for name, each in kept.items()}


def dashed(name):
    return name.replace("_", "-")
