"""What the settings of an event have to know of its sales."""

from django.db.models import Q

from events.services.copy_event import Copied
from events.services.move_event import Part
from openevent.core.money import ZERO
from orders.models import (
    AccessCode,
    Attendee,
    DiscountCode,
    EventInvoice,
    InvoiceSeries,
    LedgerLine,
    Order,
    OrderInvoice,
    Scan,
    Station,
    StationStorePax,
    StripeAuthorization,
    Tax,
    Ticket,
    TicketTag,
    UserCheckIn,
    VirtualCheckIn,
)
from orders.models.order import COMPLETED, PENDING, PLACED
from orders.rules import attendees_held

SOLD = (PENDING, PLACED, COMPLETED)


def on(relation):
    """An event's own rows that are not deleted."""
    return lambda event: getattr(event, relation).filter(deleted_at=None)


CODE_TIMES = {"valid_from": "valid from", "valid_till": "valid until"}
PARTS = [
    Part(
        title="Ticket sales",
        rows=on("tickets"),
        moments={"sales_starts_at": "sales start", "sales_ends_at": "sales end"},
    ),
    Part(title="Discount codes", rows=on("discount_codes"), moments=CODE_TIMES),
    Part(title="Access codes", rows=on("access_codes"), moments=CODE_TIMES),
]

COPIED = [
    Copied(model=TicketTag),
    Copied(model=Ticket, anew=("reserved",)),
    Copied(model=Tax),
    Copied(model=Station),
    Copied(
        model=DiscountCode, only=Q(used_for="ticket"), anew=("used", "created_at")
    ),  # the others are the site's gift
]
LEFT_BEHIND = [
    *(Order, OrderInvoice, InvoiceSeries, LedgerLine, Attendee, AccessCode, EventInvoice, StripeAuthorization),
    *(Scan, StationStorePax, UserCheckIn, VirtualCheckIn),
]


def holds_a_ticket(user, event_id) -> bool:
    """Whether this user has a ticket of the event that is paid, or will be."""
    held = Attendee.objects.filter(attendees_held(user), event=event_id, deleted_at=None)
    return held.filter(order__status__in=(PLACED, COMPLETED), order__deleted_at=None).exists()


def why_currency_stays(event) -> str:
    """Sums of two currencies would be nobody's sum."""
    if Order.objects.filter(event=event, status__in=SOLD, amount__gt=ZERO, deleted_at=None).exists():
        return "Tickets have been sold in this currency, so it stays."
    return ""


def lost_with(event) -> list[str]:
    """What deleting the event means for those who bought."""
    orders = Order.objects.filter(event=event, status__in=SOLD, deleted_at=None)
    tickets = Attendee.objects.filter(order__in=orders, deleted_at=None).count()
    count = orders.count()
    if not count:
        return ["Nothing has been sold."]
    sold = f"{count} order{'s' * (count != 1)} with {tickets} ticket{'s' * (tickets != 1)}"
    return [
        f"{sold}: buyers keep the pages of their orders, and nobody can be checked in any more.",
        "Nobody is paid back and nobody is told by mail. Cancel the orders first if buyers should be.",
    ]
