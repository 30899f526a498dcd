"""Which badge goes with a ticket type."""

from django.http import Http404
from rest_framework.response import Response
from rest_framework.views import APIView

from events.api.badges import fields_of_badge
from events.models import BadgeForm
from openevent.core.describing import says
from openevent.core.serializers import find_by_key
from orders.models import Ticket


class BadgeOfTicketView(APIView):
    """The fields of the badge that holders of this ticket get, for those who print it."""

    @says(answers=[{"badge_field_id": int, "badge_id": str}])
    def get(self, request, key):
        ticket = find_by_key(Ticket.objects.visible_to(request.user), key)
        badges = BadgeForm.objects.visible_to(request.user)
        badge = ticket and badges.filter(event=ticket.event_id, identifier=ticket.badge_id or "").first()
        if badge is None:
            raise Http404
        return Response(fields_of_badge(badge))
