"""Home: published public events, with search and filters."""

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import render
from django.utils import timezone

from events.models.catalog import EventTopic
from events.services.find_events import PERIODS, find_events, known_places, upcoming_events
from orders.models.ticket import DONATION, FREE, KINDS, Ticket

FREE_KINDS = [spelling for spelling, kind in KINDS.items() if kind == FREE]
PAGE_SIZE = 24


def home(request):
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("q", "when", "where", "topic", "free")}
    found = find_events(words=asked["q"], period=asked["when"], place=asked["where"], topic=asked["topic"])
    if asked["free"]:
        now = timezone.now()
        sold_free = Ticket.objects.filter(
            type__in=FREE_KINDS,
            is_hidden=False,
            deleted_at=None,
            sales_starts_at__lte=now,
            sales_ends_at__gte=now,
        )
        found = found.filter(pk__in=sold_free.values("event"))
    shown_tickets = Ticket.objects.filter(is_hidden=False, deleted_at=None).order_by("price")
    found = found.prefetch_related(Prefetch("tickets", shown_tickets, to_attr="shown_tickets"))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    for event in page:
        event.offer = offer_of(event)
    filters = request.GET.copy()
    filters.pop("page", None)
    context = {
        "page": page,
        "asked": asked,
        "filtered": sum(1 for name in ("when", "where", "topic", "free") if asked[name]),
        "periods": PERIODS,
        "places": known_places(),
        "topics": EventTopic.objects.filter(pk__in=upcoming_events().values("event_topic")).order_by("name"),
        "query": filters.urlencode() + "&" if filters else "",
    }
    return render(request, "shop/home.html", context)


def offer_of(event):
    """What a card says of an event's tickets: the lowest price, and whether one has to hurry."""
    on_sale = [ticket for ticket in event.shown_tickets if ticket.is_on_sale()]
    if not on_sale:
        return {"closed": bool(event.shown_tickets)}
    buyable = [ticket for ticket in on_sale if ticket.available] or on_sale
    prices = [ticket.min_price if ticket.kind == DONATION else ticket.price or 0 for ticket in buyable]
    left = sum(ticket.available for ticket in on_sale)
    return {
        "price": min(prices),
        "highest": max(prices),
        "from": len(set(prices)) > 1 or any(ticket.kind == DONATION for ticket in buyable),
        "gift": all(ticket.kind == DONATION for ticket in buyable),
        "sold_out": left == 0,
        "left": left if left <= 10 else None,
    }
