"""The tables of events."""

from events.models.badge import BadgeFieldForm, BadgeForm
from events.models.catalog import CustomPlaceholder, EventLocation, EventSubTopic, EventTopic, EventType
from events.models.custom_form import CustomForm, CustomFormOption, CustomFormTranslate
from events.models.email_notification import EmailNotification
from events.models.event import Event
from events.models.event_copyright import EventCopyright
from events.models.favourite import UserFavouriteEvent
from events.models.feedback import Feedback, UserFavouriteSession
from events.models.group import Group, UserFollowGroup, UsersGroupsRoles
from events.models.image_sizes import EventImageSize, SpeakerImageSize
from events.models.partners import Exhibitor, Faq, FaqType, SocialLink, Sponsor
from events.models.permissions import EventRolePermission, Service
from events.models.programme import Microlocation, Session, SessionType, Speaker, SpeakersCall, Track
from events.models.role import Role, UsersEventsRoles
from events.models.role_invite import RoleInvite
from events.models.speaker_invite import SpeakerInvite
from events.models.statistics import EventStatistics
from events.models.tag import Tag
from events.models.video import TranslationChannel, VideoChannel, VideoRecording, VideoStream, VideoStreamModerator

__all__ = [
    "BadgeFieldForm",
    "BadgeForm",
    "CustomForm",
    "CustomFormOption",
    "CustomFormTranslate",
    "CustomPlaceholder",
    "EmailNotification",
    "Event",
    "EventCopyright",
    "EventImageSize",
    "EventLocation",
    "EventRolePermission",
    "EventStatistics",
    "EventSubTopic",
    "EventTopic",
    "EventType",
    "Exhibitor",
    "Faq",
    "FaqType",
    "Feedback",
    "Group",
    "Microlocation",
    "Role",
    "RoleInvite",
    "Service",
    "Session",
    "SessionType",
    "SocialLink",
    "Speaker",
    "SpeakerImageSize",
    "SpeakerInvite",
    "SpeakersCall",
    "Sponsor",
    "Tag",
    "Track",
    "TranslationChannel",
    "UserFavouriteEvent",
    "UserFavouriteSession",
    "UserFollowGroup",
    "UsersEventsRoles",
    "UsersGroupsRoles",
    "VideoChannel",
    "VideoRecording",
    "VideoStream",
    "VideoStreamModerator",
]
