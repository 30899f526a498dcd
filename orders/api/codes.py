"""Discount codes and access codes, as their team keeps them."""

from events.models import Event
from openevent.core.relations import Relation
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet
from orders.models import AccessCode, DiscountCode
from orders.services.code_rules import check_access_code, check_discount_code


class DiscountCodeSerializer(ResourceSerializer):
    class Meta:
        model = DiscountCode
        fields = (
            *("code", "discount_url", "value", "type", "is_active", "tickets_number", "min_quantity"),
            *("max_quantity", "valid_from", "valid_till", "used_for", "created_at", "event", "marketer", "tickets"),
        )
        relations = {"events": Relation(Event, "discount_codes")}

    def validate(self, values):
        check_discount_code(values, self.instance)
        return values


class DiscountCodeViewSet(ResourceViewSet):
    serializer_class = DiscountCodeSerializer


class AccessCodeSerializer(ResourceSerializer):
    class Meta:
        model = AccessCode
        fields = (
            *("code", "access_url", "is_active", "tickets_number", "min_quantity", "max_quantity", "valid_from"),
            *("valid_till", "event", "marketer", "tickets"),
        )

    def validate(self, values):
        check_access_code(values, self.instance)
        return values


class AccessCodeViewSet(ResourceViewSet):
    serializer_class = AccessCodeSerializer
