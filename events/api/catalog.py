"""Kinds and topics of events."""

from events.models import EventTopic, EventType
from openevent.core.relations import not_served
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class EventTypeSerializer(ResourceSerializer):
    class Meta:
        model = EventType
        fields = ("name", "slug", "events")


class EventTypeViewSet(ResourceViewSet):
    serializer_class = EventTypeSerializer


class EventTopicSerializer(ResourceSerializer):
    class Meta:
        model = EventTopic
        fields = ("name", "system_image_url", "slug", "events")
        relations = not_served("event_sub_topics")


class EventTopicViewSet(ResourceViewSet):
    serializer_class = EventTopicSerializer
