"""What an endpoint that is no resource says of itself, beside its view: what it takes and what it answers.

    @says(takes={"email": str}, answers={"exists": bool})
    def post(self, request): …

A shape is written as its value would be: a type of Python, `str | None`, `{"name": shape}` with a question mark behind
the names that may be missing, `[shape]` for a list, a tuple of the only texts that there are. An answer may also be a
media type ("application/pdf"), or a document of JSON:API: `Document("order")`, or its media type for one of any type.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, get_args

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema

from openevent.core.negotiation import JSON, JSONAPI

KINDS = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    Decimal: {"type": "number"},
    bool: {"type": "boolean"},
    datetime.date: {"type": "string", "format": "date"},
    datetime.datetime: {"type": "string", "format": "date-time"},
    dict: {"type": "object"},
    list: {"type": "array", "items": {}},
    bytes: {"type": "string", "contentMediaType": "application/octet-stream"},
    NoneType: {"type": "null"},
    Any: {},
}


@dataclass(frozen=True)
class Document:
    """A document of JSON:API with one row of this type, or with a list of them; `state` New or Change as it is sent."""

    type: str
    many: bool = False
    state: str = "Document"


@dataclass(frozen=True)
class OrNull:
    """Such a value, or null."""

    shape: Any


def component_name(kind):
    """`users-events-roles` as components are named: UsersEventsRoles."""
    return "".join(part[:1].upper() + part[1:] for part in kind.replace("_", "-").split("-"))


def schema_of(shape):
    """JSON Schema of a shape."""
    if isinstance(shape, Document):
        name = component_name(shape.type) + ("List" if shape.many else shape.state)
        return {"$ref": f"#/components/schemas/{name}"}
    if isinstance(shape, dict):
        needed = [name for name in shape if not name.endswith("?")]
        schema = {"type": "object", "properties": {name.rstrip("?"): schema_of(each) for name, each in shape.items()}}
        return {**schema, "required": needed} if needed else schema
    if isinstance(shape, OrNull):
        return {"anyOf": [schema_of(shape.shape), KINDS[NoneType]]}
    if isinstance(shape, list):
        return {"type": "array", "items": schema_of(shape[0])}
    if isinstance(shape, tuple):
        return {"type": "string", "enum": list(shape)}
    if isinstance(shape, UnionType):
        return {"anyOf": [schema_of(each) for each in get_args(shape)]}
    return KINDS[shape]


def content_of(shape, media_type=JSON):
    """(media type, schema) of what is sent."""
    if shape == JSONAPI:
        return JSONAPI, {"$ref": "#/components/schemas/AnyDocument"}
    if isinstance(shape, str):
        return shape, KINDS[str] if shape.startswith("text/") else {"type": "string", "format": "binary"}
    return (JSONAPI if isinstance(shape, Document) else media_type), schema_of(shape)


def says(*, takes=None, answers=None, status=200, query=None, media_type=JSON):
    """What one method of a view takes and answers; `query` holds the parameters that it reads."""
    options = {"request": None if takes is None else dict([content_of(takes, media_type)])}
    if answers is not None:
        answer, schema = content_of(answers, media_type)
        options["responses"] = {(status, answer): schema or {"title": "Anything"}}
    if query is not None:
        options["parameters"] = [parameter(name, shape) for name, shape in query.items()]
    return extend_schema(**options)


def parameter(name, shape):
    kind = {int: OpenApiTypes.INT, bool: OpenApiTypes.BOOL}.get(shape, OpenApiTypes.STR)
    choices = list(shape) if isinstance(shape, tuple) else None
    return OpenApiParameter(name.rstrip("?"), kind, enum=choices, required=not name.endswith("?"))
