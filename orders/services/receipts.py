"""Receipts: what the ledger says was paid for an order, and what was given back."""

from notifications.services.attachments import Attachment
from openevent.core.refusals import Refused
from orders.documents.papers import EventFacts
from orders.documents.receipt import Movement, ReceiptPaper, receipt_pdf
from orders.models import LedgerLine, Order
from orders.models.paper import RECEIPT
from orders.payments import name_of
from orders.services.invoicing import seller_of
from orders.services.kept_papers import kept
from orders.services.ledger import owed_of, paid_of, what_of
from orders.services.papers import PDF, buyer_of, day_of, event_facts, with_logo


def receipt_of_order(order: Order) -> Attachment:
    """409 while nothing was paid."""
    if not (lines := list(order.ledger.select_related("refund"))):
        raise Refused("no-receipt-yet", "Nothing has been paid for this order.", status=409)
    event = EventFacts(**event_facts(order.event))
    paper = ReceiptPaper(
        about=f"{event.event_name}, {' '.join(event.when)}",
        order=order.identifier,
        seller=seller_of(order.event),
        buyer=buyer_of(order),
        movements=tuple(_movement(line, order) for line in lines),
        total=paid_of(order),
        owed=owed_of(order),
        currency=order.currency,
    )
    pdf = kept(
        RECEIPT,
        (paper, order.event.logo_url),
        lambda: receipt_pdf(*with_logo([paper], order.event)),
        order=order,
    )
    return Attachment(f"receipt-{order.identifier}.pdf", pdf, PDF)


def _movement(line: LedgerLine, order: Order) -> Movement:
    way = name_of(line.provider)
    if order.last4 and line.reference == order.transaction_id and line.amount > 0:
        way = f"{way}, {(order.brand or 'card').capitalize()} {order.last4}"
    return Movement(day_of(line.time, order.event), f"{what_of(line)} · {way}", line.reference, line.amount)
