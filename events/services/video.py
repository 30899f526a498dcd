"""Who moderates a stream, and whether an event has one."""

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from accounts.services.log import record
from events.models import Event, VideoStream, VideoStreamModerator
from notifications.services.mail import send_mail
from openevent.core.atomic import atomic


def add_moderator(*, by, video_stream: VideoStream, email: str) -> VideoStreamModerator:
    """Tell whoever has this address that they moderate the stream, and may join it."""
    with atomic():
        moderator = VideoStreamModerator(video_stream=video_stream, email=email)
        _appoint(moderator, by=by)
    return moderator


def change_moderator(moderator: VideoStreamModerator, *, by) -> None:
    """Somebody else moderates from now on, if the address is another."""
    if moderator.email != VideoStreamModerator.objects.values_list("email", flat=True).get(pk=moderator.pk):
        with atomic():
            _appoint(moderator, by=by)


def streams_of(event: Event, *, by) -> dict[str, bool]:
    """Whether the event or a room of it has a stream, and whether this user may join one."""
    streams = VideoStream.objects.filter(event=event)
    return {"exists": streams.exists(), "can_access": streams.visible_to(by).exists()}


def _appoint(moderator, *, by):
    moderator.user = User.objects.with_email(moderator.email)
    moderator.save()
    stream, event = moderator.video_stream, moderator.video_stream.event
    record("stream-moderator.appointed", by=by, about=stream, event_id=event.pk, moderator=moderator.pk)
    context = {
        "stream_name": stream.name,
        "event_name": event.name,
        "inviter": by.name,
        "button_url": settings.BASE_URL + reverse("event", args=[event.identifier]),
        "button_text": "See the event",
    }
    send_mail("video-moderator", to=moderator.email, context=context, about=stream, by=by)
