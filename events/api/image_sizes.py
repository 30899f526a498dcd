"""Into which sizes pictures are cut: one row for events, number 1, and one for speakers, number 2."""

from events.models import EventImageSize, SpeakerImageSize
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


def columns_of(model):
    return tuple(column.name for column in model._meta.concrete_fields if not column.primary_key)


class EventImageSizeSerializer(ResourceSerializer):
    class Meta:
        model = EventImageSize
        fields = columns_of(EventImageSize)


class EventImageSizeViewSet(ResourceViewSet):
    serializer_class = EventImageSizeSerializer
    only_key = str(EventImageSize.number)
    verbs = ("retrieve", "partial_update")


class SpeakerImageSizeSerializer(ResourceSerializer):
    class Meta:
        model = SpeakerImageSize
        fields = columns_of(SpeakerImageSize)


class SpeakerImageSizeViewSet(ResourceViewSet):
    serializer_class = SpeakerImageSizeSerializer
    only_key = str(SpeakerImageSize.number)
    verbs = ("retrieve", "partial_update")
