"""Finding public events by words, date and place."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from events.models.event import Event

PERIODS = {
    "": "Any date",
    "weekend": "This weekend",
    "week": "Next 7 days",
    "month": "Next 30 days",
    "quarter": "Next 3 months",
}
DAYS = {"week": 7, "month": 30, "quarter": 92}
ONLINE = "online"
MOST_FOUND = 100


def upcoming_events() -> QuerySet[Event]:
    """Public events that are not over, the next one first."""
    return Event.objects.filter(Event.listed(), ends_at__gte=timezone.now()).order_by("starts_at", "pk")


def find_events(*, words: str = "", period: str = "", place: str = "", topic: str = "") -> QuerySet[Event]:
    """Every word has to occur in the name, the place, the host or the topic."""
    words, place, topic = (text.replace("\x00", " ") for text in (words, place, topic))  # PostgreSQL takes none
    found = upcoming_events()
    for word in words.split()[:10]:
        found = found.filter(
            Q(name__icontains=word)
            | Q(location_name__icontains=word)
            | Q(owner_name__icontains=word)
            | Q(event_topic__name__icontains=word)
        )
    if period in PERIODS and period:
        first, last = _bounds(period, timezone.now())
        found = found.filter(starts_at__lt=last, ends_at__gte=first)
    if place.strip().lower() == ONLINE:
        found = found.filter(online=True)
    elif place.strip():
        found = found.filter(
            Q(location_name__icontains=place.strip()) | Q(searchable_location_name__icontains=place.strip())
        )
    if topic:
        found = found.filter(event_topic__slug=topic)
    return found


def search_events(events: QuerySet[Event], **texts: str) -> QuerySet[Event]:
    """The public ones among them in whose columns every word of a text occurs: `search_events(…, name="harbour")`."""
    found = events.filter(Event.listed())
    for column, text in texts.items():
        for word in text.replace("\x00", " ").split()[:10]:
            found = found.filter(**{f"{column}__icontains": word})
    return found.order_by("starts_at", "pk")[:MOST_FOUND]


def known_places(limit: int = 50) -> list[str]:
    """Towns that somebody could ask for, by name."""
    named = upcoming_events().exclude(searchable_location_name=None).exclude(searchable_location_name="")
    return list(
        named.order_by("searchable_location_name").values_list("searchable_location_name", flat=True).distinct()[:limit]
    )


def _bounds(period: str, now: datetime) -> tuple[datetime, datetime]:
    if period != "weekend":
        return now, now + timedelta(days=DAYS[period])
    # Friday evening until Monday: who asks on a Sunday means today.
    friday = (now - timedelta(days=now.weekday())).replace(hour=18, minute=0, second=0, microsecond=0) + timedelta(
        days=4
    )
    return max(now, friday), friday + timedelta(days=2, hours=6)
