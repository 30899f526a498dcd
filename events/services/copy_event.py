"""Copying an event: a new draft with what was prepared for it, and nothing of what has happened at it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.services.log import record
from events.models import (
    BadgeFieldForm,
    BadgeForm,
    CustomForm,
    CustomFormOption,
    CustomFormTranslate,
    EmailNotification,
    Event,
    EventCopyright,
    Exhibitor,
    Faq,
    FaqType,
    Feedback,
    Microlocation,
    RoleInvite,
    Session,
    SessionType,
    SocialLink,
    Speaker,
    SpeakerInvite,
    SpeakersCall,
    Sponsor,
    Tag,
    Track,
    TranslationChannel,
    UserFavouriteEvent,
    UserFavouriteSession,
    UsersEventsRoles,
    VideoRecording,
    VideoStream,
    VideoStreamModerator,
)
from events.rules import OWNER
from events.services.create_event import give_role
from media_pipeline.storing import copy_stored, remove_stored
from openevent.core.atomic import atomic
from openevent.core.tokens import new_token


@dataclass(frozen=True, kw_only=True)
class Copied:
    """Rows of one model that go along. What they lead to has to stand before them in the list."""

    model: type
    only: Q = field(default_factory=Q)
    anew: tuple[str, ...] = ()  # columns that begin as in a new row: counters, and what is true of one row alone
    change: Callable | None = None  # what else becomes of a copy
    is_programme: bool = False  # only if sessions and speakers are wanted


def closed(call):
    """Nobody proposes anything to the copy before its organizer opens the call."""
    call.ends_at = min(call.ends_at, timezone.now())
    call.starts_at = min(call.starts_at, call.ends_at - timedelta(minutes=1))
    call.soft_ends_at = call.soft_ends_at and min(call.soft_ends_at, call.ends_at)
    call.hash = call.hash and new_token()


ANEW = (  # of the event itself: where it is shown, who runs it with others, and what was made of it elsewhere
    *("identifier", "state", "is_featured", "is_promoted", "is_demoted", "is_announced", "schedule_published_on"),
    *("pentabarf_url", "ical_url", "xcal_url", "chat_room_name", "is_stripe_linked", "group", "created_at"),
)
COUNTED = ("average_rating", "rating_count", "favourite_count", "is_mail_sent", "created_at", "last_modified_at")
# A higher floor adds its own to both when it is ready.
COPIED = [
    Copied(model=Track),
    Copied(model=Microlocation, anew=("chat_room_name", "video_stream")),
    Copied(model=SessionType),
    Copied(model=Sponsor),
    Copied(model=SocialLink, anew=("identifier",)),
    Copied(model=SpeakersCall, change=closed),
    Copied(model=FaqType),
    Copied(model=Faq),
    Copied(model=CustomForm),
    Copied(model=CustomFormOption),
    Copied(model=CustomFormTranslate),
    Copied(model=EventCopyright),
    Copied(model=BadgeForm),
    Copied(model=BadgeFieldForm),
    Copied(model=Speaker, is_programme=True),
    Copied(model=Session, anew=COUNTED, is_programme=True),
    Copied(model=Exhibitor),
]
LEFT_BEHIND = [
    *(UsersEventsRoles, RoleInvite, SpeakerInvite, Feedback, UserFavouriteSession, UserFavouriteEvent, Tag),
    *(VideoStream, VideoStreamModerator, VideoRecording, TranslationChannel, EmailNotification),
]


def copy_event(event: Event, *, by, with_programme: bool = True) -> Event:
    """A draft of `by`'s own. One transaction, so many queries a model however many rows; files get copies too.

    Whether `by` may copy it, and may have an event, is for the caller to ask.
    """
    copying = Copying(event)
    try:
        with atomic():
            copy = copying.copy_itself()
            for part in COPIED:
                copying.copy_rows(part, is_wanted=with_programme or not part.is_programme)
            give_role(copy, OWNER, to=by)
            record("event.copied", by=by, about=copy, event_id=copy.pk, source=event.pk)
    except BaseException:
        copying.remove_files()
        raise
    return copy


class Copying:
    """One run: which row has become which, and which file."""

    def __init__(self, event):
        self.event, self.rows, self.files = event, {}, {}

    def copy_itself(self):
        [row] = Event.objects.filter(pk=self.event.pk)
        copy = self.unsaved(Copied(model=Event, anew=ANEW), row)
        copy.save(force_insert=True)
        self.rows[Event] = {self.event.pk: copy}
        return copy

    def copy_rows(self, part, *, is_wanted):
        of_the_event = {f"{part.model.event_path}id": self.event.pk}
        found = part.model.objects.filter(part.only, part.model.live_rows(), **of_the_event).order_by("pk")
        copies = {row.pk: self.unsaved(part, row) for row in (found if is_wanted else ())}
        part.model.objects.bulk_create(copies.values())
        self.rows[part.model] = copies
        for links in part.model._meta.many_to_many:
            self.copy_links(part.model, links)

    def copy_links(self, model, relation):
        """Which talk is whose: links between two rows that have both been copied."""
        near, far = relation.m2m_column_name(), relation.m2m_reverse_name()
        ends = self.rows[model], self.rows.get(relation.related_model, {})
        if not all(ends):
            return
        links = relation.remote_field.through
        path = f"{relation.m2m_field_name()}__{model.event_path}id"
        pairs = links.objects.filter(**{path: self.event.pk}).order_by("pk").values_list(near, far)
        links.objects.bulk_create(
            links(**{near: ends[0][one].pk, far: ends[1][other].pk})
            for one, other in pairs
            if one in ends[0] and other in ends[1]
        )

    def unsaved(self, part, row):
        """The row once more: keys to copied rows lead to the copies, its files are files of its own."""
        copy = part.model()
        for column in part.model._meta.concrete_fields:
            if column.primary_key or column.name in part.anew:
                continue
            value = getattr(row, column.attname)
            if column.is_relation and hasattr(column.related_model, "event_path"):
                setattr(copy, column.name, self.rows.get(column.related_model, {}).get(value))
            else:
                setattr(copy, column.attname, self.own(value))
        if part.change:
            part.change(copy)
        return copy

    def own(self, value):
        """A text that is the address of a file of ours becomes that of the file's copy, also within lists."""
        if isinstance(value, dict):
            return {name: self.own(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.own(each) for each in value]
        if not isinstance(value, str):
            return value
        if value not in self.files:
            self.files[value] = copy_stored(value)
        stored = self.files[value]
        return stored.url if stored else value

    def remove_files(self):
        """Files do not roll back with the database."""
        remove_stored(*(stored.name for stored in self.files.values() if stored))
