"""A refusal as a page: what happened, in the refusal's own words."""

from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from openevent.core.refusals import Refused, busy

TITLES = {
    403: "You may not do this",
    404: "This page is not here",
    409: "Somebody was faster",
    410: "This link is too old",
    429: "That was too often",
    503: "This takes too long",
}


class ShowRefusals(MiddlewareMixin):
    """API views answer for themselves before it: what arrives here was a page."""

    def process_exception(self, request, exception):
        exception = busy(exception) or exception
        if not isinstance(exception, Refused):
            return None
        context = {
            "status": exception.status,
            "title": TITLES.get(exception.status, "This cannot be done"),
            "detail": exception.detail,
        }
        answer = render(request, "refused.html", context, status=exception.status)
        if exception.retry_after is not None:
            answer["Retry-After"] = exception.retry_after
        return answer
