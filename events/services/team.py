"""Who works at an event, as people to write to."""

from django.db.models import QuerySet

from accounts.models import User
from events.rules import COORGANIZER, ORGANIZER, OWNER


def people_at(event_id: int, *roles: str) -> QuerySet[User]:
    """Those who have one of these roles, or any of the team's, and whose account is open; each once."""
    people = User.objects.filter(
        events_roles__event=event_id, events_roles__role__name__in=roles or (OWNER, ORGANIZER, COORGANIZER)
    )
    return people.filter(deleted_at=None, is_blocked=False).order_by("pk").distinct()


def addresses_at(event_id: int, *roles: str) -> list[str]:
    return list(people_at(event_id, *roles).values_list("email", flat=True))
