"""Going to a provider's page to pay, and coming back from it."""

from functools import wraps
from urllib.parse import urlsplit

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods, require_POST

from openevent.core.limits import limit
from openevent.core.refusals import Refused
from orders.models import Order
from orders.models.order import COMPLETED, PENDING
from orders.models.payment import STARTED
from orders.pages.access import Opened, opens_order
from orders.payments import OFFLINE_MODES, PROVIDERS
from orders.payments.base import Pages
from orders.rules import bought_it
from orders.services.checkout import finish_order
from orders.services.paying import execute_paypal, pay_by_page, verify_payment

PAYING = "paying"  # in the session: orders that this browser pays, for its way back has no secret in it
MOST = 20  # of them
PAY_PAGES = ("https://checkout.stripe.com", "https://www.paypal.com", "https://www.sandbox.paypal.com")
NOT_YET = "Your payment has not reached us yet. If you have paid, do not pay again: the tickets come by mail."


def pay_pages():
    """Where providers take the money; the doubles do so where they are asked, too."""
    asked = [urlsplit(address) for address in (settings.STRIPE_API, settings.PAYPAL_API) if address]
    doubles = [parts for parts in asked if not (parts.hostname or "").endswith((".stripe.com", ".paypal.com"))]
    return [*PAY_PAGES, *(f"{parts.scheme}://{parts.netloc}" for parts in doubles)]


def leads_to(pages):
    """For a view with a form that a browser follows elsewhere, which it does only if the page names where."""

    def decorate(view):
        @wraps(view)
        def leading(*args, **kwargs):
            return csp_update({"form-action": pages()})(view)(*args, **kwargs)

        return leading

    return decorate


leads_to_providers = leads_to(pay_pages)


@require_POST
@leads_to_providers
@opens_order
def pay(request, opened):
    """The buttons on the order's page: once more, another way, or to look whether a payment has arrived."""
    if not opened.may_change:
        raise PermissionDenied
    mode = request.POST.get("mode", "")
    if mode == "look":
        return _look(request, opened, {})
    if mode in OFFLINE_MODES:
        return _promise(request, opened, mode)
    return to_the_provider(request, opened, mode)


def to_the_provider(request, opened, mode):
    """Off to the page where the money is taken; back to the order, with the reason, if that is not to be."""
    order = opened.order
    back = settings.BASE_URL + reverse("paid", args=[order.identifier])
    try:
        limit("pay", order.pk, "30/h")
        if mode not in PROVIDERS:
            raise Refused("payment-mode-missing", "Choose how you pay.")
        order = verify_payment(order, but=mode)  # whoever changes the way may have paid by the first
        if order.current_status == COMPLETED and not order.due:
            return redirect(opened.address())
        address = pay_by_page(order, by=opened.by, mode=mode, pages=Pages(success=back, cancel=f"{back}?left=1"))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(opened.address())
    known = [pk for pk in request.session.get(PAYING, []) if pk != order.pk]
    request.session[PAYING] = [*known, order.pk][-MOST:]
    return redirect(address)


@require_http_methods(["GET", "HEAD", "POST"])
def paid(request, identifier):
    """Where providers send the buyer. The page asks by itself how the payment stands; without script, by a button."""
    order = Order.objects.filter(identifier=identifier, deleted_at=None).select_related("event").first()
    opened = order and _way_of(request, order)
    if not opened:
        return redirect("find-orders")
    if request.method != "POST":
        if request.GET.get("left"):
            held = " Your places are held a little longer." if order.current_status == PENDING else ""
            messages.info(request, f"You have not paid yet.{held}")
            return redirect(opened.address())
        facts = {"payment": request.GET.get("paymentId", ""), "payer": request.GET.get("PayerID", "")}
        answer = render(request, "orders/paid.html", {"order": order, "facts": facts})
        add_never_cache_headers(answer)
        return answer
    return _look(request, opened, request.POST)


def _promise(request, opened, mode):
    """Who cannot or will not pay online keeps the places, where the organizer takes money another way."""
    try:
        finish_order(opened.order, by=opened.by, mode=mode)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(opened.address())


def _look(request, opened, typed):
    """Ask how the payment stands, and tell its buyer when that is not known yet."""
    order = opened.order
    try:
        limit("look", order.pk, "60/h")
        _ask(opened, typed)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        order.refresh_from_db()
        if order.current_status == PENDING and order.payments.filter(state=STARTED).exists():
            messages.warning(request, NOT_YET)
    return redirect(opened.address())


def _ask(opened, typed):
    order = opened.order
    if typed.get("payer") and order.payments.filter(state=STARTED, reference=typed.get("payment")).exists():
        execute_paypal(order, by=opened.by, payment_id=typed["payment"], payer_id=typed["payer"])
    else:
        verify_payment(order)


def _way_of(request, order):
    """By their account, or as the browser from which a guest went off to pay."""
    if request.user.is_authenticated and bought_it(request.user, order):
        return Opened(order, request.user, "")
    if order.pk in request.session.get(PAYING, []):
        return Opened(order, request.user, order.secret)
    return None
