"""An event once more, as a draft."""

from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.response import Response

from events.api.calendar import EventView
from events.models import Event
from events.rules import coorganizes
from events.services.copy_event import copy_event
from openevent.core.describing import says
from openevent.core.limits import limit
from openevent.core.refusals import Refused


class CopyEventView(EventView):
    """Copy what was prepared for the event; without its sessions and speakers if these are not wanted."""

    @says(takes={"sessions-speakers?": bool}, answers={"id": int, "identifier": str, "copied": bool})
    def post(self, request, key):
        if not request.user.is_authenticated:
            raise NotAuthenticated("Sign in first.")
        event = self.event(key)
        if not (coorganizes(request.user, event) and Event.policy["add"](request.user, Event())):
            raise PermissionDenied
        wanted = request.data.get("sessions-speakers", True) if isinstance(request.data, dict) else True
        if not isinstance(wanted, bool):
            raise Refused("yes-or-no", "Say true or false.", pointer="/sessions-speakers")
        limit("copy-event", request.user.pk, "20/h")
        copy = copy_event(event, by=request.user, with_programme=wanted)
        return Response({"id": copy.pk, "identifier": copy.identifier, "copied": True})
