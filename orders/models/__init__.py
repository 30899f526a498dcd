"""The tables of orders."""

from orders.models.attendee import Attendee, VoidedCode
from orders.models.codes import AccessCode, DiscountCode
from orders.models.ledger import LedgerLine
from orders.models.order import Order, OrderLine
from orders.models.payment import Payment, Refund
from orders.models.provider_event import ProviderEvent
from orders.models.scan import Scan
from orders.models.station import Station, StationStorePax, UserCheckIn, VirtualCheckIn
from orders.models.ticket import Tax, Ticket, TicketTag

__all__ = [
    "AccessCode",
    "Attendee",
    "DiscountCode",
    "LedgerLine",
    "Order",
    "OrderLine",
    "Payment",
    "ProviderEvent",
    "Refund",
    "Scan",
    "Station",
    "StationStorePax",
    "Tax",
    "Ticket",
    "TicketTag",
    "UserCheckIn",
    "VirtualCheckIn",
    "VoidedCode",
]
