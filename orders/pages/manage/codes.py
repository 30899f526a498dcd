"""Discount and access codes: the list with their uses, and the form for one."""

import secrets

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Count as Counted
from django.db.models import Q, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.services.log import record
from events.models import Event
from events.pages.manage.access import manages
from openevent.core.atomic import atomic
from openevent.core.cleaning import plain
from openevent.core.editing import EditForm
from openevent.core.form_errors import ask, errors_of
from openevent.core.form_fields import LocalMoment
from openevent.core.money import format_money
from orders.badges import Badge, badge_of
from orders.models import AccessCode, DiscountCode
from orders.models.codes import AMOUNT, PERCENT
from orders.models.order import ALPHABET, SEATED, ended_holds
from orders.pages.manage.forms import REQUIRED, Amount, Count, line, only_show, speak_of
from orders.pages.manage.links import orders_address
from orders.services.code_rules import check_access_code, check_discount_code
from orders.services.code_uses import NO_USE, uses_of_codes
from orders.services.find_orders import Filters

LENGTH = 8
MOST_SHOWN = 10  # orders on a code's own page


class CodeForm(EditForm):
    """What both kinds have."""

    rule = None
    code = line("Code", max_length=200, help_text="Buyers type it exactly like this.")
    tickets = forms.ModelMultipleChoiceField(
        queryset=None,
        label="For which tickets",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one ticket."},
    )
    valid_from = LocalMoment(label="Valid from", error_messages=REQUIRED)
    valid_till = LocalMoment(label="Valid until", required=False)
    tickets_number = Count(
        label="Good for so many tickets", min_value=0, required=False, help_text="Empty: without limit."
    )
    min_quantity = Count(label="At least in one order", min_value=0, required=False)
    max_quantity = Count(label="At most in one order", required=False)
    is_active = forms.BooleanField(label="Active", required=False)

    LIMITS = ("valid_from", "valid_till", "tickets_number", "min_quantity", "max_quantity", "is_active")

    def __init__(self, *args, event, **options):
        super().__init__(*args, **options)
        self.event = event
        self.fields["tickets"].queryset = event.tickets.filter(deleted_at=None)
        if (self.initial.get("max_quantity") or 0) < 0:  # old clients say so that there is no limit
            self.initial["max_quantity"] = None
        speak_of(self, event)

    def clean_code(self):
        code = plain(self.cleaned_data["code"])
        others = type(self.instance).objects.filter(event=self.event, code=code, deleted_at=None)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("There is such a code already.")
        return code

    def clean(self):
        given = super().clean()
        if not self.errors:
            ask(self, type(self).rule, given, self.instance if self.instance.pk else None)
        return given

    @property
    def summary(self):
        return errors_of(self)


class DiscountForm(CodeForm):
    rule = staticmethod(check_discount_code)
    type = forms.ChoiceField(label="What it takes off", choices=[(PERCENT, "Percent"), (AMOUNT, "Amount")])
    value = Amount(label="How much")
    valid_from = LocalMoment(label="Valid from", required=False)

    class Meta:
        model = DiscountCode
        fields = ("code", "type", "value", "tickets", *CodeForm.LIMITS)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["value"].help_text = f"In percent, or in {self.event.currency} off each ticket."


class AccessForm(CodeForm):
    rule = staticmethod(check_access_code)

    class Meta:
        model = AccessCode
        fields = ("code", "tickets", *CodeForm.LIMITS)


FORMS = {"discount": DiscountForm, "access": AccessForm}
TITLES = {"discount": "New discount code", "access": "New access code"}


def codes_of(event, kind):
    codes = FORMS[kind]._meta.model.objects.filter(event=event, deleted_at=None)
    return codes.filter(used_for="ticket") if kind == "discount" else codes


@require_safe
@manages("team")
def code_list(request, event):
    lists = [(kind, listed(event, kind)) for kind in FORMS]
    has_hidden = event.tickets.filter(deleted_at=None, is_hidden=True).exists()
    return render(request, "manage/codes.html", {"event": event, "lists": lists, "has_hidden": has_hidden})


def listed(event, kind):
    """The codes of a kind, with how often each is used and by how many orders."""
    live, ended = (
        Q(orders__in=rows) for rows in (Filters(status=SEATED).rows(event), event.orders.filter(ended_holds()))
    )
    codes = codes_of(event, kind).prefetch_related("tickets")
    codes = codes.annotate(order_count=Counted("orders", filter=live), over=Sum(f"orders__{kind}_uses", filter=ended))
    codes = list(codes.order_by("-is_active", "-pk"))
    page = settings.BASE_URL + reverse("event", args=[event.identifier])
    uses = uses_of_codes(codes, kind=kind, currency=event.currency)
    for code in codes:
        code.use = uses.get(code.pk, NO_USE)
        code.uses = code.used - (code.over or 0)  # a hold that the clock has ended uses nothing
        code.link = f"{page}?{urlencode({'code': code.code})}"
        code.orders_address = orders_address(event, code=code.code, status=SEATED)
        code.names = [ticket.name for ticket in code.tickets.all() if ticket.deleted_at is None]
        code.state = state_of(code)
        code.worth = worth_of(code, event) if kind == "discount" else ""
    return codes


def worth_of(code, event):
    return f"{code.value.normalize():f} %" if code.type == PERCENT else format_money(code.value, event.currency)


def state_of(code):
    now = timezone.now()
    if not code.is_active:
        return Badge("Off", "", icon="power")
    if code.valid_till and code.valid_till < now:
        return Badge("Ended", "", icon="clock-x")
    if code.valid_from and code.valid_from > now:
        return Badge("Not yet", "info", icon="clock")
    if code.tickets_number is not None and code.uses >= code.tickets_number:
        return Badge("Used up", "", icon="ban")
    return Badge("Active", "ok", icon="circle-check")


@require_http_methods(["GET", "HEAD", "POST"])
@manages("team")
def new_code(request, event, kind):
    form = form_of(kind)
    now = timezone.now().replace(second=0, microsecond=0)
    code = form._meta.model(event=event, valid_from=now, valid_till=event.ends_at, max_quantity=None)
    if kind == "discount":
        code.used_for, code.type = "ticket", PERCENT
    with atomic():
        return edit(request, event, kind, code)


@require_http_methods(["GET", "HEAD", "POST"])
@manages("team")
def edit_code(request, event, kind, pk):
    form_of(kind)
    with atomic():
        codes = codes_of(event, kind)
        if request.method == "POST":
            codes = codes.select_for_update(no_key=True)
        return edit(request, event, kind, get_object_or_404(codes, pk=pk))


def edit(request, event, kind, code):
    title = code.code if code.pk else TITLES[kind]  # as it is, not as somebody types it
    typed = request.POST if request.method == "POST" else None
    if typed is not None:  # two of one text cannot be made at once
        Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    if typed is not None and typed.get("verb") == "generate":
        typed = typed.copy()
        typed["code"] = new_text()
        form = only_show(FORMS[kind](typed, instance=code, event=event))
    else:
        form = FORMS[kind](typed, instance=code, event=event)
        if typed is not None and form.is_valid():
            verb = "code.changed" if code.pk else "code.created"
            form.save()
            record(verb, by=request.user, about=code, event_id=event.pk, fields=form.changed_data)
            messages.success(request, f"{code.code} is saved.")
            return redirect("manage-codes", event.identifier)
    context = {
        "event": event,
        "kind": kind,
        "code": code,
        "form": form,
        "title": title,
        "use": use_of(code, kind, event) if code.pk else None,
    }
    return render(request, "manage/code.html", context)


def use_of(code, kind, event):
    """By how many tickets and which orders it was used, what these brought, and what it took off."""
    live = Filters(status=SEATED).rows(event).filter(**{f"{kind}_code": code})
    newest = list(live.order_by("-created_at", "-pk")[:MOST_SHOWN])
    for order in newest:
        order.event, order.badge = event, badge_of(order)
    ended = event.orders.filter(ended_holds(), **{f"{kind}_code": code}).aggregate(over=Sum(f"{kind}_uses"))["over"]
    return {
        "tickets": code.used - (ended or 0),
        "sum": uses_of_codes([code], kind=kind, currency=event.currency).get(code.pk, NO_USE),
        "orders": newest,
        "count": live.count(),
        "address": orders_address(event, code=code.code, status=SEATED),
    }


def new_text():
    """Nobody guesses it, and no letter reads like a digit."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


@require_POST
@manages("team")
def switch(request, event, kind, pk):
    form_of(kind)
    to_active = request.POST.get("to") == "on"
    with atomic():
        code = get_object_or_404(codes_of(event, kind).select_for_update(no_key=True), pk=pk)
        if code.is_active != to_active:
            code.is_active = to_active
            code.save(update_fields=["is_active"])
            verb = "code.activated" if to_active else "code.deactivated"
            record(verb, by=request.user, about=code, event_id=event.pk)
    messages.success(request, f"{code.code} is {'active' if to_active else 'off'}.")
    return redirect("manage-codes", event.identifier)


def form_of(kind):
    if kind not in FORMS:
        raise Http404
    return FORMS[kind]
