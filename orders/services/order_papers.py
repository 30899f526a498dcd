"""All papers of an order by their names, for pages and for links."""

from typing import NamedTuple

from notifications.services.attachments import Attachment
from openevent.core.refusals import Refused
from orders.models import Attendee, Order
from orders.models.order_invoice import INVOICE
from orders.services.invoice_papers import invoice_of_order, paper_of_invoice
from orders.services.papers import WITH_TICKETS, live_attendees, summary_of_order, tickets_of_order
from orders.services.receipts import receipt_of_order

TICKETS, TICKET, SUMMARY, RECEIPT = "tickets", "ticket-", "summary", "receipt"
MADE = {
    TICKETS: tickets_of_order,
    SUMMARY: summary_of_order,
    INVOICE: invoice_of_order,
    RECEIPT: receipt_of_order,
}


class NamedPaper(NamedTuple):
    name: str  # by which `paper_called` finds it
    title: str
    icon: str


def papers_of(order: Order) -> list[NamedPaper]:
    """Those that there are by now, as one looks for them."""
    is_sold = order.current_status in WITH_TICKETS
    holders = live_attendees(order) if is_sold else []
    found = [NamedPaper(TICKETS, "All tickets" if len(holders) > 1 else "Ticket", "ticket")] if holders else []
    if is_sold:
        found.append(NamedPaper(SUMMARY, "Summary of the order", "list-details"))
    found += [NamedPaper(one.identifier, str(one), "file-invoice") for one in order.invoices.all()]
    if order.amount and order.ledger.exists():
        found.append(NamedPaper(RECEIPT, "Receipt of payment", "receipt"))
    return found


def tickets_apart(order: Order, attendees: list[Attendee]) -> list[NamedPaper]:
    """Tickets of an order one by one."""
    if order.current_status not in WITH_TICKETS:
        return []
    words = "Ticket of {}".format
    return [NamedPaper(f"{TICKET}{one.identifier}", words(one.name or order.identifier), "ticket") for one in attendees]


def paper_called(order: Order, name: str) -> Attachment:
    """404 if the order has no such paper; 409 if it has none yet."""
    if name in MADE:
        return MADE[name](order)
    if name.startswith(TICKET):
        own = [one for one in live_attendees(order) if one.identifier == name.removeprefix(TICKET)]
        if own:
            return tickets_of_order(order, own)
    for invoice in order.invoices.all():
        if invoice.identifier == name:
            invoice.order, invoice.event = order, order.event
            return paper_of_invoice(invoice)
    raise Refused("paper-unknown", "This order has no such paper.", status=404)
