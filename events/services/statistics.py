"""How much of a programme there is: as many questions for one event as for many."""

from collections import Counter

from django.db.models import Count, Q

from events.models import Event, Session, Speaker, Sponsor
from events.models.programme import SESSION_STATES

DRAFT = "draft"


def session_counts(found: dict[str, int]) -> dict[str, int]:
    """From {state: number}: every state, all that there are, and all that were submitted, whatever came of them."""
    counts = {state: found.get(state, 0) for state in SESSION_STATES}
    return {**counts, "submitted": sum(counts.values()) - counts[DRAFT]}


def programme_counts(events: list[Event]) -> dict[int, dict[str, int]]:
    """A batch: {event's id: {"sessions": number, "sessions_accepted": number, "speakers": number, …}}"""
    ids = [event.pk for event in events]
    live = Q(event__in=ids, deleted_at=None)
    states = {pk: {} for pk in ids}
    sessions = Session.objects.filter(live).order_by().values_list("event", "state").annotate(Count("pk"))
    for event, state, count in sessions:
        states[event][state] = count
    speakers, sponsors = _per_event(Speaker.objects.filter(live)), _per_event(Sponsor.objects.filter(live))
    on_stage = _per_event(Speaker.objects.filter(live, sessions__in=Session.objects.filter(live)))
    return {
        pk: {f"sessions_{state}": count for state, count in session_counts(states[pk]).items()}
        | {
            "sessions": sum(states[pk].values()),
            "speakers": speakers[pk],
            "speaker_without_session": speakers[pk] - on_stage[pk],
            "sponsors": sponsors[pk],
        }
        for pk in ids
    }


def _per_event(rows):
    return Counter(dict(rows.order_by().values_list("event").annotate(Count("pk", distinct=True))))
