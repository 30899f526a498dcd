"""The box office: tickets sold on site in one step, by keyboard or on a phone."""

import secrets

from django import forms
from django.core.cache import cache
from django.core.validators import EmailValidator
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from events.pages.manage.access import manages
from openevent.core.cleaning import plain
from openevent.core.form_errors import errors_of
from openevent.core.money import format_money
from openevent.core.refusals import Refused
from orders.pages.picker import check_picker, read_picker
from orders.services.box_office import CASH, MEANS, TERMINAL, sell_on_site
from orders.services.check_in import check_in_order

GATE = "Box office"
WORDS = {CASH: "in cash", TERMINAL: "by card"}
AN_HOUR = 3600


class SaleForm(forms.Form):
    """Who buys, if they say so; what the money came by; whether they go in at once."""

    first_name = forms.CharField(label="First name", max_length=200, required=False)
    last_name = forms.CharField(label="Last name", max_length=200, required=False)
    email = forms.CharField(
        label="E-mail",
        max_length=254,
        required=False,
        validators=[EmailValidator()],
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="The tickets go there at once.",
    )
    means = forms.ChoiceField(label="Paid", choices=[(means, WORDS[means].capitalize()) for means in MEANS])
    let_in = forms.BooleanField(label="They go in now", required=False)
    once = forms.CharField(max_length=60, required=False)  # one press of the button is one sale

    def clean(self):
        given = super().clean()
        return {name: plain(value) if isinstance(value, str) else value for name, value in given.items()}


@manages("team")
@require_http_methods(["GET", "HEAD", "POST"])
def box_office(request, event):
    typed = request.POST if request.method == "POST" else request.GET
    picker = read_picker(event, typed, by=request.user, on_site=True)
    sale = SaleForm(request.POST if request.method == "POST" else None, initial={"means": CASH})
    sells = request.POST.get("verb") == "sell"
    if sells and all([check_picker(picker), sale.is_valid()]):
        try:
            return redirect(f"{request.path}?{urlencode({'sold': sell(picker, sale.cleaned_data, by=request.user)})}")
        except Refused as refused:
            picker.blame(refused)
    context = {
        "event": event,
        "picker": picker,
        "sale": sale,
        "means": sale["means"].value(),
        "errors": [*picker.errors, *errors_of(sale)] if sells else [],
        "once": secrets.token_hex(16),
        "sold": sold_of(event, request.GET.get("sold", "")),
    }
    return render(request, "manage/box_office.html", context)


def sell(picker, given, *, by):
    """The code of the order that is sold; pressed twice it is sold once."""
    key = f"sale:{by.pk}:{given['once']}"
    if given["once"] and not cache.add(key, "", AN_HOUR):
        return cache.get(key, "")
    try:
        order = sell_on_site(picker.quote.cart, by=by, means=given["means"], buyer=given)
    except Refused:
        cache.delete(key)
        raise
    cache.set(key, order.identifier, AN_HOUR)
    if given["let_in"]:
        check_in_order(order, by=by, gate=GATE)
    return order.identifier


def sold_of(event, code):
    """What was sold last, in words, with where its tickets are printed."""
    order = event.orders.filter(identifier=code.replace("\x00", ""), deleted_at=None).first() if code else None
    if order is None:
        return None
    holders = list(order.attendees.filter(deleted_at=None))
    count = len(holders)
    parts = [f"{count} ticket{'' if count == 1 else 's'}"]
    if order.amount:
        parts.append(f"{format_money(order.amount, order.currency)} {WORDS.get(order.paid_via, '')}".strip())
    inside = sum(holder.is_checked_in for holder in holders)
    if inside:
        parts.append(f"{inside} let in")
    return {
        "order": order,
        "words": " · ".join(parts),
        "mailed": order.email,
        "print": f"/v1/orders/{order.identifier}/tickets-pdf",
        "address": reverse("manage-order", args=[event.identifier, order.identifier]),
    }


@require_POST
@manages("team")
def box_office_sum(request, event):
    """The sum alone, for the script that keeps it up to date."""
    picker = read_picker(event, request.POST, by=request.user, on_site=True)
    return render(request, "shop/_sum.html", {"event": event, "sum": picker.sum})


urlpatterns = [
    path("<slug:identifier>/box-office", box_office, name="manage-box-office"),
    path("<slug:identifier>/box-office/sum", box_office_sum, name="manage-box-office-sum"),
]
