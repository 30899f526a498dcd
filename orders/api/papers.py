"""PDFs of orders and the links to them, and the question whether an order is paid."""

from django.conf import settings
from django.http import HttpResponse
from rest_framework.exceptions import NotAuthenticated, NotFound, PermissionDenied
from rest_framework.response import Response
from rest_framework.views import APIView

from events.rules import coorganizes
from openevent.core.describing import says
from openevent.core.limits import limit
from openevent.core.serializers import find_by_key
from orders.models import Attendee, EventInvoice, Order
from orders.rules import bought_it, bought_the_order, holds_it
from orders.services.invoice_papers import invoice_of_event, invoice_of_order
from orders.services.paper_links import links_for, read_link
from orders.services.papers import live_attendees, ticket_of_attendee, tickets_of_order
from orders.services.paying import verify_payment


class OrderView(APIView):
    """An endpoint about one order, by number or identifier, as far as the asker may see it."""

    def find(self, request, key):
        if not request.user.is_authenticated:
            raise NotAuthenticated("Sign in first.") if request.method == "POST" else NotFound
        orders = Order.objects.visible_to(request.user).select_related("event", "discount_code")
        order = find_by_key(orders, key)
        if order is None:
            raise NotFound
        return order


class TicketsPdfView(OrderView):
    """GET -> every ticket of the order for its buyer and the team, their own for a holder."""

    @says(answers="application/pdf")
    def get(self, request, key):
        order = self.find(request, key)
        attendees = live_attendees(order)
        if not (coorganizes(request.user, order) or bought_it(request.user, order)):
            attendees = [attendee for attendee in attendees if holds_it(request.user, attendee)]
        return file_response(tickets_of_order(order, attendees))


class PapersView(OrderView):
    """GET -> every paper that the asker may have, each with a link that opens without a header for five minutes."""

    @says(answers={"papers": [{"name": str, "title": str, "url": str}]})
    def get(self, request, key):
        order = self.find(request, key)
        address = settings.BASE_URL + "/v1/orders/papers/"
        found = [
            {"name": paper.name, "title": paper.title, "url": address + link}
            for paper, link in links_for(request.user, order)
        ]
        answer = Response({"papers": found})
        answer["Cache-Control"] = "private, no-store"
        return answer


class PaperView(APIView):
    """The paper behind such a link: the link is the credential, and names who asked for it."""

    authentication_classes = ()

    @says(answers="application/pdf")
    def get(self, request, link):
        return file_response(read_link(link))


class AttendeePdfView(APIView):
    """GET -> one ticket, for its holder, the buyer and the team."""

    @says(answers="application/pdf")
    def get(self, request, key):
        attendees = Attendee.objects.visible_to(request.user).select_related("ticket", "order__event", "event")
        attendee = find_by_key(attendees, key)
        if attendee is None:
            raise NotFound
        if not (coorganizes | bought_the_order | holds_it)(request.user, attendee):
            raise PermissionDenied
        return file_response(ticket_of_attendee(attendee))


class OrderInvoiceView(OrderView):
    """GET -> the invoice, for the buyer and the team: it says who pays, and where they live."""

    @says(answers="application/pdf")
    def get(self, request, key):
        order = self.find(request, key)
        if not (coorganizes | bought_it)(request.user, order):
            raise PermissionDenied
        return file_response(invoice_of_order(order))


class EventInvoiceView(APIView):
    """GET -> an invoice of the site, for whoever owns the event, and for staff."""

    @says(answers="application/pdf")
    def get(self, request, key):
        invoice = find_by_key(EventInvoice.objects.visible_to(request.user).select_related("event", "user"), key)
        if invoice is None:
            raise NotFound
        return file_response(invoice_of_event(invoice))


class VerifyView(OrderView):
    """POST -> {payment_status}, after asking the provider whether the money is there."""

    @says(answers={"payment_status": str})
    def post(self, request, key):
        order = self.find(request, key)
        limit("verify", request.user.pk, "120/m")
        return Response({"payment_status": verify_payment(order).current_status})


def file_response(attachment):
    response = HttpResponse(attachment.content, content_type=attachment.mimetype)
    response["Content-Disposition"] = f'attachment; filename="{attachment.name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
