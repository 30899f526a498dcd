"""Papers of an order for its event's team, and a ticket that gets a new code."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from events.pages.manage.access import manages
from openevent.core.limits import limit
from openevent.core.refusals import Refused
from orders.pages.manage.order import order_of
from orders.services.holders import reissue_ticket, words_of_reissue
from orders.services.order_papers import paper_called


@never_cache
@require_safe
@manages("team")
def paper(request, event, code, paper):
    found = paper_called(order_of(event, code), paper)
    headers = {"Content-Disposition": f'inline; filename="{found.name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(found.content, content_type=found.mimetype, headers=headers)


@require_POST
@manages("team")
def reissue(request, event, code, holder):
    order = order_of(event, code)
    attendee = get_object_or_404(order.attendees.filter(deleted_at=None), identifier=holder)
    limit("reissue-by-team", order.pk, "50/h")
    try:
        reissue_ticket(attendee, by=request.user)
        messages.success(request, words_of_reissue(attendee))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("manage-order", event.identifier, order.identifier)


ORDERS = {"section": "manage-orders"}
urlpatterns = [
    path("<slug:identifier>/orders/<slug:code>/papers/<slug:paper>", paper, ORDERS, name="manage-paper"),
    path("<slug:identifier>/orders/<slug:code>/tickets/<slug:holder>/code", reissue, ORDERS, name="manage-reissue"),
]
