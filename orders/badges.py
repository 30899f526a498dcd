"""What each state of an order is called and how it looks, in one table for badges, filters and docs."""

from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone

from orders.models.invoice import DUE, EventInvoice
from orders.models.order import CANCELLED, COMPLETED, EXPIRED, INITIALIZING, PENDING, PLACED, Order
from orders.models.payment import DISPUTE, DONE, FAILED, UNDONE, WAITING, Refund


class Badge(NamedTuple):
    word: str
    kind: str
    icon: str


STATES = {
    INITIALIZING: Badge("In checkout", "", icon="clock"),
    PENDING: Badge("Payment pending", "warn", icon="hourglass"),
    PLACED: Badge("Awaiting payment", "info", icon="building-bank"),
    COMPLETED: Badge("Paid", "ok", icon="circle-check"),
    EXPIRED: Badge("Expired", "", icon="clock-x"),
    CANCELLED: Badge("Cancelled", "bad", icon="ban"),
}
PLACED_BY_MODE = {
    "bank": Badge("Awaiting transfer", "info", icon="building-bank"),
    "cheque": Badge("Awaiting cheque", "info", icon="mail"),
    "onsite": Badge("Pay at the door", "info", icon="door-enter"),
    "invoice": Badge("Invoice to pay", "info", icon="file-invoice"),
}
PARTLY = Badge("Partly paid", "warn", icon="cash")
FREE = Badge("Free", "ok", icon="circle-check")
REFUNDS = {
    DONE: Badge("Given back", "", icon="receipt-refund"),
    WAITING: Badge("On its way back", "info", icon="hourglass"),
    FAILED: Badge("Not given back", "bad", icon="alert-triangle"),
    UNDONE: Badge("Came to nothing", "", icon="ban"),
}
DISPUTED = Badge("Taken by the buyer’s bank", "bad", icon="alert-triangle")
INVOICES = {
    "due": Badge("To be paid", "warn", icon="hourglass"),
    "paid": Badge("Paid", "ok", icon="circle-check"),
    "failed": Badge("Payment failed", "bad", icon="alert-triangle"),
    "refunding": Badge("On its way back", "info", icon="hourglass"),
    "refunded": Badge("Given back", "", icon="receipt-refund"),
    "resolved": Badge("Settled", "", icon="circle-check"),
}
OVERDUE = Badge("Overdue", "bad", icon="alert-triangle")
BY_HAND = Badge("To give back by hand", "warn", icon="cash")


def badge_of(order: Order) -> Badge:
    return PARTLY if order.due else badge_for(order.current_status, order.payment_mode, order.amount)


def badge_for(status: str, mode: str, amount: Decimal) -> Badge:
    """The same of an order that is not at hand: its status as the clock has it, how it is paid, and how much."""
    if status == COMPLETED and not amount:
        return FREE
    if status == PLACED:
        return PLACED_BY_MODE.get(mode, STATES[PLACED])
    return STATES[status]


def badge_of_invoice(invoice: EventInvoice) -> Badge:
    status = invoice.status or DUE
    return OVERDUE if status == DUE and invoice.due_at < timezone.now() else INVOICES[status]


def badge_of_refund(refund: Refund) -> Badge:
    if refund.source == DISPUTE and refund.state == DONE:
        return DISPUTED
    return BY_HAND if refund.is_by_hand and refund.state == WAITING else REFUNDS[refund.state]
