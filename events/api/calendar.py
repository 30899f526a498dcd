"""Plain endpoints of one event: its calendar file, and whether it streams."""

from django.http import Http404, HttpResponse
from rest_framework.response import Response
from rest_framework.views import APIView

from events.access import find_event
from events.services.calendar import event_calendar
from events.services.video import streams_of
from openevent.core.describing import says


class EventView(APIView):
    """Answers about an event that the asker sees."""

    def event(self, key):
        event = find_event(self.request.user, key)
        if event is None:
            raise Http404
        return event


class CalendarView(EventView):
    """The event as a file for calendars."""

    @says(answers="text/calendar", query={"include_sessions?": str, "my_schedule?": str})
    def get(self, request, key):
        event, wanted = self.event(key), request.GET
        chosen = {"with_sessions": "include_sessions" in wanted, "only_starred": "my_schedule" in wanted}
        text = event_calendar(event, by=request.user, **chosen)
        saved = {"Content-Disposition": f'attachment; filename="{event.identifier}.ics"'}
        return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=saved)


class HasStreamsView(EventView):
    """Whether the event has video, and whether the asker may join it."""

    @says(answers={"exists": bool, "can_access": bool})
    def get(self, request, key):
        return Response(streams_of(self.event(key), by=request.user))
