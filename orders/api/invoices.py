"""Invoices of the site to those who own events: read by them, settled by staff."""

from django.conf import settings
from django.db.models import Q
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated, NotFound
from rest_framework.response import Response
from rest_framework.views import APIView

from openevent.core.describing import says
from openevent.core.idempotency import once_per_key
from openevent.core.limits import limit
from openevent.core.relations import Relation
from openevent.core.serializers import ResourceSerializer, find_by_key
from openevent.core.viewsets import ResourceViewSet
from orders.api.checkout import TRIES
from orders.api.payments import PAGES_TAKEN, read_attributes, read_pages, read_text
from orders.models import DiscountCode, EventInvoice
from orders.services.invoices import settle_invoice
from orders.services.paying_invoices import ask_paypal_for_invoice, execute_paypal_for_invoice, pay_invoice_by_token


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


class InvoiceView(APIView):
    """An endpoint about one invoice, by number or identifier, as far as the asker may see it."""

    def find(self, request, key):
        if not request.user.is_authenticated:
            raise NotAuthenticated("Sign in first.")
        invoice = find_by_key(EventInvoice.objects.visible_to(request.user).select_related("event", "user"), key)
        if invoice is None:
            raise NotFound
        return invoice


class CreatePayPalPaymentForInvoiceView(InvoiceView):
    """POST {data: {attributes: {return-url, cancel-url}}} -> {status, payment_id}, and where it is approved."""

    @says(takes=PAGES_TAKEN, answers={"status": bool, "payment_id": str, "approval_url": str})
    def post(self, request, key):
        invoice = self.find(request, key)
        limit("pay", request.user.pk, TRIES)
        payment = ask_paypal_for_invoice(invoice, by=request.user, pages=read_pages(read_attributes(request)))
        return Response({"status": True, "payment_id": payment.reference, "approval_url": payment.pay_url})


class ChargeInvoiceView(InvoiceView):
    """POST what was approved at PayPal, or a token of Stripe's -> {status, payment_id}; 422 with the provider's no."""

    @says(
        takes={"data": {"attributes": {"paypal_payment_id?": str, "paypal_payer_id?": str, "stripe?": str | None}}},
        answers={"status": str, "payment_id": str},
    )
    @once_per_key()
    def post(self, request, key):
        invoice, sent = self.find(request, key), read_attributes(request)
        limit("pay", request.user.pk, TRIES)
        if sent.get("stripe"):
            reference = pay_invoice_by_token(invoice, by=request.user, token=read_text(sent, "stripe")).reference
        else:
            reference = read_text(sent, "paypal-payment-id")
            payer = read_text(sent, "paypal-payer-id")
            execute_paypal_for_invoice(invoice, by=request.user, payment_id=reference, payer_id=payer)
        return Response({"status": "Charge Successful", "payment_id": reference})
