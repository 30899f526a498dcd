"""Rooms."""

from events.models import Microlocation, VideoStream
from openevent.core.relations import Relation
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class MicrolocationSerializer(ResourceSerializer):
    class Meta:
        model = Microlocation
        fields = (
            *("name", "latitude", "longitude", "floor", "hidden_in_scheduler", "chat_room_name", "is_chat_enabled"),
            *("is_global_event_room", "position", "room", "sessions", "event"),
        )
        relations = {
            "video_stream": Relation(VideoStream, many=False, column="video_stream_id")
        }  # which names its rooms


class MicrolocationViewSet(ResourceViewSet):
    serializer_class = MicrolocationSerializer
