"""Invoices of the site to those who own events: read by them, settled by staff."""

from django.conf import settings
from django.db.models import Q
from rest_framework import serializers

from openevent.core.relations import Relation
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet
from orders.models import DiscountCode, EventInvoice
from orders.services.invoices import settle_invoice


class EventInvoiceSerializer(ResourceSerializer):
    invoice_pdf_url = serializers.SerializerMethodField()

    class Meta:
        model = EventInvoice
        fields = (
            *("identifier", "amount", "created_at", "issued_at", "due_at", "completed_at", "transaction_id"),
            *("paid_via", "payment_mode", "brand", "exp_month", "exp_year", "last4", "stripe_token"),
            *("paypal_token", "status", "invoice_pdf_url", "user", "event"),
        )
        private_fields = ("stripe_token", "paypal_token")
        relations = {
            "discount_code": Relation(DiscountCode, "event__event_invoices", many=False, where=Q(used_for="event")),
        }

    def get_invoice_pdf_url(self, invoice) -> str:
        return f"{settings.BASE_URL}/v1/events/invoices/{invoice.identifier}"


class EventInvoiceViewSet(ResourceViewSet):
    serializer_class = EventInvoiceSerializer
    verbs = ("list", "retrieve", "partial_update")
    sign_in_to_list = True

    def perform_update(self, serializer, invoice):
        settle_invoice(invoice, by=self.request.user, changes=serializer.validated_data)

    def perform_destroy(self, invoice):
        """Never for good: its number would be missing."""
        invoice.hide()
