"""Whatever a view raises, as a JSON:API error document."""

import logging
import sys

from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent, ValidationError
from django.db import DataError, IntegrityError
from django.http import Http404, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.defaults import server_error
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error
from rest_framework.settings import api_settings
from rest_framework.views import set_rollback

from openevent.core.refusals import Refused, busy, error, error_document
from openevent.core.refused_pages import page_of

log = logging.getLogger(__name__)


def answer_exception(exception, context):
    """DRF's exception handler: whatever a view raised, as a JSON:API error document; None means a real fault."""
    headers = {}
    exception = busy(exception) or exception
    if isinstance(exception, ValidationError):  # of a rule that pages ask too
        exception = exceptions.ValidationError(as_serializer_error(exception))
    if isinstance(exception, Refused):
        status, errors = exception.status, [exception.as_error()]
        if exception.retry_after is not None:
            headers["Retry-After"] = str(exception.retry_after)
    elif isinstance(exception, exceptions.ValidationError):
        status, errors = 422, list(field_errors(exception.detail, "/data"))
    elif isinstance(exception, Http404 | exceptions.NotFound):
        status, errors = 404, [error(404, "There is nothing here, or nothing that you may see.")]
    elif isinstance(exception, PermissionDenied | exceptions.PermissionDenied):
        status, errors = 403, [error(403, "You may see this, but not do that with it.")]
    elif isinstance(exception, exceptions.APIException):
        status = exception.status_code
        errors = [error(status, exception.detail)]
        headers = (getattr(exception, "auth_header", None) and {"WWW-Authenticate": exception.auth_header}) or {}
        if getattr(exception, "wait", None):
            headers["Retry-After"] = str(int(exception.wait) + 1)
    elif isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        status, errors = 413, [error(413, "The request is larger than this address takes.")]
    elif isinstance(exception, IntegrityError):
        log.warning("a constraint of the database refused a write", exc_info=exception)
        status, errors = 409, [error(409, "This clashes with something that is already there.")]
    elif isinstance(exception, DataError):
        status, errors = 422, [error(422, "A value is out of range.", {"pointer": "/data"})]
    else:
        return None
    set_rollback()
    return Response(error_document(errors), status=status, headers=headers)


def field_errors(detail, pointer):
    """DRF's nested error details as flat error objects, one an entry, each with its exact pointer."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            if name == api_settings.NON_FIELD_ERRORS_KEY:
                yield from field_errors(inner, pointer)
            else:
                yield from field_errors(inner, f"{pointer}/{name}")
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from field_errors(inner, f"{pointer}/{number}" if nested else pointer)
    else:
        yield error(422, detail, {"pointer": pointer})


@csrf_exempt  # or a write to what is not served would be told of a cookie
def answer_unknown_path(request):
    return JsonResponse(error_document([error(404, "There is no such address.")]), status=404)


def answer_fault(request):
    """A fault of ours, or a database that was away before any view: for programs as an error, for people as a page."""
    if refusal := busy(sys.exception()):
        if not request.path.startswith("/v1"):
            return page_of(refusal, request)
        document, headers = error_document([refusal.as_error()]), {"Retry-After": refusal.retry_after}
        return JsonResponse(document, status=refusal.status, headers=headers)
    if not request.path.startswith("/v1"):
        return server_error(request)
    return JsonResponse(error_document([error(500, "This is a fault of the server. It has been noted.")]), status=500)
