"""The plain endpoints of buying: what a cart costs, and an order made of it."""

from decimal import Decimal

from django.http import HttpResponse
from rest_framework.exceptions import NotAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from openevent.core.describing import Document, OrNull, says
from openevent.core.idempotency import once_per_key
from openevent.core.limits import client_address, limit
from openevent.core.negotiation import JSON, dump
from openevent.core.reading import Page
from openevent.core.refusals import Refused
from openevent.core.registry import registry
from orders.models import AccessCode, DiscountCode, Order
from orders.models.codes import PERCENT
from orders.models.ticket import FREE
from orders.services.cart import may_sell, open_cart, read_amount, read_wishes
from orders.services.checkout import create_order
from orders.services.pricing import price_cart, with_amount

TRIES = "300/m"  # orders that one account may try
GUESSES = "60/10m"  # codes that one address may try


CODE = str | int | None
CART = {
    "tickets": [{"id": str | int, "quantity?": int, "price?": float}],
    "discount-code?": CODE,
    "access-code?": CODE,
    "amount?": float | None,
}
LINE = {
    "id": int,
    "name": str,
    "price": Decimal,
    "quantity": int,
    "discount": OrNull({"code": str, "percent": Decimal, "amount": Decimal, "total": Decimal, "type": str}),
    "ticket_fee": Decimal,
    "sub_total": Decimal,
    "ticket_tax": Decimal,
    "discounted_tax": Decimal,
}
QUOTE = {
    "tax": OrNull({"included": bool, "amount": Decimal, "percent": Decimal, "name": str}),
    "tax_included": bool,
    "sub_total": Decimal,
    "total": Decimal,
    "discount": Decimal,
    "tickets": [LINE],
}


class CalculateAmountView(APIView):
    """POST {tickets: [{id, quantity, price}], discount-code, access-code, amount} -> what it costs, and why."""

    @says(takes=CART, answers=QUOTE)
    def post(self, request):
        return Response(amounts(read_quote(request)))


def order_made(view, request, number):
    """The answer once more, of an order that was made before."""
    return order_document(Order.objects.select_related("event").get(pk=number), to=request.user)


def order_document(order, *, to):
    [data] = Page(to).objects(registry.of(Order), [order])
    document = {"data": data, "links": {"self": data["links"]["self"]}, "jsonapi": {"version": "1.0"}}
    return HttpResponse(dump(document), content_type=JSON)


class CreateOrderView(APIView):
    """The same body -> the order, `initializing`, with an empty attendee for each ticket."""

    @says(takes=CART, answers=Document("order"))
    @once_per_key(again=order_made)
    def post(self, request):
        if not request.user.is_authenticated:
            raise NotAuthenticated("Sign in first.")
        limit("order", request.user.pk, TRIES)
        body = read_body(request)
        cart = read_cart(request, body)
        refuse_unverified(cart, by=request.user)
        return order_document(create_order(cart, by=request.user, amount=read_team_amount(body)), to=request.user)


def read_body(request):
    if not isinstance(request.data, dict):
        raise Refused("not-an-object", "The body is a JSON object.", status=400, pointer="")
    return request.data


def read_quote(request):
    body = read_body(request)
    cart, amount = read_cart(request, body), read_team_amount(body)
    quote = price_cart(cart)
    return with_amount(quote, amount) if amount is not None and may_sell(request.user, cart.event) else quote


def read_cart(request, body):
    wishes = read_wishes(body.get("tickets"))
    return open_cart(
        wishes,
        by=request.user,
        discount=read_code(request, body, "discount-code", DiscountCode.objects.filter(used_for="ticket"), wishes),
        access=read_code(request, body, "access-code", AccessCode.objects.all(), wishes),
    )


def read_team_amount(body):
    """The amount that the team may name; from anybody else it is checked and has no effect."""
    amount = body.get("amount")
    return None if amount is None else read_amount(amount, pointer="/amount")


def read_code(request, body, name, codes, wishes):
    """A code by its number, as clients send it, or by its text at the event of the first ticket."""
    sent = body.get(name, body.get(name.replace("-", "_")))
    if sent is None or sent == "":
        return None
    if isinstance(sent, bool) or not isinstance(sent, str | int) or len(str(sent)) > 200:
        raise Refused("not-a-code", "A code is named by its number or its text.", pointer=f"/{name}")
    text, codes = str(sent), codes.filter(deleted_at=None)
    code = codes.filter(pk=int(text)).first() if text.isascii() and text.isdigit() and len(text) < 19 else None
    if code is None:
        code = codes.filter(code=text.replace("\x00", ""), event__tickets=wishes[0].ticket_id).first()
    if code is None:
        limit("code", client_address(request), GUESSES)  # nobody finds codes by trying
        raise Refused(f"{name}-unknown", "There is no such code.", pointer=f"/{name}")
    return code


def refuse_unverified(cart, *, by):
    """Through the API, tickets that cost nothing go to accounts with a proven address, so that nobody hoards them."""
    if not by.is_verified and all(item.ticket.kind == FREE for item in cart.items) and not may_sell(by, cart.event):
        raise Refused("unverified-user", "Verify your e-mail address to order free tickets.", status=403)


def amounts(quote):
    """The answer of calculate-amount, by the names that clients read."""
    tax = quote.tax_row
    return {
        "tax": tax
        and {
            "included": tax.is_tax_included_in_price,
            "amount": quote.tax,
            "percent": tax.rate,
            "name": tax.name,
        },
        "tax_included": bool(tax and tax.is_tax_included_in_price),
        "sub_total": quote.sub_total,
        "total": quote.total,
        "discount": quote.discount,
        "tickets": [line_amounts(line, quote) for line in quote.lines],
    }


def line_amounts(line, quote):
    rebate = line.discount / line.quantity
    discount = line.is_discounted and {
        "code": quote.discount_code.code,
        "percent": share_of(line, quote.discount_code),
        "amount": rebate,
        "total": line.discount,
        "type": quote.discount_code.type,
    }
    return {
        "id": line.ticket.pk,
        "name": line.ticket.name,
        "price": line.price,
        "quantity": line.quantity,
        "discount": discount or None,
        "ticket_fee": line.fee,
        "sub_total": line.before_tax_added,
        "ticket_tax": line.tax / line.quantity,
        "discounted_tax": line.tax,
    }


def share_of(line, code):
    """The discount as a part of the price, in percent."""
    if code.type == PERCENT:
        return code.value
    return round(100 * line.discount / (line.price * line.quantity), 2) if line.price else 0
