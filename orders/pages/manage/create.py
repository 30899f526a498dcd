"""A new event on one page: when, where, and the first tickets."""

import json
from datetime import timedelta
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from events.models import Event
from events.models.event import check_dates
from events.services.create_event import create_event
from events.services.currencies import BY_ZONE, CURRENCIES, ELSEWHERE, currency_at
from openevent.core.atomic import atomic
from openevent.core.cleaning import plain
from openevent.core.form_errors import ask, errors_of
from openevent.core.form_fields import LocalMoment
from openevent.core.refusals import Refused
from orders.models import Ticket
from orders.models.ticket import FREE, PAID
from orders.pages.manage.forms import REQUIRED, Amount, Count, line, only_show
from orders.services.ticket_types import check_ticket

KINDS = [(FREE, "Free"), (PAID, "Paid")]
ZONES = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
MOST_ROWS = 20
MOST_IN_AN_ORDER = Ticket._meta.get_field("max_order").default


class EventForm(forms.ModelForm):
    """The event itself, and how it is paid where something costs money."""

    name = line("Name of the event", max_length=400)
    starts_at = LocalMoment(label="Starts", error_messages=REQUIRED)
    ends_at = LocalMoment(label="Ends", error_messages=REQUIRED)
    timezone = forms.ChoiceField(label="Time zone", choices=[("UTC", "UTC"), *((zone, zone) for zone in ZONES)])
    location_name = line("Place", max_length=400, required=False)
    online = forms.BooleanField(label="It is online", required=False)
    payment_currency = forms.ChoiceField(
        label="Currency",
        choices=[("", "The one of the place"), *((name, name) for name in CURRENCIES)],
        required=False,
    )
    can_pay_by_bank = forms.BooleanField(label="By bank transfer", required=False)
    bank_details = forms.CharField(
        label="Where to transfer the money",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=100_000,
        required=False,
        help_text="Buyers read it after they have ordered: account holder, IBAN, and what to write.",
    )
    can_pay_onsite = forms.BooleanField(label="At the door, when they come", required=False)

    class Meta:
        model = Event
        fields = (
            *("name", "starts_at", "ends_at", "timezone", "location_name", "online"),
            *("payment_currency", "can_pay_by_bank", "bank_details", "can_pay_onsite"),
        )

    def __init__(self, typed=None, **options):
        super().__init__(typed, **options)
        zone = typed.get("timezone") if typed is not None else "UTC"
        for name in ("starts_at", "ends_at"):
            self.fields[name].zone = ZoneInfo(zone if zone in ZONES else "UTC")

    def clean(self):
        given = super().clean()
        if "starts_at" in given and "ends_at" in given:
            ask(self, check_dates, given["starts_at"], given["ends_at"])
        given["payment_currency"] = given.get("payment_currency") or currency_at(given.get("timezone"))
        if given.get("can_pay_by_bank") and not given.get("bank_details", "").strip():
            self.add_error("bank_details", "Nobody can transfer money without it.")
        return given

    def ask_how_to_pay(self):
        self.is_valid()
        if not (self.cleaned_data.get("can_pay_by_bank") or self.cleaned_data.get("can_pay_onsite")):
            self.add_error("can_pay_by_bank", "Say how the paid tickets are paid. More ways are in the settings.")


class RowForm(forms.Form):
    """One ticket type. A row whose name is empty is left out."""

    name = line("Ticket", max_length=400, required=False)
    type = forms.ChoiceField(label="Kind", choices=KINDS, initial=FREE)
    price = Amount(label="Price", required=False)
    quantity = Count(label="How many", initial=100)

    def __init__(self, *args, currency, **options):
        super().__init__(*args, **options)
        self.fields["price"].currency = currency

    def is_left_out(self):
        return self.is_bound and not plain(self.data.get(self.add_prefix("name"), ""))

    def ticket_at(self, event, position):
        """On sale from now to the event's end."""
        given = self.cleaned_data
        is_paid = given["type"] == PAID
        return {
            "name": plain(given["name"]),
            "type": given["type"],
            "price": given["price"] if is_paid else 0,
            "quantity": given["quantity"],
            "max_order": min(MOST_IN_AN_ORDER, given["quantity"]),
            "position": position,
            "sales_starts_at": min(timezone.now().replace(second=0, microsecond=0), event.starts_at),
            "sales_ends_at": event.ends_at,
        }


def some_event():
    now = timezone.now()
    return Event(starts_at=now, ends_at=now + timedelta(hours=1), can_pay_by_bank=True)


class NewEvent:
    """The whole page: the event and its ticket types."""

    def __init__(self, typed=None, *, check=True):
        self.typed, self.is_checked = typed, check and typed is not None
        self.event = EventForm(typed)
        currency = (typed or {}).get("payment_currency")
        self.currency = currency if currency in CURRENCIES else currency_at((typed or {}).get("timezone"))
        self.rows = [self._row(number) for number in range(self._count())]
        if not self.is_checked:
            for form in (self.event, *self.rows):
                only_show(form)

    def _count(self):
        said = (self.typed or {}).get("rows", "1")
        return min(int(said), MOST_ROWS) if said.isascii() and said.isdigit() and len(said) < 4 else 1

    def _row(self, number):
        initial = {"name": "Regular"} if number == 0 else {}
        typed = self.typed if f"ticket-{number}-quantity" in (self.typed or {}) else None
        return RowForm(typed, prefix=f"ticket-{number}", initial=initial, currency=self.currency)

    def add_row(self):
        if len(self.rows) < MOST_ROWS:
            self.rows.append(only_show(self._row(len(self.rows))))

    @property
    def empty_row(self):
        return RowForm(prefix="ticket-__number__", currency=self.currency)

    @property
    def meant(self):
        return [row for row in self.rows if not row.is_left_out()]

    def is_valid(self):
        """All of it is looked at: each form tells its own errors."""
        self._refuse_same_names()
        if any(row.cleaned_data.get("type") == PAID for row in self.meant):
            self.event.ask_how_to_pay()
        # An event that does not hold tells so itself; its tickets are looked at beside one that does.
        event = self.event.instance if self.event.is_valid() else some_event()
        for position, row in enumerate(filter(RowForm.is_valid, self.meant), 1):
            ask(row, check_ticket, row.ticket_at(event, position), event=event)
        return not self.errors

    def _refuse_same_names(self):
        seen = set()
        for row in self.meant:
            name = plain(row.cleaned_data.get("name", "")) if row.is_valid() else None
            if name and name in seen:
                row.add_error("name", "There is a ticket of this name already.")
            seen.add(name)

    @property
    def errors(self):
        if not self.is_checked:
            return []
        found = errors_of(self.event)
        for number, row in enumerate(self.rows, 1):
            if not row.is_left_out():
                found += errors_of(row, f"Ticket {number}, ")
        return found

    def save(self, *, by):
        """The event with its tickets, or nothing."""
        with atomic():
            event = create_event(by=by, **self.event.cleaned_data)
            for position, row in enumerate(self.meant, 1):
                Ticket(event=event, **row.ticket_at(event, position)).save()
        return event


@never_cache
@login_required
def new_event(request):
    refuse_unverified(request.user)
    is_sent = request.method == "POST"
    new = NewEvent(request.POST if is_sent else None, check=request.POST.get("verb") != "add")
    if request.POST.get("verb") == "add":
        new.add_row()
    elif is_sent and new.is_valid():
        return redirect("manage-publish", new.save(by=request.user).identifier)
    context = {"new": new, "currencies": json.dumps(BY_ZONE), "elsewhere": ELSEWHERE, "guess": not is_sent}
    return render(request, "manage/new.html", context)


def refuse_unverified(user):
    if not Event.policy["add"](user):
        detail = "First show that your e-mail address is yours: sign out and in again, and a link is sent to it."
        raise Refused("unverified-user", detail, status=403)
