"""Marks that the team puts on attendees."""

from events.models import Tag
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class TagSerializer(ResourceSerializer):
    class Meta:
        model = Tag
        fields = ("name", "color", "is_read_only", "event")


class TagViewSet(ResourceViewSet):
    serializer_class = TagSerializer
