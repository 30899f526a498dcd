"""What has changed at an event since an offline client last looked."""

from rest_framework.response import Response

from events.api.calendar import EventView
from events.models import Event, Microlocation, Session, Speaker, Sponsor, Track
from openevent.core.describing import says
from openevent.core.versions import own_counters

COUNTED = {
    "event_ver": Event,
    "tracks_ver": Track,
    "session_ver": Session,
    "speakers_ver": Speaker,
    "sponsors_ver": Sponsor,
    "microlocations_ver": Microlocation,
}


class VersionsView(EventView):
    """A number for each kind of row, which moves whenever a row of that kind changes at the event."""

    @says(answers=[{"id": int, "event_id": int, **dict.fromkeys(COUNTED, int)}])
    def get(self, request, key):
        event = self.event(key)
        counters = own_counters(COUNTED.values(), event.pk)
        versions = {name: counters[model] for name, model in COUNTED.items()}
        return Response([{"id": event.pk, "event_id": event.pk, **versions}])
