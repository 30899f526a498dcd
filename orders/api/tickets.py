"""Ticket types, their tags, and the tax of an event."""

from rest_framework.serializers import ValidationError

from events.models import Event
from openevent.core.refusals import Refused
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet
from orders.models import Order, Tax, Ticket, TicketTag
from orders.models.order import SEATED
from orders.models.ticket import DONATION, FREE, KINDS, PAID

WAYS_TO_PAY = [column.name for column in Event._meta.concrete_fields if column.name.startswith("can_pay_")]


class TicketSerializer(ResourceSerializer):
    class Meta:
        model = Ticket
        fields = (
            *("name", "description", "type", "price", "min_price", "max_price", "quantity", "position"),
            *("is_description_visible", "is_fee_absorbed", "sales_starts_at", "sales_ends_at", "is_hidden"),
            *("min_order", "max_order", "is_checkin_restricted", "auto_checkin_enabled", "form_id", "badge_id"),
            *("event", "ticket_tags", "discount_codes", "access_codes", "attendees"),
        )

    def validate(self, values):
        def now(name):
            return values.get(name, getattr(self.instance, name, None) or Ticket._meta.get_field(name).get_default())

        event = values["event"] if self.instance is None else self.instance.event
        kind = KINDS[now("type")]
        if now("sales_ends_at") <= now("sales_starts_at"):
            raise ValidationError({"sales_ends_at": "Sales must end after they start."})
        if self.is_changed(values, "sales_ends_at") and now("sales_ends_at") > event.ends_at:
            raise ValidationError({"sales_ends_at": "Sales cannot go on after the event."})
        if now("max_order") < now("min_order"):
            raise ValidationError({"max_order": "must not be lower than min-order"})
        if now("quantity") < max(now("min_order"), now("max_order")):
            raise ValidationError({"quantity": "must not be lower than min-order and max-order"})
        if self.instance and now("quantity") < self.instance.reserved:
            raise ValidationError({"quantity": f"{self.instance.reserved} are sold or held already."})
        if kind == PAID and not now("price"):
            raise ValidationError({"price": "A paid ticket costs more than nothing."})
        if kind == DONATION and now("max_price") and now("max_price") < now("min_price"):
            raise ValidationError({"max_price": "must not be lower than min-price"})
        if kind != FREE and self.is_changed(values, "type") and not any(getattr(event, way) for way in WAYS_TO_PAY):
            raise ValidationError({"type": "The event has no way to pay yet. Enable one first."})
        return values


class TicketViewSet(ResourceViewSet):
    serializer_class = TicketSerializer

    def perform_destroy(self, ticket):
        if Order.objects.filter(attendees__ticket=ticket, status__in=SEATED).exists():
            raise Refused("ticket-sold", "Tickets of this type are sold. Hide it instead.", status=403)
        super().perform_destroy(ticket)


class TicketTagSerializer(ResourceSerializer):
    class Meta:
        model = TicketTag
        fields = ("name", "tickets", "event")


class TicketTagViewSet(ResourceViewSet):
    serializer_class = TicketTagSerializer


class TaxSerializer(ResourceSerializer):
    class Meta:
        model = Tax
        fields = (
            *("name", "rate", "is_tax_included_in_price", "country", "tax_id", "should_send_invoice"),
            *("is_invoice_sent", "registered_company", "contact_name", "phone", "email", "address", "city", "state"),
            *("zip", "invoice_footer", "event"),
        )
        private_fields = (
            *("country", "tax_id", "should_send_invoice", "is_invoice_sent", "registered_company", "contact_name"),
            *("phone", "email", "address", "city", "state", "zip", "invoice_footer"),
        )


class TaxViewSet(ResourceViewSet):
    serializer_class = TaxSerializer

    def given(self, values):
        if not values["event"].is_tax_enabled:
            raise Refused("tax-off", "Tax is not enabled at this event.", status=405)
        return super().given(values)
