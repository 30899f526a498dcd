"""Public events by their words, as old clients search them."""

from rest_framework.response import Response
from rest_framework.views import APIView

from events.models import Event
from events.services.find_events import search_events
from openevent.core.describing import says
from openevent.core.parameters import underscored

SHOWN = (
    *("id", "identifier", "name", "description", "starts_at", "ends_at", "timezone", "online", "location_name"),
    *("searchable_location_name", "owner_name", "owner_description", "logo_url", "original_image_url"),
    *("thumbnail_image_url", "large_image_url", "icon_image_url"),
)
ASKED = ("name", "description", "location-name", "owner-name", "owner-description")


class EventSearchView(APIView):
    """A bare list of events; each parameter that is given has to occur in its attribute."""

    @says(query={f"{name}?": str for name in ASKED}, answers=[dict])
    def get(self, request):
        asked = {name.replace("_", "-"): text for name, text in request.GET.items()}
        texts = {underscored(name): asked[name] for name in ASKED if name in asked}
        found = search_events(Event.objects.visible_to(request.user), **texts).values(*SHOWN)
        return Response([{name.replace("_", "-"): row[name] for name in SHOWN} for row in found])
