"""The tables of orders."""

from orders.models.attendee import Attendee, VoidedCode
from orders.models.codes import AccessCode, DiscountCode
from orders.models.order import Order, OrderLine
from orders.models.scan import Scan
from orders.models.ticket import Tax, Ticket, TicketTag

__all__ = [
    "AccessCode",
    "Attendee",
    "DiscountCode",
    "Order",
    "OrderLine",
    "Scan",
    "Tax",
    "Ticket",
    "TicketTag",
    "VoidedCode",
]
