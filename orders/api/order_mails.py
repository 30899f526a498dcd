"""Mails of an order once more: the buyer's, and everybody's ticket."""

from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.response import Response

from accounts.api.both_shapes import PlainView, body_of
from events.rules import coorganizes, registers
from notifications.services.mail import words_about
from openevent.core.describing import says
from openevent.core.limits import client_address, limit
from openevent.core.refusals import Refused
from openevent.core.serializers import find_by_key
from orders.models import Order
from orders.models.order import COMPLETED
from orders.rules import bought_it
from orders.services.papers import WITH_TICKETS
from orders.services.resending import send_again, send_receipts


class MailView(PlainView):
    sign_in_first = True

    def find(self, request, key, *, who, pointer):
        """The order, for those whose part this is: 404 if it is not there for them at all."""
        if isinstance(key, bool) or not isinstance(key, str | int):
            raise Refused("order-missing", "Name the order by its identifier.", pointer=pointer)
        order = find_by_key(Order.objects.filter(deleted_at=None).select_related("event"), key)
        if order is None:
            raise NotFound
        if not who(request.user, order):
            is_seen = Order.objects.visible_to(request.user).filter(pk=order.pk).exists()
            raise PermissionDenied if is_seen else NotFound
        return order


class ResendEmailView(MailView):
    """POST {data: {order, user}} -> {status, message}: the buyer's mail again, to the address of the order."""

    @says(takes={"data": {"order": str, "user?": str}}, answers={"status": bool, "message": str})
    def post(self, request):
        limit("resend", client_address(request), "60/m")
        data = body_of(request).get("data")
        key = data.get("order") if isinstance(data, dict) else None
        order = self.find(request, key, who=coorganizes, pointer="/data/order")
        if order.current_status not in WITH_TICKETS:
            detail = "Only an order that is placed or completed has a mail to send."
            raise Refused("nothing-to-send", detail, pointer="/data/order")
        limit("resend-to", order.email, "5/m")
        return Response({"status": True, "message": words_about(send_again(order, by=request.user))})


class SendReceiptView(MailView):
    """POST {order-identifier} -> {message}: everybody who comes gets their ticket by mail again."""

    @says(takes={"order-identifier": str}, answers={"message": str})
    def post(self, request):
        body = body_of(request)
        key = body.get("order-identifier", body.get("order_identifier"))
        order = self.find(request, key, who=bought_it | registers, pointer="/order-identifier")
        if order.current_status != COMPLETED:
            detail = "Tickets are sent once the order is completed."
            raise Refused("order-not-completed", detail, status=409)
        limit("receipts", order.pk, "5/m")
        count = send_receipts(order, by=request.user)
        return Response({"message": f"{count} ticket{'s' * (count != 1)} sent."})
