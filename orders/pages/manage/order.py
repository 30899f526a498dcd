"""One order as its event's team sees it: why it is as it is, what happened, and what can be done."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods

from events.pages.manage.access import manages
from notifications.services.mail import words_about
from openevent.core.atomic import atomic
from openevent.core.editing import EditForm
from openevent.core.form_errors import errors_of
from openevent.core.limits import limit
from openevent.core.money import format_money
from openevent.core.refusals import Refused
from orders.badges import badge_of, badge_of_refund
from orders.models import Attendee
from orders.models.order import CANCELLED, COMPLETED, ON_THE_CLOCK, PLACED
from orders.models.payment import FAILED, HOUSE, OWED
from orders.pages.forms import AnswersForm
from orders.pages.sums import sum_of_order
from orders.services.change_ticket import receive_due
from orders.services.find_orders import Filters
from orders.services.holders import change_holder, has_code_to_void
from orders.services.holding import extend_hold, extensions_left
from orders.services.ledger import left_of, paid_of
from orders.services.notes import LONGEST, note_order
from orders.services.order_papers import papers_of
from orders.services.outbox import try_refund_again, ways_back
from orders.services.papers import live_attendees
from orders.services.questions import questions_of
from orders.services.refunding import confirm_refund
from orders.services.resending import send_again
from orders.services.states import (
    cancel_order,
    explain,
    lock_order,
    mark_paid,
    may_move,
    refuse_if_changed,
    way_of,
    what_next,
)
from orders.services.terms import wait_longer
from orders.services.timeline import MAILS, MONEY, NOTES, timeline_of

SHOWN = {"mails": ("Mails", (MAILS,)), "money": ("Money", (MONEY,)), "notes": ("Notes", (NOTES,))}
BILLING = ("company", "tax_business_info", "address", "zipcode", "city", "state", "country", "order_notes")
ANSWERS = (
    *("job_title", "company", "phone", "address", "city", "state", "country", "work_address", "work_phone", "website"),
    *("blog", "twitter", "facebook", "github", "instagram", "linkedin", "gender", "age_group", "birth_date"),
    *("native_language", "fluent_language", "home_wiki", "wiki_scholarship", "tax_business_info", "billing_address"),
    *("home_address", "shipping_address", "accept_video_recording", "accept_share_details", "accept_receive_emails"),
)


def order_of(event, code):
    """An order with its event, as all pages of it find it: 404 for another event's, and for a deleted one."""
    orders = event.orders.select_related("discount_code", "access_code", "user")
    order = get_object_or_404(orders, identifier=code, deleted_at=None)
    order.event = event
    return order


@manages("team")
@require_http_methods(["GET", "HEAD", "POST"])
def order_page(request, event, code):
    order, problem = order_of(event, code), None
    if request.method == "POST":
        try:
            messages.success(request, act(request, order))
            return redirect("manage-order", event.identifier, order.identifier)
        except Refused as refused:
            order, problem = order_of(event, code), refused
    context = {**context_of(order, by=request.user, show=request.GET.get("show")), "problem": problem}
    context["noted"] = request.POST.get("note", "") if problem else ""
    return render(request, "manage/order/order.html", context, status=problem.status if problem else 200)


def act(request, order):
    """Do what the button says, to the order as it was seen; what there is to tell of it."""
    by, verb = request.user, request.POST.get("verb")
    if verb == "note":
        note_order(order, request.POST.get("note", ""), by=by)
        return "Noted. Only the event’s team reads it."
    if verb in ("again", "given"):
        return act_on_refund(order, verb, request.POST.get("refund", ""), by=by)
    with atomic():
        order = lock_order(order)
        refuse_if_changed(order, request.POST.get("seen"))
        if verb == "paid":
            mark_paid(order, by=by)
            return f"Order {order.identifier} is marked paid. Its tickets are on their way."
        if verb == "resend":
            limit("send-again-by-team", order.pk, "10/h")
            return words_about(send_again(order, by=by))
        if verb == "extend":
            extend_hold(order, by=by)
            return "Its seats are held ten minutes longer."
        if verb == "due":
            return f"{format_money(receive_due(order, by=by), order.currency)} is booked as paid."
        if verb == "wait":
            until = wait_longer(order, by=by).awaited_until
            return f"Its money is awaited until {until.astimezone(order.event.zone):%-d %B %Y}."
    raise Http404


def act_on_refund(order, verb, pk, *, by):
    """One that was given up is tried again; what nobody gives by themselves was given by hand."""
    refund = next((one for one in order.refunds.all() if str(one.pk) == pk), None)
    if refund is None:
        raise Http404
    refund.order = order
    money = format_money(refund.amount, refund.currency)
    if verb == "again":
        try_refund_again(refund, by=by)
        return f"{money} is on its way back once more."
    if refund.state != FAILED and not refund.is_by_hand:
        raise Refused("refund-on-its-way", "This refund is on its way, or was given.", status=409)
    confirm_refund(refund, by=by)
    return f"{money} counts as given back."


def context_of(order, *, by, show=None):
    event, status = order.event, order.current_status
    lines = timeline_of(order)
    mails = [line for line in lines if line.kind == MAILS]
    lost = mails[0] if mails and mails[0].colour == "bad" else None
    money = money_of(order)
    stuck = any(refund.state == FAILED for refund in money["refunds"])
    return {
        "event": event,
        "order": order,
        "seen": status,
        "badge": badge_of(order),
        "title": order.buyer_name or order.identifier,
        "why": explain(order),
        "next": what_next(order, by=by),
        "lost_mail": lost,
        "stuck": stuck,
        "urgent": bool(lost) or stuck or status == PLACED or bool(order.due),
        "money": money,
        "may": {
            "paid": bool(order.amount) and may_move(order, COMPLETED, by=by) and status != COMPLETED,
            "complete": not order.amount and may_move(order, COMPLETED, by=by) and status != COMPLETED,
            "cancel": may_move(order, CANCELLED, by=by) and status != CANCELLED,
            "refund": money["left"] > 0,
            "resend": bool(order.email) and status in (PLACED, COMPLETED),
            "extend": status in ON_THE_CLOCK and extensions_left(order) > 0,
            "change": status in (PLACED, COMPLETED),
            "wait": order.awaited_until is not None,
        },
        "timeline": [line for line in lines if show not in SHOWN or line.kind in SHOWN[show][1]],
        "shown": show if show in SHOWN else "",
        "kinds": [(name, words) for name, (words, _) in SHOWN.items()],
        "holders": holders_of(order),
        "sum": sum_of_order(order),
        "buyer": buyer_of(order),
        "papers": papers_at(order),
        "others": others_of(order),
        "longest": LONGEST,
    }


def money_of(order):
    """What came in, what goes back and by which way, and what could still be given."""
    refunds = list(order.refunds.select_related("payment", "attendee"))
    for refund in refunds:
        refund.badge = badge_of_refund(refund)
        refund.way = way_back(refund)
        refund.is_stuck = refund.state == FAILED
        refund.may_be_given = refund.state in OWED and (refund.is_stuck or refund.is_by_hand)
    return {"refunds": refunds, "paid": paid_of(order), "left": left_of(order)}


def way_back(refund):
    """How it went, and who began it if that was not done here."""
    if refund.source != HOUSE:
        return refund.get_source_display()
    return way_of_payment(refund.payment)


def way_of_payment(payment):
    """How money goes back: the way it came."""
    return f"{way_of(payment.provider)}, the way it was paid" if payment else "by hand"


def words_of_ways(order, ways):
    """“€20.00 by card, the way it was paid”, for each way."""
    return [f"{format_money(amount, order.currency)} {way_of_payment(payment)}" for payment, amount in ways]


def holders_of(order):
    holders = live_attendees(order)
    for holder in holders:
        holder.answers = answers_of(holder)
        times = (holder.checkin_times or "").split(",")
        holder.came = times[-1].strip()[:16].replace("T", " ") if holder.is_checked_in else ""
    return holders


def answers_of(holder):
    """What the order form asked beyond the name, as far as it was answered."""
    own = [(words_for(name), shown(getattr(holder, name))) for name in ANSWERS if getattr(holder, name) is not None]
    more = holder.complex_field_values if isinstance(holder.complex_field_values, dict) else {}
    return [pair for pair in [*own, *((words_for(name), shown(value)) for name, value in more.items())] if pair[1]]


def words_for(name):
    return capfirst(str(name).replace("_", " ").replace("-", " "))


def shown(value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def papers_at(order):
    """Where its papers are."""
    code = order.event.identifier, order.identifier
    return [(paper, reverse("manage-paper", args=[*code, paper.name])) for paper in papers_of(order)]


def buyer_of(order):
    facts = [("E-mail", order.email), ("Account", "yes" if order.user_id else "guest")]
    facts += [(words_for(name), getattr(order, name)) for name in BILLING]
    return [(words, value) for words, value in facts if value]


def others_of(order):
    """How many other orders of this event the same address has made, and where they are listed."""
    if not order.email:
        return None
    count = order.event.orders.filter(email=order.email, deleted_at=None).exclude(pk=order.pk).count()
    return {"count": count, "query": Filters(q=order.email).query()} if count else None


@manages("team")
def cancel_page(request, event, code):
    """What cancelling will do, in words and money; then the deed, with a note to the buyer."""
    order, problem = order_of(event, code), None
    if request.method == "POST":
        try:
            with atomic():
                order = lock_order(order)
                refuse_if_changed(order, request.POST.get("seen"))
                cancel_order(
                    order, by=request.user, note=request.POST.get("note", "").replace("\x00", "")[:2000] or None
                )
            messages.success(request, f"Order {order.identifier} is cancelled.")
            return redirect("manage-order", event.identifier, order.identifier)
        except Refused as refused:
            order, problem = order_of(event, code), refused
    context = {
        "event": event,
        "order": order,
        "seen": order.current_status,
        "badge": badge_of(order),
        "may_cancel": may_move(order, CANCELLED, by=request.user) and order.current_status != CANCELLED,
        "consequences": consequences_of(order),
        "why": explain(order),
        "note": request.POST.get("note", ""),
        "problem": problem,
    }
    return render(request, "manage/order/cancel.html", context, status=problem.status if problem else 200)


def consequences_of(order):
    """What cancelling it does, a sentence each."""
    count, left = order.attendees.filter(deleted_at=None).count(), left_of(order)
    money = format_money(order.amount, order.currency)
    if count == 1:
        yield "1 ticket stops working, and its place is on sale again."
    else:
        yield f"{count} tickets stop working, and their places are on sale again."
    if left > 0:
        ways = ways_back(order, left)
        yield f"{format_money(left, order.currency)} goes back: {' and '.join(words_of_ways(order, ways))}."
        yield from by_hand_of_ways(order, ways)
    elif order.amount and order.current_status != COMPLETED:
        yield f"{money} is no longer awaited."
    if order.email:
        yield f"{order.email} gets a mail with your note."


def by_hand_of_ways(order, ways):
    """What the organizer has to do themselves, if anything."""
    if by_hand := sum(amount for payment, amount in ways if payment is None):
        yield f"You give {format_money(by_hand, order.currency)} back yourself, and say so on the order’s page."


class HolderForm(EditForm):
    """Who comes on a ticket."""

    class Meta:
        model = Attendee
        fields = ("firstname", "lastname", "email")
        labels = {"firstname": "First name", "lastname": "Last name", "email": "E-mail"}
        help_texts = {"email": "The new ticket goes there. The old one stops working."}


@manages("team")
def holder_page(request, event, code, holder):
    order = order_of(event, code)
    with atomic():
        rows = Attendee.objects.select_for_update(of=("self",)).filter(order=order, deleted_at=None)
        attendee = get_object_or_404(rows.select_related("ticket"), identifier=holder)
        attendee.event = event
        typed = request.POST if request.method == "POST" else None
        form = HolderForm(typed, instance=attendee)
        asked = {"questions": questions_of(event), "by": request.user, "prefix": "answers"}
        answers = AnswersForm(typed, attendee=attendee, **asked)
        if request.method == "POST" and all([form.is_valid(), answers.is_valid()]):
            try:
                given = {name: form.cleaned_data[name] for name in form.Meta.fields}
                changed = change_holder(attendee, by=request.user, changes={**given, **answers.answers_given})
                messages.success(request, f"The ticket of {changed.name or changed.identifier} is ready.")
                return redirect("manage-order", event.identifier, order.identifier)
            except Refused as refused:
                form.add_error(None, str(refused))
    context = {
        "event": event,
        "order": order,
        "holder": attendee,
        "form": form,
        "answers": answers.answers(),
        "errors": errors_of(form) + errors_of(answers),
        "is_out": order.current_status in (PLACED, COMPLETED),
        "back": reverse("manage-order", args=[event.identifier, order.identifier]),
        "may_reissue": has_code_to_void(order),
    }
    return render(request, "manage/order/holder.html", context)
