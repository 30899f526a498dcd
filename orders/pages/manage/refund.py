"""Giving money of an order back: how much and for what, then what that does, then the deed."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from events.pages.manage.access import manages
from openevent.core.atomic import atomic
from openevent.core.form_errors import errors_of
from openevent.core.money import ZERO, format_money
from openevent.core.refusals import Refused
from orders.badges import badge_of
from orders.models import Attendee
from orders.models.order import SEATED
from orders.pages.manage.forms import Amount
from orders.pages.manage.order import by_hand_of_ways, order_of, words_of_ways
from orders.services.ledger import left_of
from orders.services.papers import live_attendees
from orders.services.refunding import preview_refund, prices_of, refund_order
from orders.services.states import lock_order

ALL, PART, TICKETS = "all", "amount", "tickets"
LONGEST = 400


class RefundForm(forms.Form):
    """What goes back: all that is left, an amount, or what tickets cost."""

    what = forms.ChoiceField(choices=[(ALL, ""), (PART, ""), (TICKETS, "")])
    amount = Amount(label="Amount", required=False)
    ticket = forms.ModelMultipleChoiceField(
        queryset=Attendee.objects.none(),
        label="Tickets",
        to_field_name="identifier",
        required=False,
        error_messages={"invalid_choice": "This ticket was given back already, or is not of this order."},
    )

    def __init__(self, *args, order, **options):
        super().__init__(*args, **options)
        self.fields["amount"].currency = order.currency
        self.fields["ticket"].queryset = order.attendees.filter(deleted_at=None).order_by("pk")

    def clean(self):
        given = super().clean()
        needed = {PART: ("amount", "Say how much."), TICKETS: ("ticket", "Choose at least one ticket.")}
        name, words = needed.get(given.get("what"), ("", ""))
        if name and name not in self.errors and not given.get(name):
            self.add_error(name, words)
        return given

    def chosen(self):
        """As the services take it."""
        what, given = self.cleaned_data["what"], self.cleaned_data
        return {
            "amount": given["amount"] if what == PART else None,
            "attendees": list(given["ticket"]) if what == TICKETS else [],
        }


@manages("team")
@require_http_methods(["GET", "HEAD", "POST"])
def refund_page(request, event, code):
    order, problem = order_of(event, code), None
    typed = request.POST if request.method == "POST" else request.GET
    form = RefundForm(typed if "what" in typed else None, order=order)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, give(order, form.chosen(), request))
            return redirect("manage-order", event.identifier, order.identifier)
        except Refused as refused:
            order, problem = order_of(event, code), refused
    plan = None
    if form.is_bound and form.is_valid():
        try:
            plan = plan_of(order, form.chosen())
        except Refused as refused:
            problem = problem or refused
    context = context_of(order, form, plan, problem)
    context["reason"] = request.POST.get("reason", "")
    return render(request, "manage/order/refund.html", context, status=problem.status if problem else 200)


def give(order, chosen, request):
    """Do what was seen, unless something else happened to the order's money meanwhile."""
    reason = request.POST.get("reason", "").replace("\x00", "").strip()[:LONGEST]
    with atomic():
        order = lock_order(order)
        if request.POST.get("seen") != seen_of(order):
            raise Refused("order-changed", "It has changed since you looked. This is how it stands now.", status=409)
        refunds = refund_order(order, by=request.user, reason=reason, **chosen)
    if not refunds:
        return "The tickets are taken back. They had cost nothing."
    money = format_money(sum(refund.amount for refund in refunds), order.currency)
    if any(refund.is_by_hand for refund in refunds):
        return f"{money} is owed back. Say on this page when you have given what goes by hand."
    return f"{money} is on its way back."


def seen_of(order):
    """What a preview was made of: two who give back at once have not seen the same."""
    return f"{order.current_status} {left_of(order)} {len(live_attendees(order))}"


def plan_of(order, chosen):
    """What this would do, a sentence each; refused as the deed itself would be."""
    ways = preview_refund(order, **chosen)
    total, count = sum((amount for _, amount in ways), ZERO), len(chosen["attendees"])
    return {"total": total, "sentences": list(sentences_of(order, ways, total, count)), "seen": seen_of(order)}


def sentences_of(order, ways, total, count):
    for words in words_of_ways(order, ways):
        yield f"{words}."
    yield from by_hand_of_ways(order, ways)
    rest = left_of(order) - total
    yield f"{format_money(rest, order.currency)} of what was paid stays with you."
    is_last = count and count == len(live_attendees(order)) and order.status in SEATED
    if count == 1:
        yield "1 ticket stops working, and its place is on sale again."
    elif count:
        yield f"{count} tickets stop working, and their places are on sale again."
    else:
        yield "All tickets stay as they are."
    if is_last:
        yield "It was the last of the order, which is cancelled with it."
    if order.email:
        yield f"{order.email} gets a mail that says so, with your reason."


def context_of(order, form, plan, problem):
    prices, holders = prices_of(order), live_attendees(order)
    chosen = {str(one) for one in form["ticket"].value() or ()}
    for holder in holders:
        holder.price = prices.get(holder.pk, ZERO)
        holder.is_chosen = holder.identifier in chosen
    return {
        "event": order.event,
        "order": order,
        "badge": badge_of(order),
        "form": form,
        "what": form["what"].value() or ALL,
        "errors": errors_of(form),
        "holders": holders,
        "left": left_of(order),
        "plan": plan,
        "problem": problem,
        "longest": LONGEST,
    }
