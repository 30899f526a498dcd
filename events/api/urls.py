"""What events serve under /v1."""

from django.db.models import Q
from django.urls import path

from accounts.api.users import UserSerializer
from events.api.calendar import CalendarView, HasStreamsView
from events.api.catalog import EventTopicViewSet, EventTypeViewSet
from events.api.events import EventViewSet
from events.api.group_verbs import (
    AcceptGroupInviteView,
    AnnounceEventView,
    ContactGroupView,
    ResendGroupInviteView,
)
from events.api.groups import GroupViewSet, UserFollowGroupViewSet, UsersGroupsRolesViewSet
from events.api.microlocations import MicrolocationViewSet
from events.api.roles import RoleViewSet, UsersEventsRolesViewSet
from events.api.session_types import SessionTypeViewSet
from events.api.sessions import SessionViewSet
from events.api.social_links import SocialLinkViewSet
from events.api.speakers import SpeakerViewSet
from events.api.speakers_calls import SpeakersCallViewSet
from events.api.sponsors import SponsorViewSet
from events.api.tracks import TrackViewSet
from events.api.users import FLAGS, events_as, roles_held
from events.models import Event, Group, Session, Speaker, UserFollowGroup
from openevent.core.registry import register
from openevent.core.relations import Relation

UserSerializer.extend(
    batches=dict.fromkeys(FLAGS.values(), roles_held),
    depends=("events",),
    events=Relation(Event, "roles__user"),
    sessions=Relation(Session, "creator"),
    speakers=Relation(Speaker, "user"),
    groups=Relation(Group, "roles__user", where=Q(roles__accepted=True)),
    followed_groups=Relation(UserFollowGroup, "user"),
    **{f"{role}_events": events_as(role) for role in FLAGS},
)

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
register("groups", GroupViewSet)
register("users-groups-roles", UsersGroupsRolesViewSet)
register("user-follow-groups", UserFollowGroupViewSet)

urlpatterns = [
    path("events/<str:key>.ics", CalendarView.as_view()),
    path("events/<str:key>/has-streams", HasStreamsView.as_view()),
    path("users-groups-roles/accept-invite", AcceptGroupInviteView.as_view()),
    path("group-role-invites/<str:key>/resend-invite", ResendGroupInviteView.as_view()),
    path("groups/<str:key>/events/<str:event>/announce", AnnounceEventView.as_view()),
    path("groups/<str:key>/contact-organizer", ContactGroupView.as_view()),
]
