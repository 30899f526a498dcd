"""Refusals of the oldest endpoints: one text, as their clients read it, and for bad input also where it stands."""

from rest_framework.response import Response

from openevent.core.refusals import error_document


def answer_refusal(refusal):
    where = {} if refusal.status == 401 else error_document([refusal.as_error()])
    headers = {} if refusal.retry_after is None else {"Retry-After": str(refusal.retry_after)}
    return Response({"error": refusal.detail, **where}, status=refusal.status, headers=headers)
