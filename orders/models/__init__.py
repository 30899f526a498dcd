"""The tables of orders."""

from orders.models.attendee import Attendee, VoidedCode
from orders.models.codes import AccessCode, DiscountCode
from orders.models.fee import TicketFee
from orders.models.invoice import EventInvoice
from orders.models.ledger import LedgerLine
from orders.models.order import Order, OrderLine
from orders.models.order_invoice import InvoiceSeries, OrderInvoice
from orders.models.paper import Paper
from orders.models.payment import Payment, Refund
from orders.models.provider_event import ProviderEvent
from orders.models.reports import (
    SalesByDiscount,
    SalesByEvent,
    SalesByLocation,
    SalesByMarketer,
    SalesByOrganizer,
    SalesFee,
    SalesInvoice,
)
from orders.models.scan import Scan
from orders.models.station import Station, StationStorePax, UserCheckIn, VirtualCheckIn
from orders.models.statistics import (
    EventsOfSite,
    GroupsOfSite,
    MailsOfSite,
    OrderStatisticsEvent,
    OrderStatisticsTicket,
    SessionsOfSite,
    UsersOfSite,
)
from orders.models.stripe_authorization import StripeAuthorization
from orders.models.ticket import Tax, Ticket, TicketTag

__all__ = [
    "AccessCode",
    "Attendee",
    "DiscountCode",
    "EventInvoice",
    "EventsOfSite",
    "GroupsOfSite",
    "InvoiceSeries",
    "LedgerLine",
    "MailsOfSite",
    "Order",
    "OrderInvoice",
    "OrderLine",
    "OrderStatisticsEvent",
    "OrderStatisticsTicket",
    "Paper",
    "Payment",
    "ProviderEvent",
    "Refund",
    "SalesByDiscount",
    "SalesByEvent",
    "SalesByLocation",
    "SalesByMarketer",
    "SalesByOrganizer",
    "SalesFee",
    "SalesInvoice",
    "Scan",
    "SessionsOfSite",
    "Station",
    "StationStorePax",
    "StripeAuthorization",
    "Tax",
    "Ticket",
    "TicketFee",
    "TicketTag",
    "UserCheckIn",
    "UsersOfSite",
    "VirtualCheckIn",
    "VoidedCode",
]
