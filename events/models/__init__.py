"""The tables of events."""

from events.models.catalog import EventTopic, EventType
from events.models.event import Event
from events.models.partners import SocialLink, Sponsor
from events.models.programme import Microlocation, Session, SessionType, Speaker, SpeakersCall, Track
from events.models.role import Role, UsersEventsRoles

__all__ = [
    "Event",
    "EventTopic",
    "EventType",
    "Microlocation",
    "Role",
    "Session",
    "SessionType",
    "SocialLink",
    "Speaker",
    "SpeakersCall",
    "Sponsor",
    "Track",
    "UsersEventsRoles",
]
