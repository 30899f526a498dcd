"""Pages of words: about, terms, privacy."""

from accounts.models import Page
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class PageSerializer(ResourceSerializer):
    class Meta:
        model = Page
        fields = ("name", "title", "url", "description", "place", "language", "index")


class PageViewSet(ResourceViewSet):
    serializer_class = PageSerializer
