"""Bytes in and out: strict JSON, the JSON:API media type by its exact name, orjson on both sides."""

from decimal import Decimal

import orjson
from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

JSON = "application/json"
JSONAPI = "application/vnd.api+json"


def as_json(value):
    """Money is a number on the wire, as old clients have always read it."""
    if isinstance(value, Decimal):
        return float(value)
    return str(value)  # translated texts and the like


def dump(document):
    return orjson.dumps(document, default=as_json, option=orjson.OPT_NON_STR_KEYS)


def document_response(document, status=200, headers=None):
    return HttpResponse(dump(document), status=status, headers=headers, content_type=JSONAPI)


class StrictJSONParser(BaseParser):
    """JSON as the standard has it: no NaN, no Infinity, valid UTF-8."""

    media_type = JSON

    def parse(self, stream, media_type=None, parser_context=None):
        # The request's own `read` knows no limit; its `body` does, and refuses before a byte is read.
        body = stream.body if isinstance(stream, HttpRequest) else stream.read()
        try:
            return orjson.loads(body or b"{}")
        except orjson.JSONDecodeError as problem:
            raise ParseError(f"The body is not valid JSON: {problem}.") from None


class JSONAPIParser(StrictJSONParser):
    media_type = JSONAPI


class JSONRenderer(BaseRenderer):
    media_type, format, charset = JSON, "json", None

    def render(self, data, accepted_media_type=None, renderer_context=None):
        return b"" if data is None else dump(data)


class JSONAPIRenderer(JSONRenderer):
    media_type, format = JSONAPI, "jsonapi"


class OneForm(DefaultContentNegotiation):
    """A plain endpoint answers in the one form that it has: clients ask all of them for JSON:API, papers included."""

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type
