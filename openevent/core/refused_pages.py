"""A refusal as a page: what happened, in the refusal's own words; and a page that is not there."""

from django.http import Http404
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
        if isinstance(exception, Http404):  # our page also where Django would rather list its addresses
            return render(request, "404.html", status=404)
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


def unknown_page(request):
    raise Http404
