"""Plain endpoints of a programme: its days and languages, the states of sessions with their mails, order, questions."""

from django.http import Http404
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.response import Response
from rest_framework.views import APIView

from events.api.bodies import read_text
from events.api.calendar import EventView
from events.models import Exhibitor, Session, Speaker
from events.rules import coorganizes
from events.services.contact import contact_organizers
from events.services.ordering import put_in_order, reset_order
from events.services.programme import days_of, languages_of
from events.services.session_mails import RECIPIENT, STATE_MAILS, notify_speakers
from events.services.session_states import MAY_WRITE_TO_SPEAKERS, TABLES
from openevent.core.describing import says
from openevent.core.serializers import find_by_key


class SessionStatesView(APIView):
    """Who may bring a session from which state to which others."""

    @says(answers={"organizer": dict, "speaker": dict})
    def get(self, request):
        return Response(
            {
                who: {state: dict.fromkeys(reachable, True) for state, reachable in table.items()}
                for who, table in TABLES.items()
            }
        )


class SessionMailsView(APIView):
    """What speakers are told of each state."""

    @says(answers={"recipient": str, "accepted": {"subject": str, "message": str}})
    def get(self, request):
        return Response({"recipient": RECIPIENT, **STATE_MAILS})


class NotifySpeakersView(APIView):
    """Mail the speakers of a session how it stands."""

    @says(takes={"subject?": str, "message?": str, "bcc?": [str]}, answers={"success": bool})
    def post(self, request, key):
        if not request.user.is_authenticated:
            raise NotAuthenticated("Sign in first.")
        session = find_by_key(Session.objects.visible_to(request.user).select_related("event"), key)
        if session is None:
            raise Http404
        if not MAY_WRITE_TO_SPEAKERS(request.user, session):
            raise PermissionDenied
        body = request.data if isinstance(request.data, dict) else {}
        subject, message = (read_text(body, name, required=False) for name in ("subject", "message"))
        notify_speakers(session, subject=subject, message=message, bcc=body.get("bcc") or (), by=request.user)
        return Response({"success": True})


class SessionDatesView(EventView):
    """The days, on the event's own clocks, on which sessions are shown."""

    @says(answers=[str])
    def get(self, request, key):
        return Response([day.isoformat() for day in sorted(days_of(self.event(key)))])


class SessionLanguagesView(EventView):
    """The languages in which shown sessions are held."""

    @says(answers=[str])
    def get(self, request, key):
        return Response(languages_of(self.event(key)))


class ContactOrganizerView(EventView):
    """Write to the people who run the event: the text stands under `email`, as old clients send it."""

    @says(takes={"email": str}, answers={"success": bool})
    def post(self, request, key):
        if not request.user.is_authenticated:
            raise NotAuthenticated("Sign in first.")
        event = self.event(key)
        contact_organizers(event, read_text(request.data, "email", longest=5000), by=request.user)
        return Response({"success": True})


class ReorderView(EventView):
    """Give rows of an event their places; with `?reset`, take all of these away."""

    model, column = None, ""

    @says(takes=[dict], query={"reset?": str}, answers={"success": bool, "updates": int})
    def post(self, request, key):
        if not request.user.is_authenticated:
            raise NotAuthenticated("Sign in first.")
        event = self.event(key)
        if not coorganizes(request.user, event):
            raise PermissionDenied
        said = {"column": self.column, "by": request.user}
        if "reset" in request.GET:
            return Response({"success": True, "updates": reset_order(event, self.model, **said)})
        return Response({"success": True, "updates": put_in_order(event, self.model, request.data, **said)})


class ReorderSpeakersView(ReorderView):
    """[{"speaker": 4, "order": 1}]"""

    model, column = Speaker, "order"


class ReorderExhibitorsView(ReorderView):
    """[{"exhibitor": 4, "position": 1}]"""

    model, column = Exhibitor, "position"
