"""What an event needs to sell: ways to pay, taxes and fees on one page, which says what is still missing."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from events.models import Event
from events.pages.manage.access import manages
from events.pages.manage.settings import row_to_edit, save
from events.pages.manage.settings_forms import PaymentForm
from openevent.core.atomic import atomic
from openevent.core.form_errors import errors_of
from openevent.core.money import format_money
from openevent.core.refusals import Refused
from orders.models import StripeAuthorization, Tax
from orders.pages.manage.tax_form import TaxForm
from orders.pages.pay import leads_to
from orders.services.change_tax import change_tax
from orders.services.checklist import selling_checklist_of
from orders.services.fees import fee_at
from orders.services.stripe_link import page_to_link, unlink_stripe, why_not_linked

PAYMENT, TAXES = "manage-settings-payment", "manage-settings-taxes"  # one page, each form at its own address


def page_of_stripe():
    return [settings.STRIPE_CONNECT]


leads_to_stripe = leads_to(page_of_stripe)


@leads_to_stripe
@manages("team")
def payment(request, event):
    with atomic():
        form = PaymentForm(**row_to_edit(request, event))
        if request.method == "POST" and form.is_valid() and save(form, event, by=request.user):
            messages.success(request, "Payment: saved.")
            return redirect(request.path)
    return _page(request, event, form, payment=form, taxes=TaxForm(instance=_tax_of(event), event=event))


@leads_to_stripe
@manages("team")
def taxes(request, event):
    with atomic():
        form = TaxForm(**_tax_to_edit(request, event), event=event)
        if request.method == "POST" and form.is_valid():
            change_tax(event, by=request.user, enabled=form.cleaned_data["is_tax_enabled"], **form.given())
            messages.success(request, "Taxes: saved.")
            return redirect(request.path)
    return _page(request, event, form, payment=PaymentForm(instance=event), taxes=form)


@require_POST
@leads_to_stripe
@manages("owner")
def link(request, event):
    """Off to Stripe, to choose the account to which the money of cards goes."""
    try:
        return redirect(page_to_link(event, by=request.user, back=settings.BASE_URL + reverse("stripe-linked")))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(PAYMENT, event.identifier)


@require_POST
@manages("owner")
def unlink(request, event):
    found = StripeAuthorization.objects.filter(event=event).first()
    if found is not None:
        unlink_stripe(found, by=request.user)
        messages.success(request, "Stripe: unlinked. What buyers pay by card goes to this site’s account from now on.")
    return redirect(PAYMENT, event.identifier)


def _page(request, event, form, *, payment, taxes):
    """`form` is the one that was sent, or whose address this is."""
    saved = Event.objects.get(pk=event.pk)  # a form that was refused has written on its own row
    context = {
        "event": event,
        "form": form,
        "forms": [(PAYMENT, "Payment", "payment", payment), (TAXES, "Taxes", "taxes", taxes)],
        "title": "Payment and taxes",
        "errors": errors_of(form),
        "selling": selling_checklist_of(saved),
        "fee": words_of_fee(saved),
        "stripe": StripeAuthorization.objects.filter(event=saved).first(),
        "no_stripe": why_not_linked(saved),
    }
    return render(request, "manage/settings/selling.html", context)


def words_of_fee(event):
    """What the site takes, in a sentence."""
    fee = fee_at(event)
    if not fee.percent:
        return "This site charges no fee on tickets in this country and currency."
    most = f", at most {format_money(fee.maximum, event.currency)} a ticket" if fee.maximum is not None else ""
    return (
        f"This site charges {fee.percent.normalize():f} % of each ticket’s price{most}. "
        "Each ticket type says whether buyers pay it on top, or you bear it."
    )


def _tax_of(event):
    return Tax.objects.filter(event=event, deleted_at=None).first() or Tax(event=event)


def _tax_to_edit(request, event):
    """The row in the database now, behind the event's lock if it is to be saved; none yet: an empty one."""
    if request.method != "POST":
        return {"instance": _tax_of(event)}
    Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    return {"instance": _tax_of(event), "data": request.POST}


BELOW = {"section": "manage-settings"}
urlpatterns = [
    path("<slug:identifier>/settings/payment/link-stripe", link, BELOW, name="manage-stripe-link"),
    path("<slug:identifier>/settings/payment/unlink-stripe", unlink, BELOW, name="manage-stripe-unlink"),
    path("<slug:identifier>/settings/payment", payment, BELOW, name=PAYMENT),
    path("<slug:identifier>/settings/taxes", taxes, BELOW, name=TAXES),
]
