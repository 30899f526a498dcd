"""What the team of an event hears by mail: what was sold, and that the sale of tickets ends."""

from collections import defaultdict
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from events.models import Event
from events.rules import ORGANIZER, OWNER
from events.services.email_notifications import willing
from events.services.team import addresses_at
from notifications.models import Mail
from notifications.services.mail import send_mail
from openevent.core.atomic import atomic
from openevent.core.money import format_money
from orders.models import Order, Ticket
from orders.models.order import COMPLETED, PLACED

SOLD = "ticket-purchased-organizer"
IN_ONE_MAIL = 50  # orders that are listed; of more it says how many
ENDS = {"ticket-sales-end": -1, "ticket-sales-end-tomorrow": 1, "ticket-sales-end-next-week": 7}  # days from today
ONCE = timedelta(hours=12)


def tell_of_sales() -> int:
    """One mail an event about all that it sold since the last one, so that a rush is a mail a minute; how many events.

    It goes to the whole team but for those who want none (`after-ticket-purchase`).
    """
    unheard = Order.objects.filter(is_told_to_team=False, status__in=(PLACED, COMPLETED), deleted_at=None)
    events = list(Event.objects.filter(pk__in=unheard.order_by().values("event")).order_by("pk"))
    for event in events:
        with atomic():
            _tell_of_sales(event, unheard.filter(event=event))
    return len(events)


def _tell_of_sales(event, unheard):
    orders = list(unheard.select_for_update(of=("self",), skip_locked=True).order_by("pk"))
    if not orders:
        return
    page = settings.BASE_URL + reverse("manage-orders", args=[event.identifier])
    context = {
        "event_name": event.name,
        "count": len(orders),
        "lines": [
            (order.identifier, order.buyer_name or order.email or "", format_money(order.amount, order.currency))
            for order in orders[:IN_ONE_MAIL]
        ],
        "more": max(len(orders) - IN_ONE_MAIL, 0),
        "button_url": page,
        "button_text": "See the orders",
    }
    for address in willing(addresses_at(event.pk), event_id=event.pk, to="after_ticket_purchase"):
        send_mail(SOLD, to=address, context=context, about=event)
    Order.objects.filter(pk__in=[order.pk for order in orders]).update(is_told_to_team=True)


def tell_of_ending_sales(now: datetime | None = None) -> int:
    """To owners and organizers: which ticket types were on sale until yesterday, are until tomorrow or in a week.

    How many mails; none again within half a day, however often this is called.
    """
    now, sent = now or timezone.now(), 0
    today = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    for kind, days in ENDS.items():
        begin = today + timedelta(days=days)
        ending = Ticket.objects.filter(
            sales_ends_at__gte=begin,
            sales_ends_at__lt=begin + timedelta(days=1),
            deleted_at=None,
            event__deleted_at=None,
            event__state="published",
        )
        by_event = defaultdict(list)
        for ticket in ending.select_related("event").order_by("event", "position", "pk"):
            by_event[ticket.event].append(ticket)
        for event, tickets in by_event.items():
            if not Mail.objects.about(event).filter(kind=kind, created_at__gt=now - ONCE).exists():
                sent += _tell_of_end(kind, event, tickets)
    return sent


def _tell_of_end(kind, event, tickets):
    context = {
        "event": event,
        "tickets": tickets,
        "button_url": settings.BASE_URL + reverse("manage-tickets", args=[event.identifier]),
        "button_text": "See the tickets",
    }
    addresses = addresses_at(event.pk, OWNER, ORGANIZER)
    with atomic():
        for address in addresses:
            send_mail(kind, to=address, context=context, about=event)
    return len(addresses)
