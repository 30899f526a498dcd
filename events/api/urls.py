"""What events serve under /v1."""

from events.api.catalog import EventTopicViewSet, EventTypeViewSet
from events.api.events import EventViewSet
from events.api.microlocations import MicrolocationViewSet
from events.api.roles import RoleViewSet, UsersEventsRolesViewSet
from events.api.session_types import SessionTypeViewSet
from events.api.sessions import SessionViewSet
from events.api.social_links import SocialLinkViewSet
from events.api.speakers import SpeakerViewSet
from events.api.speakers_calls import SpeakersCallViewSet
from events.api.sponsors import SponsorViewSet
from events.api.tracks import TrackViewSet
from openevent.core.registry import register

register("events", EventViewSet)
register("tracks", TrackViewSet)
register("microlocations", MicrolocationViewSet)
register("session-types", SessionTypeViewSet)
register("sessions", SessionViewSet)
register("speakers", SpeakerViewSet)
register("speakers-calls", SpeakersCallViewSet)
register("sponsors", SponsorViewSet)
register("social-links", SocialLinkViewSet)
register("event-types", EventTypeViewSet)
register("event-topics", EventTopicViewSet)
register("roles", RoleViewSet)
register("users-events-roles", UsersEventsRolesViewSet)

urlpatterns = []
