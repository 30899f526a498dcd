"""The mails of an order. They are written down in its transaction and go out after the commit, through the worker."""

from decimal import Decimal

from accounts.models import normalise_email
from notifications.services.attachments import Attachment
from notifications.services.mail import send_mail
from openevent.core.cleaning import clean_html, plain
from openevent.core.money import format_money
from orders.documents.papers import EventFacts
from orders.models import Attendee, Order, Tax
from orders.models.order import CANCELLED, COMPLETED
from orders.services.ledger import owed_of
from orders.services.moves import OWED, STATES
from orders.services.notices import tell_accounts
from orders.services.papers import (
    WITH_TICKETS,
    event_facts,
    live_attendees,
    order_link,
    order_paper,
    summary_of_order,
    ticket_of_attendee,
    tickets_of_order,
)

WAYS_TO_PAY = {
    "bank": "Pay by bank transfer",
    "cheque": "Pay by cheque",
    "onsite": "Pay at the door",
    "invoice": "Pay the invoice",
}


def tell_people(order: Order, *, by, before: str | None = None) -> None:
    """Mail those whom the order's new state concerns, and put it behind the bells of those with an account.

    A mail without an address goes to nobody. What somebody writes to a buyer counts towards what they may send in a
    day; the mails by which one gets what was ordered count for nobody, so that they always go.
    """
    state = STATES[order.status]
    if not state.mail or (before is not None and before not in state.told_after):
        return
    attendees = live_attendees(order)
    papers = (*state.papers, *_invoice_of(order)) if state.papers else ()
    has_note = order.status == CANCELLED and by != order.user
    _tell_buyer(order, attendees, state.mail, attachments=papers, by=by if has_note else None)
    holders = others(order, attendees) if state.holders else []
    for attendee in holders:
        send_ticket(attendee, order)
    tell_accounts(order, holders=holders, by=by, before=before)


def tell_of_refund(order: Order, amount: Decimal, *, why: str) -> None:
    """A payment that came to nothing goes back by itself: its buyer hears why."""
    if order.email:
        context = {**_context(order, live_attendees(order)), "amount": format_money(amount, order.currency), "why": why}
        send_mail("payment-returned", to=order.email, context=context, about=order)


def tell_of_change(order: Order, *, before: str, after: str, due: Decimal, back: Decimal, by) -> None:
    """A ticket is of another type: what that means for its buyer's money, and the new papers."""
    attachments = ["order-tickets", "order-summary"] if order.status == COMPLETED else ["order-summary"]
    sums = {
        "before": before,
        "after": after,
        "due": format_money(due, order.currency) if due else "",
        "back": format_money(back, order.currency) if back else "",
    }
    _tell_buyer(order, live_attendees(order), "ticket-changed", attachments=attachments, by=by, more=sums)


def remind_to_pay(order: Order) -> None:
    """How to pay once more, and until when."""
    _tell_buyer(order, live_attendees(order), "payment-reminder", attachments=["order-summary"])


def others(order: Order, attendees: list[Attendee]) -> list[Attendee]:
    """The holders who are not the buyer: each address once a ticket."""
    return [
        attendee
        for attendee in attendees
        if attendee.email and normalise_email(attendee.email) != normalise_email(order.email or "")
    ]


def send_ticket(attendee: Attendee, order: Order, *, by=None) -> None:
    """Mail a holder their own ticket: nothing else of the order. `by` is who gave it to them after it was ordered."""
    context = {
        **_facts(order, EventFacts(**event_facts(order.event))),
        "first_name": attendee.firstname,
        "buyer_name": order.buyer_name,
        "ticket_type": attendee.ticket.name,
    }
    attachments = [("attendee-ticket", {"attendee_id": attendee.pk})]
    to = attendee.email or order.email
    send_mail("ticket-for-holder", to=to, context=context, attachments=attachments, about=order, by=by)


def _invoice_of(order):
    """It goes along where it asks for the money, and where the event's tax settings say so."""
    sends = Tax.objects.filter(event=order.event_id, should_send_invoice=True, deleted_at=None)
    return ["order-invoice"] if order.amount and (order.payment_mode == "invoice" or sends.exists()) else []


def _tell_buyer(order, attendees, kind, *, attachments=(), by=None, more=None):
    if not order.email:
        return
    recipe = [(purpose, {"order_id": order.pk}) for purpose in attachments]
    context = {**_context(order, attendees), **(more or {})}
    send_mail(kind, to=order.email, context=context, attachments=recipe, about=order, by=by)


def _facts(order, paper):
    return {
        "order_identifier": order.identifier,
        "event_name": paper.event_name,
        "when": paper.when,
        "zone": paper.zone_name,
        "place": paper.place,
    }


def _context(order, attendees):
    paper = order_paper(order, attendees)

    def money(amount):
        return format_money(amount, order.currency)

    return {
        **_facts(order, paper),
        "first_name": order.first_name,
        "buyer_name": order.buyer_name,
        "count": len(attendees),
        "others": bool(others(order, attendees)),
        "lines": [(line.name, line.quantity, money(line.amount)) for line in paper.lines],
        "sums": [(words, money(amount)) for words, amount in paper.sums],
        "total": money(order.amount),
        "payment_words": WAYS_TO_PAY.get(order.payment_mode, ""),
        "instructions": paper.instructions,
        "cancel_note": order.cancel_note,
        "given_back": money(owed) if STATES[order.status].money == OWED and (owed := owed_of(order)) else "",
        "pay_until": f"{until.astimezone(order.event.zone):%-d %B %Y}" if (until := order.awaited_until) else "",
        "after_message": clean_html(order.event.after_order_message or ""),
        "after_message_text": plain(order.event.after_order_message or ""),
        "button_url": order_link(order),
        "button_text": "See your order",
    }


# ── Attachments: made when the mail goes out, of what is true then ────────────────────────────────────


def attach_tickets(order_id: int) -> list[Attachment]:
    order = _order(order_id)
    return [tickets_of_order(order)] if _has_tickets(order) else []


def attach_summary(order_id: int) -> list[Attachment]:
    order = _order(order_id)
    return [summary_of_order(order)] if order else []


def attach_ticket(attendee_id: int) -> list[Attachment]:
    attendee = Attendee.objects.select_related("ticket", "order__event").filter(pk=attendee_id, deleted_at=None).first()
    return [ticket_of_attendee(attendee)] if attendee and _has_tickets(attendee.order) else []


def _order(order_id):
    return Order.objects.select_related("event", "discount_code").filter(pk=order_id).first()


def _has_tickets(order):
    return order is not None and order.status in WITH_TICKETS and order.attendees.filter(deleted_at=None).exists()
