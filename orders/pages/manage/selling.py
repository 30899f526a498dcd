"""What an event needs to sell: ways to pay, taxes and fees on one page, which says what is still missing."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path

from events.models import Event
from events.pages.manage.access import manages
from events.pages.manage.settings import row_to_edit, save
from events.pages.manage.settings_forms import PaymentForm
from openevent.core.atomic import atomic
from openevent.core.form_errors import errors_of
from openevent.core.money import format_money
from orders.models import Tax
from orders.pages.manage.tax_form import TaxForm
from orders.services.change_tax import change_tax
from orders.services.checklist import selling_checklist_of
from orders.services.fees import fee_at

PAYMENT, TAXES = "manage-settings-payment", "manage-settings-taxes"  # one page, each form at its own address


@manages("team")
def payment(request, event):
    with atomic():
        form = PaymentForm(**row_to_edit(request, event))
        if request.method == "POST" and form.is_valid() and save(form, event, by=request.user):
            messages.success(request, "Payment: saved.")
            return redirect(request.path)
    return _page(request, event, form, payment=form, taxes=TaxForm(instance=_tax_of(event), event=event))


@manages("team")
def taxes(request, event):
    with atomic():
        form = TaxForm(**_tax_to_edit(request, event), event=event)
        if request.method == "POST" and form.is_valid():
            change_tax(event, by=request.user, enabled=form.cleaned_data["is_tax_enabled"], **form.given())
            messages.success(request, "Taxes: saved.")
            return redirect(request.path)
    return _page(request, event, form, payment=PaymentForm(instance=event), taxes=form)


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
    path("<slug:identifier>/settings/payment", payment, BELOW, name=PAYMENT),
    path("<slug:identifier>/settings/taxes", taxes, BELOW, name=TAXES),
]
