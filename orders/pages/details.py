"""The second screen of buying: who buys, who comes, how it is paid."""

from math import ceil
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from openevent.core.refusals import Refused
from orders.models.order import INITIALIZING
from orders.pages.access import opens_order
from orders.pages.forms import Details
from orders.pages.pay import leads_to_providers, to_the_provider
from orders.pages.sums import sum_of_order
from orders.payments import PROVIDERS
from orders.services.checkout import fill_in, finish_order
from orders.services.holding import extend_hold, extensions_left, give_up_hold

MODES = {  # how the shop names a way of paying, and what it promises
    "stripe": ("Card", "You pay on Stripe’s page, and come back here."),
    "paypal": ("PayPal", "You pay on PayPal’s page, and come back here."),
    "bank": ("Bank transfer", "You see the account on the next page."),
    "cheque": ("Cheque", "You see where to send it on the next page."),
    "onsite": ("At the door", "You pay when you arrive."),
    "invoice": ("Invoice", "The organizers send it to you."),
}


@leads_to_providers
@opens_order
def details(request, opened):
    order = opened.order
    if order.current_status != INITIALIZING:
        return redirect(opened.address())
    if not opened.may_change:
        raise PermissionDenied
    verb = request.POST.get("verb")
    typed = request.POST if request.method == "POST" else None
    asked = Details(order, typed, by=opened.by, check=verb == "finish")
    try:
        if verb == "back":
            give_up_hold(order, by=opened.by)
            return redirect(picker_address(order))
        if verb == "extend":
            extend_hold(order, by=opened.by)
        if verb == "finish" and asked.is_valid():
            fill_in(order, by=opened.by, buyer=asked.buyer_given, holders=asked.holders_given)
            if asked.mode in PROVIDERS:
                return to_the_provider(request, opened, asked.mode)
            finish_order(order, by=opened.by, mode=asked.mode or None)
            return redirect(opened.address())
    except Refused as refused:
        asked.refusals.append(refused)
    return render(request, "orders/details.html", _context(order, asked))


def picker_address(order):
    """The event's page with the same tickets chosen, for who changes their mind or was too late."""
    chosen = {f"quantity-{line.ticket_id}": line.quantity for line in order.lines.all()}
    codes = [code.code for code in (order.access_code, order.discount_code) if code]
    if codes:
        chosen["code"] = ",".join(codes)
    return f"{reverse('event', args=[order.event.identifier])}?{urlencode(chosen)}#tickets"


def _context(order, asked):
    finish = "Place the order" if order.amount else "Get the tickets"
    if asked.modes and all(way.mode in PROVIDERS for way in asked.modes):
        finish = "Go on to pay"
    modes = [(way.mode, *MODES.get(way.mode, (way.mode.capitalize(), ""))) for way in asked.modes]
    return {
        "order": order,
        "event": order.event,
        "asked": asked,
        "errors": asked.errors,
        "modes": modes,
        "sum": sum_of_order(order),
        "minutes_left": max(0, ceil((order.expires_at - timezone.now()).total_seconds() / 60)),
        "extensions_left": extensions_left(order),
        "finish": finish,
    }
