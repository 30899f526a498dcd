"""Rooms."""

from events.models import Microlocation
from openevent.core.relations import not_served
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class MicrolocationSerializer(ResourceSerializer):
    class Meta:
        model = Microlocation
        fields = (
            *("name", "latitude", "longitude", "floor", "hidden_in_scheduler", "chat_room_name", "is_chat_enabled"),
            *("is_global_event_room", "position", "room", "sessions", "event"),
        )
        relations = not_served("video_stream", many=False)


class MicrolocationViewSet(ResourceViewSet):
    serializer_class = MicrolocationSerializer
