"""Who shows something at a stand."""

from rest_framework.serializers import ValidationError

from events.models import Exhibitor
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class ExhibitorSerializer(ResourceSerializer):
    class Meta:
        model = Exhibitor
        fields = (
            *("name", "status", "description", "url", "position", "logo_url", "banner_url", "thumbnail_image_url"),
            *("enable_video_room", "video_url", "slides_url", "contact_email", "contact_link", "social_links"),
            *("event", "sessions"),
        )

    def validate_social_links(self, links):
        """[{"name", "link", "is_custom"}]"""
        if links is None:
            return None
        if not isinstance(links, list) or not all(is_link(entry) for entry in links):
            raise ValidationError("This is a list of links, each with a name and an address.")
        return links


def is_link(entry):
    return isinstance(entry, dict) and all(isinstance(entry.get(part), str) for part in ("name", "link"))


class ExhibitorViewSet(ResourceViewSet):
    serializer_class = ExhibitorSerializer
