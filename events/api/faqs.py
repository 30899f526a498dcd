"""What visitors ask, and what the answer is."""

from events.models import Faq, FaqType
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class FaqSerializer(ResourceSerializer):
    class Meta:
        model = Faq
        fields = ("question", "answer", "event", "faq_type")


class FaqViewSet(ResourceViewSet):
    serializer_class = FaqSerializer


class FaqTypeSerializer(ResourceSerializer):
    class Meta:
        model = FaqType
        fields = ("name", "event", "faqs")


class FaqTypeViewSet(ResourceViewSet):
    serializer_class = FaqTypeSerializer
