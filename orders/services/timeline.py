"""What happened to an order, newest first: for its buyer the outline, for the team everything, with who did it."""

from datetime import datetime
from typing import NamedTuple

from accounts.models import Activity
from notifications.models import SENT, Mail
from openevent.core.money import format_money
from orders.models import Attendee, Order
from orders.models.order import PLACED
from orders.models.scan import AGAIN, IN, OUT, REFUSED, UNDONE, Scan
from orders.services.states import GUEST, way_of

STATES, MAILS, MONEY, DOOR, EDITS, NOTES = "states", "mails", "money", "door", "edits", "notes"
MAIL_COLUMNS = ("kind", "recipient", "subject", "status", "attempts", "error", "created_at", "sent_at")


class Line(NamedTuple):
    at: datetime
    kind: str
    title: str
    icon: str
    colour: str = ""
    who: str = ""
    detail: str = ""
    words: str = ""  # a note, as it was written
    badge: dict | None = None  # of a mail


STEPS = {  # which lines of the log tell a step of the order, and how
    "order.created": ("Places held", "", "clock"),
    "order.extended": ("Ten minutes added", "", "clock-plus"),
    "order.prolonged": ("More time to pay", "", "clock-plus"),
    "order.initializing": ("Back in checkout", "", "clock"),
    "order.pending": ("Payment begun", "", "hourglass"),
    "order.placed": ("Order placed", "", "ticket"),
    "order.completed": ("Order completed", "ok", "circle-check"),
    "order.cancelled": ("Order cancelled", "bad", "ban"),
    "order.expired": ("Time to check out ended", "", "clock-x"),
}
MONEY_TOLD = {  # what the buyer, too, reads of money that moved besides, or is to: {amount} and how
    "order.due-paid": ("{} paid by hand", "ok", "cash"),
    "refund.owed": ("{} is to be given back", "", "cash"),
    "refund.done": ("{} given back", "ok", "cash"),
    "refund.found": ("{} given back by the provider", "ok", "cash"),
}
MONEY_NEWS = {  # what the team alone reads of money, with why
    "payment.received": ("{} arrived", "", "cash"),
    "payment.failed": ("A payment of {} failed", "bad", "alert-triangle"),
    "order.ticket-changed": ("Ticket type changed, {}", "", "replace"),
    "refund.failed": ("A refund was given up", "bad", "alert-triangle"),
    "refund.tried-again": ("A refund is tried again", "", "refresh"),
    "refund.came-back": ("{} came back from a refund", "bad", "alert-triangle"),
    "refund.dropped": ("{} is no longer owed back", "", "cash"),
    "refund.disputed": ("{} taken back by the buyer’s bank", "bad", "alert-triangle"),
}
MONEY_MOVED = {**MONEY_TOLD, **MONEY_NEWS}
EDITED = {  # what the team reads besides
    "order.filled-in": ("Buyer and names filled in", "pencil"),
    "order.edited": ("Order edited", "pencil"),
    "order.invoiced": ("{} issued", "file-invoice"),
    "order.reminded": ("Reminded to pay", "bell"),
    "order.tickets-sent-again": ("Tickets sent again", "mail-forward"),
    "order.deleted": ("Order deleted", "trash"),
    "order.mail-sent-again": ("Mail sent again", "mail-forward"),
    "attendee.changed": ("Ticket changed", "pencil"),
    "attendee.removed": ("Ticket taken off the order", "user-minus"),
    "attendee.restored": ("Ticket put back", "user-plus"),
    "ticket.reissued": ("Ticket issued anew, its old code is void", "refresh"),
}
NOTED = "order.noted"
SCANS = {
    IN: ("Came in", "ok", "door-enter"),
    OUT: ("Went out", "", "door-exit"),
    UNDONE: ("Check-in undone", "", "arrow-back-up"),
    AGAIN: ("Was in already", "warn", "alert-triangle"),
    REFUSED: ("Not let in", "bad", "ban"),
}


def outline_of(order: Order) -> list[Line]:
    """For the buyer: states, and mails with whether they arrived. Nobody is named."""
    mails = [line._replace(words="") for line in _mails(order)]  # what mail servers say is the team's
    return _newest_first(_steps(order, {**STEPS, **MONEY_TOLD}), mails)


def timeline_of(order: Order) -> list[Line]:
    """For the team: all of it."""
    names = {attendee.pk: attendee.name or "a ticket without a name" for attendee in _attendees(order)}
    lines = _steps(order, {*STEPS, *MONEY_MOVED, *EDITED, NOTED})
    tickets = _log(order, "attendee", names, EDITED, names=names)
    return _newest_first(lines, tickets, _scans(order, names), _mails(order))


def _newest_first(*parts):
    every = [line for part in parts for line in part]
    return sorted(every, key=lambda line: line.at, reverse=True)


def _attendees(order):
    return Attendee.objects.filter(order=order).only("pk", "firstname", "lastname")


def _steps(order, known):
    """The order's own lines. One that was brought along from elsewhere has no such log: then its row tells."""
    lines = _log(order, "order", [order.pk], known)
    if all(line.title != STEPS["order.created"][0] for line in lines):
        lines.append(Line(order.created_at, STATES, "Order made", "ticket"))
        if order.completed_at and not _logged(order).filter(action="order.completed").exists():
            came = order.ledger.order_by("pk").values_list("amount", flat=True).first()
            lines.append(_completed(order, order.completed_at, amount=came))
    return lines


def _completed(order, at, *, who="", amount=None, mode=None):
    if not order.amount:
        title, colour, icon = STEPS["order.completed"]
        return Line(at, STATES, title, icon, colour, who=who)
    paid = format_money(amount or order.amount, order.currency)
    return Line(at, MONEY, f"{paid} paid {way_of(mode or order.payment_mode)}", "cash", "ok", who=who)


def _logged(order):
    return Activity.objects.filter(subject_type="order", subject_id=str(order.pk))


def _log(order, subject, ids, known, names=None):
    found = Activity.objects.filter(subject_type=subject, subject_id__in=[str(one) for one in ids], action__in=known)
    return [_step(order, line, (names or {}).get(int(line.subject_id), "")) for line in found.order_by("-pk")]


def _step(order, line, whose):
    who = "the buyer" if line.actor_name == GUEST else line.actor_name
    if line.action == NOTED:
        return Line(line.time, NOTES, f"{who} wrote a note", "note", words=line.detail.get("words", ""))
    if line.action in EDITED:
        title, icon = EDITED[line.action]
        title = title.format(line.detail.get("paper", ""))
        title = f"{title}: {whose}" if whose else title
        return Line(line.time, EDITS, title, icon, who=who, detail=_fields(line.detail.get("fields", ())))
    if line.action in MONEY_MOVED:
        title, colour, icon = MONEY_MOVED[line.action]
        amount = format_money(line.detail.get("amount", 0), order.currency)
        why = next((line.detail[name] for name in ("reason", "why", "reference") if line.detail.get(name)), "")
        return Line(line.time, MONEY, title.format(amount), icon, colour, who=who, detail=why)
    title, colour, icon = STEPS[line.action]
    if line.action == "order.expired" and line.detail.get("before") == PLACED:
        title = "Time to pay ended"
    if line.action == "order.completed":
        return _completed(order, line.time, who=who, amount=line.detail.get("amount"), mode=line.detail.get("mode"))
    return Line(line.time, STATES, title, icon, colour, who=who)


def _fields(names):
    return ", ".join(
        name.replace("_", " ").replace("firstname", "first name").replace("lastname", "last name") for name in names
    )


def _scans(order, names):
    found = Scan.objects.filter(attendee__in=list(names)).order_by("-pk")
    for scan in found:
        title, colour, icon = SCANS[scan.verdict]
        gate = f"at {scan.gate}" if scan.gate else ""
        yield Line(scan.time, DOOR, f"{title}: {names[scan.attendee_id]}", icon, colour, who=scan.by_name, detail=gate)


def _mails(order):
    for mail in Mail.objects.about(order).only(*MAIL_COLUMNS):
        badge = mail.badge
        at = (mail.status == SENT and mail.sent_at) or mail.created_at
        detail = f"to {mail.recipient}"
        yield Line(at, MAILS, mail.subject, badge["icon"], badge["kind"], detail=detail, words=mail.error, badge=badge)
