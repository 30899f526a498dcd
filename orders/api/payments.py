"""The plain endpoints of paying by PayPal: a payment to approve, and one that a mobile app has made by itself."""

from urllib.parse import urlsplit

from rest_framework.response import Response

from openevent.core.describing import says
from openevent.core.limits import limit
from openevent.core.refusals import Refused
from orders.api.checkout import TRIES, read_body
from orders.api.papers import OrderView
from orders.payments.base import Pages
from orders.services.paying import ask_paypal, verify_app_payment

LONGEST = 2000
PAGES_TAKEN = {"data": {"attributes": {"return-url": str, "cancel-url": str}}}


class CreatePayPalPaymentView(OrderView):
    """POST {data: {attributes: {return-url, cancel-url}}} -> {status, payment_id}, and where the buyer approves it."""

    @says(
        takes=PAGES_TAKEN,
        answers={"status": bool, "payment_id": str, "approval_url": str},
    )
    def post(self, request, key):
        order = self.find(request, key)
        limit("pay", request.user.pk, TRIES)
        payment = ask_paypal(order, by=request.user, pages=read_pages(read_attributes(request)))
        return Response({"status": True, "payment_id": payment.reference, "approval_url": payment.pay_url})


class VerifyAppPaymentView(OrderView):
    """POST {data: {attributes: {payment-id}}} -> {status, error}: PayPal says that it is paid, and this much."""

    @says(takes={"data": {"attributes": {"payment-id": str}}}, answers={"status": bool, "error": str | None})
    def post(self, request, key):
        order = self.find(request, key)
        limit("pay", request.user.pk, TRIES)
        payment_id = read_text(read_attributes(request), "payment-id")
        verify_app_payment(order, by=request.user, payment_id=payment_id)
        return Response({"status": True, "error": None})


def read_attributes(request):
    data = read_body(request).get("data")
    attributes = data.get("attributes") if isinstance(data, dict) else None
    if not isinstance(attributes, dict):
        raise Refused("not-an-object", "The body needs data with attributes.", status=400, pointer="/data/attributes")
    return attributes


def read_pages(attributes):
    return Pages(success=read_address(attributes, "return-url"), cancel=read_address(attributes, "cancel-url"))


def read_text(attributes, name):
    value = attributes.get(name, attributes.get(name.replace("-", "_")))
    if not isinstance(value, str) or not value or len(value) > LONGEST:
        raise Refused("not-a-text", "This is missing, or no text.", pointer=f"/data/attributes/{name}")
    return value


def read_address(attributes, name):
    address = read_text(attributes, name)
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise Refused("not-an-address", "This is not an address of the web.", pointer=f"/data/attributes/{name}")
    return address
