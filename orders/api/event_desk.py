"""What the team of an event does at one address: finding people, and taking away codes that nobody used."""

from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.response import Response

from events.api.calendar import EventView
from events.rules import coorganizes, registers
from openevent.core.columns import folded
from openevent.core.describing import says
from openevent.core.parameters import AT_MOST
from openevent.core.reading import reader_of
from openevent.core.refusals import refuse_parameter
from orders.api.attendees import AttendeeSerializer
from orders.models import Attendee
from orders.services.codes import remove_unused_codes

LINKED = ("event_id", "order_id", "ticket_id", "user_id")


class TeamView(EventView):
    def event_of(self, request, key, *, who):
        if not request.user.is_authenticated:
            raise NotAuthenticated("Sign in first.")
        event = self.event(key)
        if not who(request.user, event):
            raise PermissionDenied
        return event


class UnusedCodesView(TeamView):
    """DELETE -> {success, deletes}: discount codes that no order has used are hidden; staff can bring them back."""

    @says(answers={"success": bool, "deletes": int})
    def delete(self, request, event):
        event = self.event_of(request, event, who=coorganizes)
        return Response({"success": True, "deletes": remove_unused_codes(event, by=request.user)})


class AttendeeSearchView(TeamView):
    """GET ?name=&email= -> {attendees}: those in whose name and address these letters are."""

    @says(query={"name?": str, "email?": str}, answers={"attendees": [dict]})
    def get(self, request, event):
        event = self.event_of(request, event, who=registers)
        found = Attendee.objects.visible_to(request.user).filter(event=event)
        for name, column in (("name", "sought"), ("email", "email")):
            words = request.GET.get(name, "")
            if "\x00" in words:
                raise refuse_parameter(name, "A text cannot hold a null character.")
            for word in folded(words).split():
                found = found.filter(**{f"{column}__contains": word})
        found = found.select_related(*AttendeeSerializer.Meta.needs).order_by("pk")[:AT_MOST]
        return Response({"attendees": [columns_of(attendee) for attendee in found]})


def columns_of(attendee):
    """All that the API says of an attendee, by the names of the columns."""
    read = reader_of(AttendeeSerializer, None, True).resource_object(attendee, "", {}, {})
    columns = {name.replace("-", "_"): value for name, value in read["attributes"].items()}
    return {"id": attendee.pk, **columns, **{name: getattr(attendee, name) for name in LINKED}}
