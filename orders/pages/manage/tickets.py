"""Ticket types: the list with what is sold of each, and the form for one."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import dateformat, timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.services.log import record
from events.models import Event
from events.pages.manage.access import manages
from openevent.core.atomic import atomic
from openevent.core.cleaning import plain
from openevent.core.editing import EditForm
from openevent.core.form_errors import ask, errors_of
from openevent.core.form_fields import LocalMoment, Prose
from openevent.core.money import ZERO
from openevent.core.refusals import Refused
from orders.badges import Badge
from orders.models import Ticket
from orders.models.ticket import DONATION, FREE, KINDS, PAID
from orders.pages.manage.forms import REQUIRED, Amount, Count, line, speak_of
from orders.pages.manage.links import orders_address
from orders.payments import payments_offered
from orders.services.seats import HELD, SOLD, seats_of_tickets
from orders.services.ticket_types import check_ticket, copy_ticket, move_ticket, remove_ticket

WORDS = {FREE: "Free", PAID: "Paid", DONATION: "Pay what you like"}
STEPS = {"up": -1, "down": 1}


class TicketForm(EditForm):
    name = line("Name", max_length=400)
    description = Prose(label="What it includes", required=False, max_length=100_000)
    is_description_visible = forms.BooleanField(label="Show this text beside the ticket", required=False)
    type = forms.ChoiceField(label="Kind")
    price = Amount(label="Price", required=False, help_text="Of a paid ticket.")
    min_price = Amount(label="At least", required=False, help_text="Where buyers pay what they like.")
    max_price = Amount(label="At most", required=False, help_text="Empty or 0: no upper limit.")
    quantity = Count(label="How many", min_value=0)
    sales_starts_at = LocalMoment(label="Sale starts", error_messages=REQUIRED)
    sales_ends_at = LocalMoment(label="Sale ends", error_messages=REQUIRED)
    min_order = Count(label="At least in one order", min_value=0)
    max_order = Count(label="At most in one order")
    is_hidden = forms.BooleanField(label="Hidden: only buyers with an access code see it", required=False)
    auto_checkin_enabled = forms.BooleanField(label="Checked in when bought", required=False)

    class Meta:
        model = Ticket
        fields = (
            *("name", "description", "is_description_visible", "type", "price", "min_price", "max_price"),
            *("quantity", "sales_starts_at", "sales_ends_at", "min_order", "max_order", "is_hidden"),
            "auto_checkin_enabled",
        )

    def __init__(self, *args, event, **options):
        super().__init__(*args, **options)
        self.event = event
        speak_of(self, event)
        self.fields["type"].choices = kinds_with(self.instance.type)
        for name in ("price", "min_price", "max_price"):
            self.fields[name].label += f", in {event.currency}"

    def clean_name(self):
        name = plain(self.cleaned_data["name"])
        others = self.event.tickets.filter(name=name, deleted_at=None).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError("There is a ticket of this name already.")
        return name

    def clean(self):
        given = super().clean()
        for name in ("price", "min_price", "max_price"):
            if name in given:  # what is not asked of this kind stays as it is
                given[name] = ZERO if given[name] is None else given[name]
        if not self.errors:
            ask(self, check_ticket, given, event=self.event, ticket=self.instance if self.instance.pk else None)
        return given

    @property
    def summary(self):
        return errors_of(self)


def kinds_with(present):
    """The three kinds, in the spelling that this ticket has: clients know more than one for each."""
    return [(present if KINDS.get(present) == kind else kind, words) for kind, words in WORDS.items()]


@require_safe
@manages("team")
def ticket_list(request, event):
    tickets = list(event.tickets.filter(deleted_at=None))
    seats = seats_of_tickets(tickets)
    can_be_paid = bool(payments_offered(event))
    for ticket in tickets:
        ticket.seats = seats[ticket.pk]
        ticket.sold_address = orders_address(event, ticket=ticket.pk, status=SOLD)
        ticket.held_address = orders_address(event, ticket=ticket.pk, status=HELD)
        ticket.sale = sale_of(ticket, event, can_be_paid=can_be_paid)
        ticket.words = WORDS[ticket.kind]
    context = {"event": event, "tickets": tickets, "can_be_paid": can_be_paid}
    return render(request, "manage/tickets.html", context)


def sale_of(ticket, event, *, can_be_paid):
    """Whether one can buy it now, or why not."""
    now = timezone.now()
    if now > ticket.sales_ends_at:
        return Badge("Sale ended", "", icon="clock-x")
    if ticket.kind != FREE and not can_be_paid:
        return Badge("No way to pay", "warn", icon="alert-triangle")
    if now < ticket.sales_starts_at:
        opens = ticket.sales_starts_at.astimezone(event.zone)
        return Badge(f"From {dateformat.format(opens, 'j M, H:i')}", "info", icon="clock")
    if not ticket.seats.free:
        return Badge("Sold out", "", icon="ban")
    return Badge("On sale", "ok", icon="circle-check")


@require_http_methods(["GET", "HEAD", "POST"])
@manages("team")
def new_ticket(request, event):
    last = event.tickets.filter(deleted_at=None).last()
    starts = min(timezone.now().replace(second=0, microsecond=0), event.starts_at)
    ticket = Ticket(
        event=event,
        type=FREE,
        sales_starts_at=starts,
        sales_ends_at=event.ends_at,
        position=(last.position or 0) + 1 if last else 1,
    )
    with atomic():
        if request.method == "POST":  # two of one name cannot be made at once
            Event.objects.select_for_update(no_key=True).get(pk=event.pk)
        return edit(request, event, ticket)


@require_http_methods(["GET", "HEAD", "POST"])
@manages("team")
def edit_ticket(request, event, pk):
    with atomic():
        rows = event.tickets.filter(deleted_at=None)
        if request.method == "POST":
            Event.objects.select_for_update(no_key=True).get(pk=event.pk)
            rows = rows.select_for_update(no_key=True)
        return edit(request, event, get_object_or_404(rows, pk=pk))


def edit(request, event, ticket):
    title = ticket.name if ticket.pk else "New ticket"  # as it is, not as somebody types it
    form = TicketForm(request.POST if request.method == "POST" else None, instance=ticket, event=event)
    if request.method == "POST" and form.is_valid():
        verb = "ticket.changed" if ticket.pk else "ticket.created"
        form.save()
        record(verb, by=request.user, about=ticket, event_id=event.pk, fields=form.changed_data)
        messages.success(request, f"{ticket.name} is saved.")
        return redirect("manage-tickets", event.identifier)
    context = {
        "event": event,
        "ticket": ticket,
        "form": form,
        "title": title,
        "can_be_paid": bool(payments_offered(event)),
    }
    return render(request, "manage/ticket.html", context)


@require_POST
@manages("team")
def move(request, event, pk, way):
    ticket = get_object_or_404(event.tickets.filter(deleted_at=None), pk=pk)
    if way not in STEPS:
        raise Http404
    move_ticket(ticket, STEPS[way])
    return redirect("manage-tickets", event.identifier)


@require_POST
@manages("team")
def copy(request, event, pk):
    made = copy_ticket(get_object_or_404(event.tickets.filter(deleted_at=None), pk=pk), by=request.user)
    messages.success(request, f"{made.name} is there, hidden until you show it.")
    return redirect("manage-ticket", event.identifier, made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@manages("team")
def remove(request, event, pk):
    """Asks first: what is gone from the list is gone."""
    ticket = get_object_or_404(event.tickets.filter(deleted_at=None), pk=pk)
    refusal = ""
    if request.method == "POST":
        try:
            remove_ticket(ticket, by=request.user)
        except Refused as refused:
            refusal = refused.detail
        else:
            messages.success(request, f"{ticket.name} is removed.")
            return redirect("manage-tickets", event.identifier)
    seats = seats_of_tickets([ticket])[ticket.pk]
    context = {"event": event, "ticket": ticket, "seats": seats, "refusal": refusal}
    return render(request, "manage/ticket_remove.html", context, status=403 if refusal else 200)
