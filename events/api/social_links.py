"""Where an event is on the web."""

from events.models import SocialLink
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class SocialLinkSerializer(ResourceSerializer):
    class Meta:
        model = SocialLink
        fields = ("name", "link", "identifier", "event")


class SocialLinkViewSet(ResourceViewSet):
    serializer_class = SocialLinkSerializer
