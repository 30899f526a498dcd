"""Ticket fees, as the site's staff set them."""

from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet
from orders.models import TicketFee


class TicketFeeSerializer(ResourceSerializer):
    class Meta:
        model = TicketFee
        fields = ("currency", "country", "service_fee", "maximum_fee")


class TicketFeeViewSet(ResourceViewSet):
    serializer_class = TicketFeeSerializer
