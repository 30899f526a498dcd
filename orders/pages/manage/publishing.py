"""Before an event is public: what is left to do, what a visitor will see, and the step itself."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.models.event import PUBLISHED
from events.models.programme import Session
from events.pages.manage.access import first_page, manages
from events.rules import SHOWN
from events.services.publish import publish_event, unpublish_event
from openevent.core.refusals import Refused
from orders.pages.event import shown_of
from orders.pages.picker import read_picker
from orders.services.checklist import checklist_of


@require_http_methods(["GET", "HEAD", "POST"])
@manages("team")
def publish(request, event):
    """Where one lands after making an event: everything between it and its visitors, and the button."""
    refusal = ""
    if request.method == "POST":
        try:
            publish_event(event, by=request.user)
        except Refused as refused:
            refusal = refused.detail
        else:
            messages.success(request, f"{event.name} is public.")
            return redirect("manage-publish", event.identifier)
    context = {
        "event": event,
        "checklist": checklist_of(event),
        "refusal": refusal,
        "who_sees": who_sees(event),
        "private": still_private(event),
        "overview": first_page(event, request.rights),
        "address": settings.BASE_URL + reverse("event", args=[event.identifier]),
    }
    return render(request, "manage/publish.html", context, status=422 if refusal else 200)


@require_POST
@manages("team")
def unpublish(request, event):
    unpublish_event(event, by=request.user)
    messages.success(request, f"{event.name} is a draft again. Orders and tickets stay as they are.")
    return redirect("manage-publish", event.identifier)


@require_safe
@manages("team")
def preview(request, event):
    """The shop's page of the event as an anonymous visitor will see it. Nothing can be bought from here."""
    visitor = AnonymousUser()
    picker = read_picker(event, QueryDict(), by=visitor)
    context = {
        **shown_of(event, picker),
        "is_preview": True,
        "user": visitor,
        "who_sees": who_sees(event),
        "private": still_private(event),
    }
    return render(request, "manage/preview.html", context)


def who_sees(event) -> str:
    """What is public and what is not, in a sentence or two."""
    if event.state != PUBLISHED:
        return "Only the team sees this event. Nothing is sold, and its address leads nowhere for everybody else."
    if event.privacy == "public":
        reach = "Everybody sees the page, tickets and programme, and finds it in the list of events."
    else:
        reach = "Whoever has the address sees the page, tickets and programme. No list shows it."
    return f"{reach} Orders, attendees and codes stay with the team."


def still_private(event) -> list[str]:
    """What no visitor sees, published or not."""
    hidden = event.tickets.filter(deleted_at=None, is_hidden=True).count()
    sessions = Session.objects.filter(event=event, deleted_at=None).exclude(state__in=SHOWN).count()
    found = [f"{hidden} hidden ticket type{'' if hidden == 1 else 's'}"] if hidden else []
    found += [f"{sessions} session{'' if sessions == 1 else 's'} not accepted yet"] if sessions else []
    return found
