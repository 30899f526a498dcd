"""Sponsors."""

from events.models import Sponsor
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class SponsorSerializer(ResourceSerializer):
    class Meta:
        model = Sponsor
        fields = ("name", "description", "url", "level", "logo_url", "type", "event")


class SponsorViewSet(ResourceViewSet):
    serializer_class = SponsorSerializer
