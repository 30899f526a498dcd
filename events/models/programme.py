"""The programme of an event: tracks, rooms, kinds of session, sessions and speakers."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone

from events.models.part import EventPart
from events.rules import SESSIONS, SPEAKERS, SPEAKERS_CALLS, TRACKS
from openevent.core.columns import LATITUDE, LONGITUDE, Line, degrees, flag, long_text, moment, rich_text, text, url

HEX_COLOUR = RegexValidator(r"^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$", "Enter a colour as #RGB or #RRGGBB.")
HOURS_AND_MINUTES = RegexValidator(r"^\d{1,2}:[0-5]\d$", "Enter a length as HH:MM.")
SESSION_STATES = ["draft", "pending", "accepted", "confirmed", "rejected", "canceled", "withdrawn"]
LEVELS = ["Beginner", "Intermediate", "Advanced", "Expert"]
GENDERS = [
    "Man",
    "Woman",
    "Transgender",
    "Non-binary",
    "Genderqueer",
    "An identity not listed here",
    "I prefer not to say",
]


def choices(values):
    return [(value, value.capitalize()) for value in values]


class Track(EventPart):
    policy = TRACKS
    has_own_counter = True

    name = Line(max_length=400)
    description = long_text()
    color = models.CharField(max_length=7, validators=[HEX_COLOUR])
    position = models.IntegerField(default=0)

    def __str__(self):
        return self.name

    @property
    def font_color(self) -> str:
        """Black or white, whichever is easier to read on the track's colour."""
        digits = self.color.lstrip("#")
        if len(digits) == 3:
            digits = "".join(digit * 2 for digit in digits)
        red, green, blue = (int(part, 16) for part in re.findall("..", digits))
        return "#000000" if red * 0.299 + green * 0.587 + blue * 0.114 > 150 else "#ffffff"


class Microlocation(EventPart):
    has_own_counter = True

    name = Line(max_length=400)
    latitude = degrees(LATITUDE)
    longitude = degrees(LONGITUDE)
    floor = models.IntegerField(null=True, blank=True)
    room = text()
    position = models.IntegerField(default=0)
    hidden_in_scheduler = flag()
    is_chat_enabled = models.BooleanField(null=True, default=False)
    is_global_event_room = models.BooleanField(null=True, default=False)
    video_stream = models.ForeignKey(
        "events.VideoStream", models.SET_NULL, null=True, blank=True, editable=False, related_name="rooms"
    )
    chat_room_name = text(editable=False)

    def __str__(self):
        return self.name


class SessionType(EventPart):
    event = models.ForeignKey("events.Event", models.CASCADE, related_name="session_types")
    name = Line(max_length=400)
    length = models.CharField(max_length=5, validators=[HOURS_AND_MINUTES])
    position = models.IntegerField(default=0)

    def __str__(self):
        return self.name


class Speaker(EventPart):
    policy = SPEAKERS
    has_own_counter = True

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="speakers")
    name = Line(max_length=400)
    email = models.EmailField(null=True, blank=True)
    is_email_overridden = flag()
    photo_url = url()
    thumbnail_image_url = url()
    small_image_url = url()
    icon_image_url = url()
    short_biography = rich_text()
    long_biography = rich_text()
    speaking_experience = rich_text()
    mobile = text(100)
    website = url()
    twitter = url()
    facebook = url()
    github = url()
    mastodon = url()
    linkedin = url()
    instagram = url()
    organisation = text()
    position = text()
    country = text()
    city = text()
    address = text(1000)
    gender = text(60, choices=[(value, value) for value in GENDERS])
    heard_from = text(1000)
    sponsorship_required = text(1000)
    is_featured = flag()
    order = models.IntegerField(default=0)
    complex_field_values = models.JSONField(null=True, blank=True)
    speaker_positions = models.JSONField(null=True, blank=True)

    class Meta(EventPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["event", "email"],
                condition=models.Q(deleted_at=None),
                name="one_speaker_per_email_and_event",
            )
        ]

    def __str__(self):
        return self.name


def check_times(starts_at, ends_at):
    """For every door that takes the times of a session."""
    if starts_at and ends_at and ends_at <= starts_at:
        raise ValidationError({"ends_at": "The end must be after the start."})


class Session(EventPart):
    policy = SESSIONS
    has_own_counter = True

    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="sessions"
    )
    track = models.ForeignKey(Track, models.SET_NULL, null=True, blank=True, related_name="sessions")
    microlocation = models.ForeignKey(Microlocation, models.SET_NULL, null=True, blank=True, related_name="sessions")
    session_type = models.ForeignKey(SessionType, models.SET_NULL, null=True, blank=True, related_name="sessions")
    speakers = models.ManyToManyField(Speaker, blank=True, related_name="sessions")

    title = Line(max_length=400)
    subtitle = text()
    level = text(20, choices=[(value, value) for value in LEVELS])
    language = text(100)
    short_abstract = rich_text(default="")
    long_abstract = rich_text(default="")
    comments = rich_text()
    starts_at = moment()
    ends_at = moment()
    state = models.CharField(max_length=20, default="pending", choices=choices(SESSION_STATES))
    slides_url = url()
    slides = models.JSONField(null=True, blank=True)
    website = url()
    twitter = url()
    facebook = url()
    github = url()
    linkedin = url()
    instagram = url()
    gitlab = url()
    mastodon = url()
    video_url = url()
    audio_url = url()
    signup_url = url()
    submitted_at = moment()
    is_mail_sent = flag()
    is_locked = flag()
    average_rating = models.FloatField(default=0, editable=False)
    rating_count = models.PositiveIntegerField(default=0, editable=False)
    favourite_count = models.PositiveIntegerField(default=0, editable=False)
    complex_field_values = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_modified_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta(EventPart.Meta):
        indexes = [models.Index(fields=["event", "state", "starts_at"])]

    def __str__(self):
        return self.title

    def save(self, **options):
        self.last_modified_at = timezone.now()
        super().save(**options)

    @property
    def room(self):
        """Where it is, unless that room was deleted since."""
        return self.microlocation if self.microlocation_id and self.microlocation.deleted_at is None else None

    @property
    def live_track(self):
        return self.track if self.track_id and self.track.deleted_at is None else None


class SpeakersCall(EventPart):
    policy = SPEAKERS_CALLS

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="speakers_calls")
    announcement = rich_text()
    starts_at = models.DateTimeField()
    soft_ends_at = moment()
    ends_at = models.DateTimeField()
    hash = text(100)
    privacy = models.CharField(max_length=20, default="public", choices=[("public", "Public"), ("private", "Private")])

    class Meta(EventPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["event"], condition=models.Q(deleted_at=None), name="one_call_for_speakers_per_event"
            )
        ]

    def __str__(self):
        return f"Call for speakers of {self.event}"
