"""What events serve under /v1."""

from django.db.models import Q
from django.urls import path

from accounts.api.users import UserSerializer
from events.api.badges import BadgeFieldFormViewSet, BadgeFormViewSet
from events.api.calendar import CalendarView, HasStreamsView
from events.api.catalog import (
    CustomPlaceholderViewSet,
    EventLocationViewSet,
    EventSubTopicViewSet,
    EventTopicViewSet,
    EventTypeViewSet,
)
from events.api.copying import CopyEventView
from events.api.counts import CountsView
from events.api.custom_forms import CustomFormOptionViewSet, CustomFormTranslateViewSet, CustomFormViewSet
from events.api.email_notifications import EmailNotificationViewSet
from events.api.event_copyrights import EventCopyrightViewSet
from events.api.events import EventViewSet
from events.api.exhibitors import ExhibitorViewSet
from events.api.faqs import FaqTypeViewSet, FaqViewSet
from events.api.favourites import UserFavouriteEventViewSet
from events.api.feedbacks import FeedbackViewSet, UserFavouriteSessionViewSet
from events.api.group_verbs import (
    AcceptGroupInviteView,
    AnnounceEventView,
    ContactGroupView,
    ResendGroupInviteView,
)
from events.api.groups import GroupViewSet, UserFollowGroupViewSet, UsersGroupsRolesViewSet
from events.api.image_sizes import EventImageSizeViewSet, SpeakerImageSizeViewSet
from events.api.microlocations import MicrolocationViewSet
from events.api.permissions import EventRolePermissionViewSet, ServiceViewSet
from events.api.programme import (
    ContactOrganizerView,
    NotifySpeakersView,
    ReorderExhibitorsView,
    ReorderSpeakersView,
    SessionDatesView,
    SessionLanguagesView,
    SessionMailsView,
    SessionStatesView,
)
from events.api.role_invites import AcceptInviteView, InvitedView, ResendInviteView, RoleInviteViewSet
from events.api.roles import RoleViewSet, UsersEventsRolesViewSet
from events.api.search import EventSearchView
from events.api.session_types import SessionTypeViewSet
from events.api.sessions import SessionViewSet
from events.api.social_links import SocialLinkViewSet
from events.api.speaker_invites import AcceptSpeakerInviteView, RejectSpeakerInviteView, SpeakerInviteViewSet
from events.api.speakers import SpeakerViewSet
from events.api.speakers_calls import SpeakersCallViewSet
from events.api.sponsors import SponsorViewSet
from events.api.statistics import EventStatisticsViewSet
from events.api.tags import TagViewSet
from events.api.tracks import TrackViewSet
from events.api.users import FLAGS, events_as, roles_held
from events.api.versions import VersionsView
from events.api.video import (
    TranslationChannelViewSet,
    VideoChannelViewSet,
    VideoRecordingViewSet,
    VideoStreamModeratorViewSet,
    VideoStreamViewSet,
)
from events.models import (
    EmailNotification,
    Event,
    EventTopic,
    EventType,
    Feedback,
    Group,
    Session,
    Speaker,
    UserFavouriteEvent,
    UserFavouriteSession,
    UserFollowGroup,
    VideoStreamModerator,
)
from notifications.api.notifications import NotificationSerializer
from openevent.core.registry import register
from openevent.core.relations import Relation

UserSerializer.extend(
    batches=dict.fromkeys(FLAGS.values(), roles_held),
    depends=("events",),
    events=Relation(Event, "roles__user"),
    sessions=Relation(Session, "creator"),
    speakers=Relation(Speaker, "user"),
    feedbacks=Relation(Feedback, "user"),
    email_notifications=Relation(EmailNotification, "user"),
    favourite_sessions=Relation(UserFavouriteSession, "user", path="user-favourite-sessions"),
    favourites=Relation(UserFavouriteSession, "user"),  # by the name that they have at a session
    groups=Relation(Group, "roles__user", where=Q(roles__accepted=True)),
    followed_groups=Relation(UserFollowGroup, "user"),
    favourite_events=Relation(UserFavouriteEvent, "user", path="user-favourite-events"),
    video_stream_moderators=Relation(VideoStreamModerator, "user"),
    **{f"{role}_events": events_as(role) for role in (*FLAGS, "marketer", "sales_admin")},
)

NotificationSerializer.extend(event=Relation(Event, many=False, column="event_id"))

register("events", EventViewSet)
register("tracks", TrackViewSet)
register("microlocations", MicrolocationViewSet)
register("session-types", SessionTypeViewSet)
register("sessions", SessionViewSet)
register("speakers", SpeakerViewSet)
register("speakers-calls", SpeakersCallViewSet)
register("sponsors", SponsorViewSet)
register("social-links", SocialLinkViewSet)
register("event-copyrights", EventCopyrightViewSet)
register("exhibitors", ExhibitorViewSet)
register("faqs", FaqViewSet)
register("faq-types", FaqTypeViewSet)
register("custom-forms", CustomFormViewSet)
register("custom-form-options", CustomFormOptionViewSet)
register("custom-form-translates", CustomFormTranslateViewSet)
register("badge-forms", BadgeFormViewSet)
register("badge-field-forms", BadgeFieldFormViewSet)
register("tags", TagViewSet)
register("user-favourite-events", UserFavouriteEventViewSet, also=("favourite-events",))
register("event-types", EventTypeViewSet)
register("event-topics", EventTopicViewSet)
register("event-sub-topics", EventSubTopicViewSet)
register("event-locations", EventLocationViewSet)
register("custom-placeholders", CustomPlaceholderViewSet)
register("event-statistics-general", EventStatisticsViewSet)
register("roles", RoleViewSet)
register("users-events-roles", UsersEventsRolesViewSet)
register("role-invites", RoleInviteViewSet)
register("speaker-invites", SpeakerInviteViewSet)
register("feedbacks", FeedbackViewSet)
register("user-favourite-sessions", UserFavouriteSessionViewSet, also=("favourite-sessions",))
register("video-streams", VideoStreamViewSet)
register("video-channels", VideoChannelViewSet)
register("video-stream-moderators", VideoStreamModeratorViewSet, also=("video-stream-moderator",))
register("video-recordings", VideoRecordingViewSet)
register("translation_channels", TranslationChannelViewSet, also=("translation_channel",))
register("groups", GroupViewSet)
register("users-groups-roles", UsersGroupsRolesViewSet)
register("user-follow-groups", UserFollowGroupViewSet)
register("email-notifications", EmailNotificationViewSet)
register("event-image-sizes", EventImageSizeViewSet)
register("speaker-image-sizes", SpeakerImageSizeViewSet)
register("services", ServiceViewSet)
register("event-role-permissions", EventRolePermissionViewSet)

urlpatterns = [
    path("admin/statistics/event-topics", CountsView.as_view(model=EventTopic)),
    path("admin/statistics/event-types", CountsView.as_view(model=EventType)),
    path("events/<str:key>.ics", CalendarView.as_view()),
    path("events/<str:key>/has-streams", HasStreamsView.as_view()),
    path("search/events", EventSearchView.as_view()),
    path("events/<str:key>/versions", VersionsView.as_view()),
    path("events/<str:key>/copy", CopyEventView.as_view()),
    path("events/<str:key>/sessions/dates", SessionDatesView.as_view()),
    path("events/<str:key>/sessions/languages", SessionLanguagesView.as_view()),
    path("events/<str:key>/contact-organizer", ContactOrganizerView.as_view()),
    path("events/<str:key>/reorder-speakers", ReorderSpeakersView.as_view()),
    path("sessions/states", SessionStatesView.as_view()),
    path("sessions/mails", SessionMailsView.as_view()),
    path("sessions/<int:key>/notify", NotifySpeakersView.as_view()),
    path("role_invites/accept-invite", AcceptInviteView.as_view()),
    path("role_invites/user", InvitedView.as_view()),
    path("role-invites/<int:key>/resend-invite", ResendInviteView.as_view()),
    path("speaker-invites/<int:key>/accept-invite", AcceptSpeakerInviteView.as_view()),
    path("speaker-invites/<int:key>/reject-invite", RejectSpeakerInviteView.as_view()),
    path("users-groups-roles/accept-invite", AcceptGroupInviteView.as_view()),
    path("group-role-invites/<str:key>/resend-invite", ResendGroupInviteView.as_view()),
    path("groups/<str:key>/events/<str:event>/announce", AnnounceEventView.as_view()),
    path("groups/<str:key>/contact-organizer", ContactGroupView.as_view()),
    path("events/<str:key>/reorder-exhibitors", ReorderExhibitorsView.as_view()),
]
