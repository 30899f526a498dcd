"""An order after it was made: its tickets, its papers, its story, and how to cancel it."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from notifications.services.mail import words_about
from openevent.core.limits import limit
from openevent.core.money import format_money
from openevent.core.refusals import Refused
from orders.badges import badge_of
from orders.documents.drawing import qr_picture
from orders.models import Order
from orders.models.order import CANCELLED, COMPLETED, EXPIRED, INITIALIZING, PENDING, PLACED
from orders.models.payment import DISPUTE, DONE, FAILED, STARTED, UNDONE
from orders.pages.access import opens_order
from orders.pages.details import picker_address
from orders.pages.forms import NameForm
from orders.pages.pay import leads_to_providers
from orders.pages.sums import sum_of_order
from orders.payments import OFFLINE_MODES, PAYMENTS, PROVIDERS, payments_offered
from orders.rules import orders_bought
from orders.services import order_papers
from orders.services.answers import shown_answers
from orders.services.holders import change_holder, has_code_to_void, reissue_ticket, why_names_stay, words_of_reissue
from orders.services.ledger import left_of
from orders.services.mails import WAYS_TO_PAY
from orders.services.order_papers import paper_called
from orders.services.outbox import ways_back
from orders.services.papers import WITH_TICKETS, live_attendees, tickets_of_order
from orders.services.questions import questions_of, questions_on
from orders.services.resending import send_again
from orders.services.states import cancel_order, may_move, way_of, why_it_stays
from orders.services.timeline import outline_of

PAGE_SIZE = 20
OPEN = (INITIALIZING, PENDING, PLACED, COMPLETED)
DAYS_OF_BANKS = timedelta(days=10)
BUTTONS = {"stripe": "Pay by card", "paypal": "Pay with PayPal", **WAYS_TO_PAY}


@require_safe
@leads_to_providers
@opens_order
def order_page(request, opened):
    order = opened.order
    status = order.current_status
    if status == INITIALIZING:
        return redirect(opened.address("details"))
    title, lede = greeting(order, status)
    told, refunds = list(get_messages(request)), refunds_of(order)
    context = {
        "order": order,
        "event": order.event,
        "town": order.event.town,
        "badge": badge_of(order),
        "title": title,
        "lede": lede,
        "problems": [message for message in told if message.level >= messages.WARNING],
        "messages": [message for message in told if message.level < messages.WARNING],
        "holders": holders_of(opened) if status in WITH_TICKETS else [],
        "payment": payment_of(order) if status == PLACED else None,
        "pay": opened.address("pay"),
        "ways": ways_to_pay(opened) if status == PENDING or order.due else [],
        "by_hand": ways_by_hand(order) if order.due else [],
        "others": other_ways(opened) if status == PENDING else [],
        "begun": status == PENDING and order.payments.filter(state=STARTED).exists(),
        "failed": failure_of(order) if status == PENDING or order.due else "",
        "refunds": refunds,
        "takes_days": any(
            refund.payment_id and refund.created_at > timezone.now() - DAYS_OF_BANKS for refund in refunds
        ),
        "pdf": opened.address("order-pdf"),
        "papers": papers_of(opened),
        "calendar": f"/v1/events/{order.event.identifier}.ics",
        "story": story_of(order),
        "resend": opened.address("resend") if status in WITH_TICKETS and order.email else "",
        "sum": sum_of_order(order),
        "cancel": opened.address("cancel-order") if may_cancel(opened) else "",
        "keeps": why_no_button(opened, status),
        "names": until_when_names_change(opened, status),
        "sign_in": not opened.may_change,
        "again": picker_address(order) if status == EXPIRED else "",
        "secret_link": request.build_absolute_uri() if opened.secret else "",
    }
    return render(request, "orders/order.html", context)


def greeting(order, status):
    """What has become of the order, as one would say it to the buyer."""
    count = order.attendees.filter(deleted_at=None).count()
    tickets = f"{count} ticket{'' if count == 1 else 's'} for {order.event.name}"
    name = f", {order.first_name}" if order.first_name else ""
    return {
        COMPLETED: (f"You’re going{name}", f"{tickets}. Show a code at the door, on paper or on screen."),
        PLACED: (f"Your places are kept{name}", f"{tickets}. They let you in once the order is paid."),
        PENDING: ("Your payment is awaited", f"{tickets}. They show here as soon as it has arrived."),
        EXPIRED: ("Your time ran out", f"The places went back on sale. {too_late(order)}"),
        CANCELLED: ("This order is cancelled", f"{tickets} no longer work."),
    }[status]


def too_late(order):
    """What becomes of the money of an order that has ended; a payment may be on its way at that moment."""
    if order.refunds.exists():
        return "Your payment came when they were gone: it goes back to you."
    if order.payments.filter(state=STARTED).exists():
        return "Should your payment still arrive, you get the tickets if places are left, and else your money back."
    if order.payment_mode in OFFLINE_MODES:
        return "If you have paid meanwhile, ask the organizer: they find you places again, or give the money back."
    return "Nothing was charged."


def holders_of(opened):
    holders = live_attendees(opened.order)
    questions = questions_of(opened.order.event) if opened.may_change else []
    for holder in holders:
        holder.answers = shown_answers(holder, questions)
        holder.picture = qr_picture(holder.printed_code)
        holder.pdf = opened.address("holder-pdf", holder=holder.identifier)
        if opened.may_change and not why_names_stay(opened.order.event):
            holder.edit = opened.address("rename-holder", holder=holder.identifier)
            holder.edit_words = "Edit name and answers" if questions_on(holder.ticket, questions) else "Edit name"
    return holders


def papers_of(opened):
    """Where its papers are: the tickets have a button of their own."""
    papers = [paper for paper in order_papers.papers_of(opened.order) if paper.name != order_papers.TICKETS]
    return [(paper, opened.address("order-paper", paper=paper.name)) for paper in papers]


def payment_of(order):
    way = PAYMENTS.get(order.payment_mode)
    return {
        "title": WAYS_TO_PAY.get(order.payment_mode, "How to pay"),
        "details": way.instructions(order.event) if way else "",
    }


def ways_to_pay(opened):
    """The providers with whom an order can be paid that has not been, the one first that was chosen."""
    if not opened.may_change:
        return []
    offered = [way.mode for way in payments_offered(opened.order.event) if way.mode in PROVIDERS]
    offered.sort(key=lambda mode: mode != opened.order.payment_mode)
    return [(mode, BUTTONS[mode]) for mode in offered]


def other_ways(opened):
    """How else its buyer can promise to pay an order."""
    offered = payments_offered(opened.order.event) if opened.may_change else []
    return [(way.mode, BUTTONS[way.mode]) for way in offered if way.mode in OFFLINE_MODES]


def ways_by_hand(order):
    """How a difference is paid without a provider: what the organizer calls each way, and how it is done."""
    offered = [way for way in payments_offered(order.event) if way.mode in OFFLINE_MODES]
    return [(WAYS_TO_PAY[way.mode], way.instructions(order.event)) for way in offered]


def failure_of(order):
    """Why the newest try to pay came to nothing, in the provider's words."""
    newest = order.payments.first()
    return newest.error if newest and newest.state == FAILED else ""


def refunds_of(order):
    """What goes back to the buyer. One that a provider refuses is on its way to them still: the team sees to it."""
    refunds = list(order.refunds.exclude(state=UNDONE).exclude(source=DISPUTE).select_related("payment"))
    for refund in refunds:
        refund.is_done = refund.state == DONE
        refund.way = way_of(refund.provider) if refund.payment_id else "from the organizer"
    return refunds


def story_of(order):
    """What happened, as the page tells it: of a mail in one line whether it arrived."""
    return [
        line._replace(title=f"{line.title}: {line.badge['word'].lower()}, {line.detail}") if line.badge else line
        for line in outline_of(order)
    ]


@require_safe
@opens_order
def tickets_pdf(request, opened):
    return _paper(tickets_of_order(opened.order))


@require_safe
@opens_order
def paper(request, opened, paper):
    return _paper(paper_called(opened.order, paper))


@require_safe
@opens_order
def holder_pdf(request, opened, holder):
    return _paper(tickets_of_order(opened.order, [_holder(opened, holder)]))


def _paper(paper):
    name = paper.name
    return HttpResponse(
        paper.content, content_type=paper.mimetype, headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


@opens_order
def rename_holder(request, opened, holder):
    """Another name or address on one ticket, which is issued anew; other answers, with which it stays."""
    attendee = _holder(opened, holder)
    if not opened.may_change:
        raise PermissionDenied
    attendee.event = opened.order.event
    form = NameForm(request.POST if request.method == "POST" else None, attendee=attendee, by=opened.by)
    if request.method == "POST" and form.is_valid():
        try:
            limit("rename", opened.order.pk, "30/d")  # each new address gets a mail, and a guest has no quota of mails
            changed = change_holder(attendee, by=opened.by, changes=form.changes)
            is_new = changed.seed != attendee.seed
            messages.success(request, f"The ticket of {changed.name} is {'ready' if is_new else 'as you said'}.")
            return redirect(f"{opened.address()}#ticket-{attendee.identifier}")
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {
        "order": opened.order,
        "holder": attendee,
        "form": form,
        "keep": opened.address(),
        "reissue": opened.address("reissue", holder=holder) if has_code_to_void(opened.order) else "",
    }
    return render(request, "orders/holder.html", context)


@require_POST
@opens_order
def reissue(request, opened, holder):
    """A new code for a ticket that was lost, or is in other hands."""
    attendee = _holder(opened, holder)
    if not opened.may_change:
        raise PermissionDenied
    limit("rename", opened.order.pk, "30/d")  # a mail too
    reissue_ticket(attendee, by=opened.by)
    messages.success(request, words_of_reissue(attendee))
    return redirect(f"{opened.address()}#ticket-{attendee.identifier}")


@require_POST
@opens_order
def resend(request, opened):
    limit("send-again", opened.order.pk, "5/h")
    messages.success(request, words_about(send_again(opened.order, by=opened.by)))
    return redirect(opened.address())


def _holder(opened, identifier):
    found = next((one for one in live_attendees(opened.order) if one.identifier == identifier), None)
    if found is None:
        raise Http404
    return found


def may_cancel(opened):
    return opened.may_change and may_move(opened.order, CANCELLED, by=opened.by)


def why_no_button(opened, status):
    """What to tell a buyer who looks for the button, where there is none."""
    is_there = opened.may_change and status in (PLACED, COMPLETED) and not may_cancel(opened)
    return why_it_stays(opened.order) if is_there else ""


def until_when_names_change(opened, status):
    """Until when the buyer may say who comes, or why no more."""
    if not opened.may_change or status not in WITH_TICKETS:
        return ""
    event = opened.order.event
    until = (event.holders_change_until or event.starts_at).astimezone(event.zone)
    return why_names_stay(event) or f"Names can be changed until {until:%-d %B %Y, %H:%M}."


@opens_order
def cancel(request, opened):
    order = opened.order
    if not may_cancel(opened):
        return redirect(opened.address())
    if request.method == "POST":
        cancel_order(order, by=opened.by)
        return redirect(opened.address())
    context = {
        "order": order,
        "event": order.event,
        "count": order.attendees.filter(deleted_at=None).count(),
        "keep": opened.address(),
        "left": left_of(order),
        "back": back_of(order),
    }
    return render(request, "orders/cancel.html", context)


def back_of(order):
    """What cancelling gives back, a sentence for each way."""
    for payment, amount in ways_back(order, left_of(order)):
        money = format_money(amount, order.currency)
        how = f"goes back {way_of(payment.provider)}, the way you paid it" if payment else "you get from the organizer"
        yield f"{money} {how}."


@require_safe
@login_required
def my_tickets(request):
    past = bool(request.GET.get("past"))
    orders = Order.objects.filter(orders_bought(request.user), deleted_at=None).select_related("event")
    coming = Q(event__ends_at__gte=timezone.now(), event__deleted_at=None, status__in=OPEN)
    coming &= ~Q(status__in=(INITIALIZING, PENDING), expires_at__lte=timezone.now())
    orders = orders.exclude(coming) if past else orders.filter(coming)
    orders = orders.annotate(count=Count("attendees", filter=Q(attendees__deleted_at=None)))
    orders = orders.order_by("-event__starts_at" if past else "event__starts_at", "-pk")
    page = Paginator(orders, PAGE_SIZE).get_page(request.GET.get("page"))
    for order in page:
        order.badge = badge_of(order)
    context = {"page": page, "past": past, "query": "past=1&" if past else ""}
    return render(request, "orders/list.html", context)
