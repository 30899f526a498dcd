"""Under which licence what an event publishes may be used."""

from events.models import EventCopyright
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class EventCopyrightSerializer(ResourceSerializer):
    class Meta:
        model = EventCopyright
        fields = ("holder", "holder_url", "licence", "licence_url", "year", "logo_url", "event")


class EventCopyrightViewSet(ResourceViewSet):
    serializer_class = EventCopyrightSerializer
