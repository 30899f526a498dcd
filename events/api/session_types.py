"""Kinds of session, with their length."""

from events.models import SessionType
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class SessionTypeSerializer(ResourceSerializer):
    class Meta:
        model = SessionType
        fields = ("name", "length", "position", "event", "sessions")


class SessionTypeViewSet(ResourceViewSet):
    serializer_class = SessionTypeSerializer
