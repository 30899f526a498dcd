"""What the site charges for an event's sales: its invoices, each with its paper, and the way to pay it."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.pages.manage.access import manages
from openevent.core.limits import limit
from openevent.core.refusals import Refused
from orders.badges import badge_of_invoice
from orders.models import EventInvoice
from orders.models.payment import STARTED
from orders.pages.pay import leads_to_providers
from orders.payments.base import Pages
from orders.services.asking import verify
from orders.services.invoice_papers import month_words
from orders.services.paying_invoices import (
    execute_paypal_for_invoice,
    may_be_paid,
    pay_invoice_by_page,
    ways_to_pay,
)
from orders.services.states import way_of

HOME = "manage-invoices"
WAYS = {"stripe": "Pay by card", "paypal": "Pay with PayPal"}


@require_safe
@leads_to_providers
@manages("owner")
def invoices_page(request, event):
    invoices = list(invoices_of(event, by=request.user))
    for invoice in invoices:
        invoice.badge, invoice.words, invoice.is_open = badge_of_invoice(invoice), month_words(invoice), False
        invoice.way = way_of(invoice.paid_via)
        if may_be_paid(invoice):
            invoice.is_open = True
            last = invoice.payments.exclude(error="").first()
            invoice.problem = last.error if last else ""
    ways = [(provider.mode, WAYS[provider.mode]) for provider in ways_to_pay()]
    return render(request, "manage/invoices/list.html", {"event": event, "invoices": invoices, "ways": ways})


def invoices_of(event, *, by):
    """Those that are addressed to whoever asks, and all of them for staff."""
    return EventInvoice.objects.visible_to(by).filter(event=event).select_related("event", "user")


def invoice_of(event, bill, *, by):
    invoice = invoices_of(event, by=by).filter(identifier=bill).first()
    if invoice is None:
        raise Http404
    return invoice


@require_POST
@leads_to_providers
@manages("owner")
def pay(request, event, bill):
    """Off to the provider's page; back to the list, with the reason, if that is not to be."""
    invoice, mode = invoice_of(event, bill, by=request.user), request.POST.get("mode", "")
    back = settings.BASE_URL + reverse("manage-invoice-paid", args=[event.identifier, bill])
    try:
        limit("pay", request.user.pk, "30/h")
        if mode not in [provider.mode for provider in ways_to_pay()]:
            raise Refused("payment-mode-missing", "Choose how you pay.")
        pages = Pages(success=back, cancel=f"{back}?left=1")
        return redirect(pay_invoice_by_page(invoice, by=request.user, mode=mode, pages=pages))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(HOME, event.identifier)


@require_http_methods(["GET", "HEAD", "POST"])
@manages("owner")
def paid(request, event, bill):
    """Where providers lead back to. The page asks by itself how the payment stands; without script, by a button."""
    invoice = invoice_of(event, bill, by=request.user)
    if request.method == "POST":
        try:
            _ask(invoice, request.POST, by=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect(HOME, event.identifier)
    if request.GET.get("left"):
        messages.info(request, "The invoice is not paid yet.")
        return redirect(HOME, event.identifier)
    facts = {"payment": request.GET.get("paymentId", ""), "payer": request.GET.get("PayerID", "")}
    return render(request, "manage/invoices/paid.html", {"event": event, "invoice": invoice, "facts": facts})


def _ask(invoice, typed, *, by):
    payment_id, payer_id = typed.get("payment", ""), typed.get("payer", "")
    if payer_id and invoice.payments.filter(state=STARTED, reference=payment_id).exists():
        execute_paypal_for_invoice(invoice, by=by, payment_id=payment_id, payer_id=payer_id)
    else:
        verify(invoice)


BELOW = {"section": "manage-ledger"}
urlpatterns = [
    path("<slug:identifier>/invoices", invoices_page, BELOW, name=HOME),
    path("<slug:identifier>/invoices/<slug:bill>/pay", pay, BELOW, name="manage-invoice-pay"),
    path("<slug:identifier>/invoices/<slug:bill>/paid", paid, BELOW, name="manage-invoice-paid"),
]
