"""The programme and the speakers of an event, in full."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from events.access import find_event
from events.models.event import Event
from events.services.programme import by_day, sessions_shown, speakers_shown


def event_at(request: HttpRequest, identifier: str) -> Event:
    """The event of this address if the reader may see it. Its identifier opens a private one."""
    if not hasattr(request, "event_here"):
        request.event_here = find_event(request.user, identifier)
    if request.event_here is None:
        raise Http404
    return request.event_here


def programme(request, identifier):
    event = event_at(request, identifier)
    days = by_day(event, sessions_shown(event))
    chosen = next((day for day, _ in days if day.isoformat() == request.GET.get("day")), None)
    shown = [(day, sessions) for day, sessions in days if chosen in (None, day)]
    return render(request, "events/programme.html", {"event": event, "days": days, "shown": shown, "chosen": chosen})


def speakers(request, identifier) -> HttpResponse:
    event = event_at(request, identifier)
    return render(request, "events/speakers.html", {"event": event, "speakers": speakers_shown(event)})
