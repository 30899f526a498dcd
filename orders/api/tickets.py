"""Ticket types, their tags, and the tax of an event."""

from openevent.core.refusals import Refused
from openevent.core.relations import Relation
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet
from orders.models import OrderStatisticsTicket, Tax, Ticket, TicketTag
from orders.services.ticket_types import check_ticket, refuse_if_sold


class TicketSerializer(ResourceSerializer):
    class Meta:
        model = Ticket
        fields = (
            *("name", "description", "type", "price", "min_price", "max_price", "quantity", "position"),
            *("is_description_visible", "is_fee_absorbed", "sales_starts_at", "sales_ends_at", "is_hidden"),
            *("min_order", "max_order", "is_checkin_restricted", "auto_checkin_enabled", "form_id", "badge_id"),
            *("event", "ticket_tags", "discount_codes", "access_codes", "attendees"),
        )
        relations = {"order_statistics": Relation(OrderStatisticsTicket, "pk", many=False)}

    def validate(self, values):
        event = values["event"] if self.instance is None else self.instance.event
        check_ticket(values, event=event, ticket=self.instance)
        return values


class TicketViewSet(ResourceViewSet):
    serializer_class = TicketSerializer

    def perform_destroy(self, ticket):
        refuse_if_sold(ticket)
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
