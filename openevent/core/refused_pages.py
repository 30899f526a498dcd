"""A refusal as a page: what happened, in the refusal's own words; and a page that is not there."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.deprecation import MiddlewareMixin

from openevent.core.refusals import AWAY, Refused, busy

TITLES = {
    403: "You may not do this",
    404: "This page is not here",
    409: "Somebody was faster",
    410: "This link is too old",
    429: "That was too often",
    503: "This takes too long",
    AWAY: "Back in a moment",
}


class ShowRefusals(MiddlewareMixin):
    """API views answer for themselves before it: what arrives here was a page."""

    def process_exception(self, request, exception):
        if isinstance(exception, Http404):  # our page also where Django would rather list its addresses
            return render(request, "404.html", status=404)
        exception = busy(exception) or exception
        if not isinstance(exception, Refused):
            return None
        return page_of(exception, request)


def page_of(refusal, request):
    """While the database is away nothing is asked of it: neither who is signed in, nor what they may."""
    context = {
        "status": refusal.status,
        "title": TITLES.get(refusal.code) or TITLES.get(refusal.status, "This cannot be done"),
        "detail": refusal.detail,
    }
    words = render_to_string("refused.html", context, request if refusal.code != AWAY else None)
    answer = HttpResponse(words, status=refusal.status)
    if refusal.retry_after is not None:
        answer["Retry-After"] = refusal.retry_after
    return answer


def unknown_page(request):
    raise Http404
