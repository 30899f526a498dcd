"""Another ticket type for one attendee: which, then what that does to the money, then the deed."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from events.pages.manage.access import manages
from openevent.core.form_errors import errors_of
from openevent.core.money import format_money
from openevent.core.refusals import Refused
from orders.badges import badge_of
from orders.models import Ticket
from orders.models.order import COMPLETED
from orders.pages.manage.order import by_hand_of_ways, order_of, words_of_ways
from orders.services.change_ticket import change_ticket, preview_change
from orders.services.papers import live_attendees
from orders.services.stock import seats_left


class ChangeForm(forms.Form):
    """Which ticket type, and whether the price moves with it."""

    ticket = forms.ModelChoiceField(
        queryset=Ticket.objects.none(),
        label="Ticket type",
        error_messages={"required": "Choose a ticket type.", "invalid_choice": "The event has no such ticket type."},
    )
    keep_price = forms.BooleanField(label="Leave the price as it is", required=False)

    def __init__(self, *args, event, **options):
        super().__init__(*args, **options)
        self.fields["ticket"].queryset = event.tickets.filter(deleted_at=None)


@manages("team")
@require_http_methods(["GET", "HEAD", "POST"])
def change_page(request, event, code, holder):
    order, problem = order_of(event, code), None
    typed = request.POST if request.method == "POST" else request.GET
    form = ChangeForm(typed if typed else None, event=event)
    if request.method == "POST" and form.is_valid():
        try:
            change_ticket(holder_of(order, holder), by=request.user, seen=typed.get("seen", ""), **form.cleaned_data)
            messages.success(request, f"The ticket is a “{form.cleaned_data['ticket']}” now, and was issued anew.")
            return redirect("manage-order", event.identifier, order.identifier)
        except Refused as refused:
            order, problem = order_of(event, code), refused
    attendee = holder_of(order, holder)
    plan = None
    if form.is_bound and form.is_valid():
        try:
            plan = plan_of(preview_change(attendee, **form.cleaned_data))
        except Refused as refused:
            problem = problem or refused
    context = {
        "event": event,
        "order": order,
        "holder": attendee,
        "badge": badge_of(order),
        "form": form,
        "chosen": str(form["ticket"].value() or ""),
        "errors": errors_of(form),
        "types": types_for(attendee),
        "plan": plan,
        "problem": problem,
    }
    return render(request, "manage/order/change_ticket.html", context, status=problem.status if problem else 200)


def holder_of(order, identifier):
    attendee = next((one for one in live_attendees(order) if one.identifier == identifier), None)
    if attendee is None:
        raise Http404
    attendee.order = order
    return attendee


def types_for(attendee):
    """The other ticket types, each with what a change to it costs, or why it cannot be."""
    tickets = list(attendee.order.event.tickets.filter(deleted_at=None).exclude(pk=attendee.ticket_id))
    left = seats_left(tickets)
    for ticket in tickets:
        ticket.left, ticket.why = left[ticket.pk], ""
        try:
            ticket.change = preview_change(attendee, ticket=ticket)
            ticket.difference = words_of_difference(ticket.change)
        except Refused as refused:
            ticket.why = str(refused)
    return tickets


def words_of_difference(change):
    if not change.difference:
        return "the same price"
    sign = "+" if change.difference > 0 else "−"
    return f"{sign}{format_money(abs(change.difference), change.attendee.order.currency)}"


def plan_of(change):
    """What it would do: old price, new price, difference, and a sentence each for what follows."""
    return {"change": change, "difference": words_of_difference(change), "sentences": list(sentences_of(change))}


def sentences_of(change):
    order, attendee = change.attendee.order, change.attendee
    money = {name: format_money(getattr(change, name), order.currency) for name in ("due", "waived", "back")}
    if change.due:
        yield f"{money['due']} is still to be paid: online on the order’s page, or to you, and you say so here."
    if change.waived:
        yield f"{money['waived']} that was still to be paid is no longer asked for."
    yield from (f"{words} goes back." for words in words_of_ways(order, change.ways))
    yield from by_hand_of_ways(order, change.ways)
    if change.difference and order.status != COMPLETED:
        total = format_money(order.amount + change.difference, order.currency)
        yield f"The order then costs {total}, which is awaited."
    yield f"A place of “{attendee.ticket.name}” is on sale again, and one of “{change.line.ticket.name}” is taken."
    yield "The ticket that is out stops working; a new one is issued."
    if told := sorted({address for address in (order.email, attendee.email) if address}):
        yield f"{' and '.join(told)} get{'s' if len(told) == 1 else ''} a mail with it."
