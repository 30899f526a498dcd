"""The tables of events."""

from events.models.catalog import EventTopic, EventType
from events.models.custom_form import CustomForm, CustomFormOption
from events.models.event import Event
from events.models.feedback import Feedback, UserFavouriteSession
from events.models.group import Group, UserFollowGroup, UsersGroupsRoles
from events.models.image_sizes import EventImageSize, SpeakerImageSize
from events.models.partners import Faq, FaqType, SocialLink, Sponsor
from events.models.programme import Microlocation, Session, SessionType, Speaker, SpeakersCall, Track
from events.models.role import Role, UsersEventsRoles
from events.models.role_invite import RoleInvite
from events.models.speaker_invite import SpeakerInvite

__all__ = [
    "CustomForm",
    "CustomFormOption",
    "Event",
    "EventImageSize",
    "EventTopic",
    "EventType",
    "Faq",
    "FaqType",
    "Feedback",
    "Group",
    "Microlocation",
    "Role",
    "RoleInvite",
    "Session",
    "SessionType",
    "SocialLink",
    "Speaker",
    "SpeakerImageSize",
    "SpeakerInvite",
    "SpeakersCall",
    "Sponsor",
    "Track",
    "UserFavouriteSession",
    "UserFollowGroup",
    "UsersEventsRoles",
    "UsersGroupsRoles",
]
