"""The published programme of an event: its days, and who speaks."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import groupby

from django.db.models import Prefetch, Q, QuerySet

from events.models.event import Event
from events.models.programme import Session, Speaker
from events.rules import SHOWN


def sessions_shown(event: Event) -> QuerySet[Session]:
    """Accepted sessions that have a time, in the order in which they happen."""
    return (
        Session.objects.filter(event=event, state__in=SHOWN, deleted_at=None)
        .exclude(Q(starts_at=None) | Q(ends_at=None))
        .select_related("track", "microlocation")
        .prefetch_related(Prefetch("speakers", Speaker.objects.filter(deleted_at=None).order_by("name")))
        .order_by("starts_at", "microlocation__position", "pk")
    )


def speakers_shown(event: Event) -> QuerySet[Speaker]:
    """Everybody with a session that is shown, featured people first."""
    shown = Session.objects.filter(event=event, state__in=SHOWN, deleted_at=None)
    return (
        Speaker.objects.filter(event=event, deleted_at=None, pk__in=shown.values("speakers"))
        .prefetch_related(Prefetch("sessions", shown.order_by("starts_at", "pk"), to_attr="shown_sessions"))
        .order_by("-is_featured", "order", "name")
    )


def days_of(event: Event) -> dict[date, int]:
    """How many sessions are on which day, without reading them: a programme may hold hundreds."""
    zone = event.zone
    starts = sessions_shown(event).order_by("starts_at").values_list("starts_at", flat=True)
    return Counter(moment.astimezone(zone).date() for moment in starts)


def by_day(event: Event, sessions: Iterable[Session]) -> list[tuple[date, list[Session]]]:
    """Days on the event's own clocks."""
    zone = event.zone
    return [(day, list(group)) for day, group in groupby(sessions, lambda row: row.starts_at.astimezone(zone).date())]


def languages_of(event: Event) -> list[str]:
    """In which languages sessions are held that the public sees."""
    shown = Session.objects.filter(event=event, state__in=SHOWN, deleted_at=None).exclude(language=None)
    return list(shown.exclude(language="").order_by("language").values_list("language", flat=True).distinct())
