"""Tracks."""

from events.models import Track
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class TrackSerializer(ResourceSerializer):
    class Meta:
        model = Track
        fields = ("name", "description", "color", "font_color", "position", "event", "sessions")


class TrackViewSet(ResourceViewSet):
    serializer_class = TrackSerializer
