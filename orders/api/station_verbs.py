"""Plain endpoints of the door: registered or not, figures of today, a list to take away, coming from afar."""

from datetime import date

from django.http import Http404, HttpResponse
from django.utils.dateparse import parse_date
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.response import Response
from rest_framework.views import APIView

from events.access import find_event
from events.models import Microlocation, Session
from events.rules import registers
from openevent.core.describing import says
from openevent.core.refusals import Refused, refuse_parameter
from openevent.core.serializers import find_by_key
from orders.models import Attendee, VirtualCheckIn
from orders.models.station import STATION_TYPES
from orders.services.exports.files import BYTE_ORDER_MARK
from orders.services.station_figures import figures_of_today, lines_of
from orders.services.virtual import check_in_from_afar

WHOLE_TRACK, ONE_SESSION = "track", "session"
SESSION_STATS = {
    "session_id": int,
    "session_name": str,
    "track_name": str | None,
    "speakers": str,
    "check_in": int,
    "check_out": int,
    "manual_count": int,
}
TRACK_STATS = {
    "track_id": int,
    "track_name": str,
    "current_speakers": str,
    "current_session": str,
    "check_in": int,
    "check_out": int,
}
TOTALS = (
    *("total_attendee", "total_registered", "total_not_checked_in", "total_track_checked_in"),
    *("total_track_checked_out", "total_session_checked_in", "total_session_checked_out"),
)


class DoorView(APIView):
    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if not request.user.is_authenticated and request.method == "POST":
            raise NotAuthenticated("Sign in first.")

    def event(self, key):
        event = find_event(self.request.user, key)
        if event is None:
            raise Http404
        return event


class StatesView(DoorView):
    """Whether an attendee has been registered, and when."""

    @says(query={"event_id": int, "attendee_id": int}, answers={"is_registered": bool, "register_times": str | None})
    def get(self, request):
        event, attendee = (read_number(request.GET.get(name), name) for name in ("event_id", "attendee_id"))
        attendee = Attendee.objects.visible_to(request.user).filter(event=event, pk=attendee).first()
        if attendee is None:
            raise Http404
        return Response({"is_registered": attendee.is_registered, "register_times": attendee.register_times})


class CheckInStatsView(DoorView):
    """Who was met today, for those at the door."""

    @says(
        query={"session_ids?": str, "track_ids?": str},
        answers={**dict.fromkeys(TOTALS, int), "session_stats": [SESSION_STATS], "track_stats": [TRACK_STATS]},
    )
    def get(self, request, key):
        event = self.event(key)
        if not registers(request.user, event):
            raise PermissionDenied
        chosen = {name: read_numbers(request.GET.get(f"{name[:-1]}_ids"), name) for name in ("sessions", "tracks")}
        return Response(figures_of_today(event, **chosen))


class CheckInCsvView(DoorView):
    """Who was met at a session or its track, as a file that every office program reads."""

    @says(
        takes={"session_id": int, "date?": date, "track_type?": STATION_TYPES, "type?": (ONE_SESSION, WHOLE_TRACK)},
        answers="text/csv",
    )
    def post(self, request):
        body = request.data if isinstance(request.data, dict) else {}
        session = find_by_key(Session.objects.visible_to(request.user).select_related("event"), body.get("session_id"))
        if session is None:
            raise Refused("no-such-session", "There is no such session, or none that you may see.", status=404)
        if not registers(request.user, session):
            raise PermissionDenied
        kind = read_choice(body, "track_type", STATION_TYPES)
        whole_track = read_choice(body, "type", (ONE_SESSION, WHOLE_TRACK)) == WHOLE_TRACK
        lines = lines_of(session, day=read_day(body), kind=kind, whole_track=whole_track)
        headers = {"Content-Disposition": 'attachment; filename="check-ins.csv"', "Cache-Control": "private, no-store"}
        return HttpResponse(BYTE_ORDER_MARK + "".join(lines), content_type="text/csv; charset=utf-8", headers=headers)


class VirtualCheckInView(DoorView):
    """Whoever has a ticket says that they have come from afar, or left."""

    @says(
        takes={"check_in_type": VirtualCheckIn.WHERE, "is_check_in": bool, "microlocation_id?": int},
        answers={"message": str},
    )
    def post(self, request, key):
        event, body = self.event(key), request.data if isinstance(request.data, dict) else {}
        where = read_choice(body, "check_in_type", VirtualCheckIn.WHERE)
        comes, room = body.get("is_check_in"), None
        if where is None or not isinstance(comes, bool):
            pointer = "/check_in_type" if where is None else "/is_check_in"
            raise Refused("missing", "Say where, and whether you come or leave.", pointer=pointer)
        if where != VirtualCheckIn.EVENT:
            room = find_by_key(Microlocation.objects.visible_to(request.user).filter(event=event), body_id(body))
            if room is None:
                raise Refused("no-such-room", "There is no such room.", status=404, pointer="/microlocation_id")
        count = check_in_from_afar(event, by=request.user, where=where, comes=comes, room=room)
        words = f"{count} ticket{'' if count == 1 else 's'} checked {'in' if comes else 'out'}."
        return Response({"message": words})


def body_id(body):
    if body.get("microlocation_id") is None:
        raise Refused("room-missing", "Say which room.", pointer="/microlocation_id")
    return body["microlocation_id"]


def read_number(text, name):
    if not (text and text.isascii() and text.isdigit() and len(text) < 19):
        raise Refused("bad-parameter", "Enter a whole number.", parameter=name)
    return int(text)


def read_numbers(text, name):
    """The ids of a list with commas; none without a list."""
    parts = [part.strip() for part in (text or "").split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        raise refuse_parameter(f"{name[:-1]}_ids", "Enter ids with commas between them.")
    return {int(part) for part in parts}


def read_choice(body, name, choices):
    value = body.get(name)
    if value is not None and value not in choices:
        raise Refused("unknown-choice", f"Choose one of: {', '.join(choices)}.", pointer=f"/{name}")
    return value


def read_day(body):
    text = body.get("date")
    try:
        day = parse_date(text) if isinstance(text, str) else None
    except ValueError:
        day = None
    if text is not None and day is None:
        raise Refused("bad-date", "Write a day as YYYY-MM-DD.", pointer="/date")
    return day
