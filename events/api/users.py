"""What events add to people: their roles, and where they have them."""

from django.db.models import Q

from events.models import Event, UsersEventsRoles
from openevent.core.relations import Relation


def events_as(role):
    """The events at which a user has this role."""
    return Relation(Event, "roles__user", where=Q(roles__role__name=role))


def holds_role(role):
    """A batch: {user's id: whether that user has this role anywhere}."""

    def answer(users):
        ids = [user.pk for user in users]
        held = UsersEventsRoles.objects.filter(user__in=ids, role__name=role, event__deleted_at=None)
        holders = set(held.values_list("user", flat=True))
        return {pk: pk in holders for pk in ids}

    return answer
