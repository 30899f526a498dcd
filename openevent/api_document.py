"""The OpenAPI document at `/v1/schema`: made once by each process, which lives no longer than its release."""

import gzip
from functools import cache
from hashlib import sha256

from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.views.decorators.http import condition
from rest_framework.views import APIView

from openevent.core.describing import says
from openevent.core.negotiation import JSON, dump
from openevent.core.openapi import Generator


@cache
def document():
    return Generator().get_schema(public=True)


@cache
def texts():
    """{encoding: body}."""
    text = dump(document())
    return {"": text, "gzip": gzip.compress(text, mtime=0)}


@cache
def tag():
    return f'"{sha256(texts()[""]).hexdigest()[:32]}"'


class SchemaView(APIView):
    """This document."""

    authentication_classes = ()

    @says(answers=dict)
    @method_decorator(condition(etag_func=lambda request: tag()))
    def get(self, request):
        encoding = "gzip" if "gzip" in request.headers.get("Accept-Encoding", "") else ""
        headers = {"Content-Encoding": encoding} if encoding else {}
        response = HttpResponse(texts()[encoding], content_type=JSON, headers=headers)
        patch_vary_headers(response, ["Accept-Encoding"])
        return response
