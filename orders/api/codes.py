"""Discount codes and access codes, as their team keeps them."""

from rest_framework.serializers import ValidationError

from events.models import Event
from openevent.core.refusals import Refused
from openevent.core.relations import Relation
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet
from orders.models import AccessCode, DiscountCode
from orders.models.codes import PERCENT
from orders.models.ticket import FREE


def check_limits(serializer, values):
    """What both kinds of code have: a time, a number, a quantity an order. Answers the values as they will be."""

    def now(name):
        return values.get(name, getattr(serializer.instance, name, None))

    if now("valid_from") and now("valid_till") and now("valid_till") < now("valid_from"):
        raise ValidationError({"valid_till": "must not be before valid-from"})
    low, high, number = now("min_quantity"), now("max_quantity"), now("tickets_number")
    limited = high is not None and high >= 0
    if limited and low is not None and low > high:
        raise ValidationError({"max_quantity": "must not be lower than min-quantity"})
    if limited and number is not None and number < high:
        raise ValidationError({"tickets_number": "must not be lower than max-quantity"})
    if serializer.instance and number is not None and number < serializer.instance.used:
        raise ValidationError({"tickets_number": f"{serializer.instance.used} are used already."})
    return now


def tickets_of(serializer, values):
    """The ticket types that a code will have, and those of them that it has not yet."""
    there = list(serializer.instance.tickets.all()) if serializer.instance else []
    chosen = values.get("tickets", there)
    return chosen, [ticket for ticket in chosen if ticket not in there]


class DiscountCodeSerializer(ResourceSerializer):
    class Meta:
        model = DiscountCode
        fields = (
            *("code", "discount_url", "value", "type", "is_active", "tickets_number", "min_quantity"),
            *("max_quantity", "valid_from", "valid_till", "used_for", "created_at", "event", "marketer", "tickets"),
        )
        relations = {"events": Relation(Event, "discount_codes")}

    def validate(self, values):
        now = check_limits(self, values)
        if self.instance and values.get("used_for", self.instance.used_for) != self.instance.used_for:
            raise Refused("used-for-fixed", "What a code is for cannot change.", status=409, pointer=at("used-for"))
        if now("type") == PERCENT and now("value") > 100:
            raise ValidationError({"value": "A percentage is 100 at most."})
        chosen, added = tickets_of(self, values)
        for ticket in added:
            if ticket.kind == FREE:
                raise ValidationError({"tickets": f"{ticket.name} is free already."})
        for ticket in chosen if self.is_changed(values, "type", "value") else added:
            if now("type") != PERCENT and ticket.price is not None and now("value") > ticket.price:
                raise ValidationError({"value": f"This is more than {ticket.name} costs."})
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
        check_limits(self, values)
        _, added = tickets_of(self, values)
        if shown := [ticket.name for ticket in added if not ticket.is_hidden]:
            raise Refused(
                "ticket-not-hidden",
                f"{shown[0]} is not hidden, so it needs no code.",
                status=409,
                pointer="/data/relationships/tickets",
            )
        return values


class AccessCodeViewSet(ResourceViewSet):
    serializer_class = AccessCodeSerializer


def at(name):
    return f"/data/attributes/{name}"
