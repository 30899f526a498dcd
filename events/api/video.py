"""Video: streams of events and rooms, their moderators and recordings, and the providers."""

from rest_framework.serializers import ValidationError

from accounts.models import normalise_email
from events.models import TranslationChannel, VideoChannel, VideoRecording, VideoStream, VideoStreamModerator
from events.services.video import add_moderator, change_moderator
from openevent.core.refusals import Refused
from openevent.core.relations import Relation
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet

ROOMS = "/data/relationships/rooms"
SHORT = (str, bool, int, float, type(None))


class VideoChannelSerializer(ResourceSerializer):
    class Meta:
        model = VideoChannel
        fields = ("name", "provider", "url", "api_url", "api_key", "extra", "created_at", "modified_at")
        private_fields = ("api_key", "extra")
        secrets = ("api_key",)

    def validate_extra(self, extra):
        if extra is not None and not (isinstance(extra, dict) and all(isinstance(v, SHORT) for v in extra.values())):
            raise ValidationError("This is an object of texts, numbers and flags.")
        return extra


class VideoChannelViewSet(ResourceViewSet):
    serializer_class = VideoChannelSerializer


class VideoStreamSerializer(ResourceSerializer):
    class Meta:
        model = VideoStream
        fields = (
            *("name", "url", "bg_img_url", "password", "additional_information", "extra", "is_chat_enabled"),
            *("is_global_event_room", "chat_room_name", "event", "rooms", "video_channel", "video_recordings"),
        )
        relations = {
            "moderators": Relation(VideoStreamModerator, "video_stream", path="video-stream-moderators"),
            "translation_channels": Relation(TranslationChannel, "video_stream", path="translation_channels"),
        }
        sets = ("rooms",)
        extra_kwargs = {"event": {"required": False}}  # rooms say it as well

    def validate_extra(self, extra):
        if extra is None:
            return None
        if not isinstance(extra, dict) or not all(isinstance(extra.get(flag, False), bool) for flag in FLAGS):
            raise ValidationError("This is an object, in which autoplay and loop are true or false.")
        return extra


FLAGS = ("autoplay", "loop")


class VideoStreamViewSet(ResourceViewSet):
    """A stream is of an event, or of some of its rooms."""

    serializer_class = VideoStreamSerializer

    def given(self, values):
        rooms = values.get("rooms", [])
        if bool(rooms) == ("event" in values):
            raise Refused("event-or-rooms", "Name either the event or the rooms of the stream.", pointer=ROOMS)
        if not rooms:
            return {"is_of_event": True}
        if len({room.event_id for room in rooms}) > 1:
            raise Refused("other-event", "These rooms are of different events.", status=403, pointer=ROOMS)
        return {"event": rooms[0].event}

    def before_update(self, stream, values):
        if "rooms" in values and bool(values["rooms"]) == stream.is_of_event:
            raise Refused("event-or-rooms", "A stream is of its event, or of rooms of it.", pointer=ROOMS)


class VideoStreamModeratorSerializer(ResourceSerializer):
    class Meta:
        model = VideoStreamModerator
        fields = ("email", "video_stream")
        relations = {
            "user": Relation(VideoStreamModerator._meta.get_field("user").related_model, many=False, column="user_id")
        }
        fixed = ("video_stream",)
        needs = ("video_stream",)

    def validate_email(self, email):
        return normalise_email(email)


class VideoStreamModeratorViewSet(ResourceViewSet):
    serializer_class = VideoStreamModeratorSerializer

    def perform_create(self, serializer, given):
        return add_moderator(by=self.request.user, **serializer.validated_data)

    def perform_update(self, serializer, moderator):
        change_moderator(moderator, by=self.request.user)


class VideoRecordingSerializer(ResourceSerializer):
    class Meta:
        model = VideoRecording
        fields = ("bbb_record_id", "participants", "url", "start_time", "end_time", "video_stream")
        fixed = ("video_stream",)
        needs = ("video_stream",)

    def validate(self, values):
        starts, ends = (values.get(name, getattr(self.instance, name, None)) for name in ("start_time", "end_time"))
        if self.is_changed(values, "start_time", "end_time") and ends < starts:
            raise ValidationError({"end_time": "The end must not be before the start."})
        return values


class VideoRecordingViewSet(ResourceViewSet):
    serializer_class = VideoRecordingSerializer


class TranslationChannelSerializer(ResourceSerializer):
    class Meta:
        model = TranslationChannel
        type = "translation_channel"
        fields = ("name", "url", "video_stream", "channel")
        fixed = ("video_stream",)
        needs = ("video_stream",)


class TranslationChannelViewSet(ResourceViewSet):
    serializer_class = TranslationChannelSerializer
