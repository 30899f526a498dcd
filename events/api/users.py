"""What events add to people: their roles, and where they have them."""

from django.db.models import Q

from events.models import Event, UsersEventsRoles
from events.rules import EVERY_ROLE
from openevent.core.relations import Relation

FLAGS = {role: f"is_user_{role}" for role in sorted(EVERY_ROLE)}


def events_as(role):
    """The events at which a user has this role."""
    return Relation(Event, "roles__user", where=Q(roles__role__name=role))


def roles_held(users) -> dict[int, dict[str, bool]]:
    """A batch: {user's id: {"is_user_owner": whether that user owns any event, …}}."""
    ids = [user.pk for user in users]
    held = {pk: dict.fromkeys(FLAGS.values(), False) for pk in ids}
    roles = UsersEventsRoles.objects.filter(user__in=ids, role__name__in=FLAGS, event__deleted_at=None)
    for user, role in roles.values_list("user", "role__name"):
        held[user][FLAGS[role]] = True
    return held
