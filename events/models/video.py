"""Video: where an event or its rooms can be joined from afar, by which provider, who moderates, what was recorded."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from events.models.part import PlainEventPart
from events.rules import BACKSTAGE, PROGRAMME, VIDEO_STREAMS
from openevent.core.columns import Line, flag, long_text, text, url
from openevent.core.policies import CATALOG
from openevent.core.rows import Row


class VideoChannel(Row):
    """A provider of video, as the site's staff has set it up."""

    policy = CATALOG

    name = Line(max_length=200)
    provider = Line(max_length=100)
    api_url = url()
    url = models.URLField(max_length=2000)
    api_key = text(1000)  # a secret
    extra = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    modified_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.name


class VideoStream(PlainEventPart):
    """Of the whole event, or of rooms of it, which name it."""

    policy = VIDEO_STREAMS

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="video_streams")
    is_of_event = flag(editable=False)
    video_channel = models.ForeignKey(
        VideoChannel, models.SET_NULL, null=True, blank=True, related_name="video_streams"
    )
    name = Line(max_length=400)
    url = models.URLField(max_length=2000)
    bg_img_url = text(2000)
    password = text()
    additional_information = long_text()
    extra = models.JSONField(null=True, blank=True)
    is_chat_enabled = models.BooleanField(null=True, default=False)
    is_global_event_room = models.BooleanField(null=True, default=False)
    chat_room_name = text(editable=False)

    class Meta(PlainEventPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["event"],
                condition=Q(is_of_event=True),
                name="one_stream_of_a_whole_event",
                violation_error_message="This event has a stream already.",
            )
        ]

    def __str__(self):
        return self.name


class StreamPart(Row):
    """A row of a stream, and so of its event."""

    policy = BACKSTAGE
    event_path = "video_stream__event__"

    class Meta:
        abstract = True
        ordering = ["pk"]

    @classmethod
    def live_rows(cls):
        return Q(video_stream__event__deleted_at=None)

    def event_key(self):
        return self.video_stream.event_id


class VideoStreamModerator(StreamPart):
    """Who moderates: whoever has proven this address may join."""

    video_stream = models.ForeignKey(VideoStream, models.CASCADE, related_name="moderators")
    email = models.EmailField(max_length=254)  # normalised
    user = models.ForeignKey(  # the account of the address, if there was one
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="video_stream_moderators"
    )

    class Meta(StreamPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["email", "video_stream"],
                name="one_moderator_per_address_and_stream",
                violation_error_message="This address moderates the stream already.",
            )
        ]

    def __str__(self):
        return f"{self.email} at {self.video_stream}"


class TranslationChannel(StreamPart):
    """Where the interpreters of a stream are heard."""

    policy = PROGRAMME

    video_stream = models.ForeignKey(VideoStream, models.CASCADE, related_name="translation_channels")
    channel = models.ForeignKey(VideoChannel, models.CASCADE, related_name="translation_channels")
    name = Line(max_length=400)
    url = Line(max_length=2000)

    def __str__(self):
        return self.name


class VideoRecording(StreamPart):
    video_stream = models.ForeignKey(VideoStream, models.CASCADE, related_name="video_recordings")
    bbb_record_id = text()
    participants = models.IntegerField(validators=[MinValueValidator(0)])
    url = models.URLField(max_length=2000)
    start_time = models.DateTimeField()
    end_time = models.DateTimeField()

    def __str__(self):
        return f"{self.video_stream} of {self.start_time:%Y-%m-%d}"
