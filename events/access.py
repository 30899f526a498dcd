"""Who comes to which event, and which accounts are met there."""

from django.db.models import Q
from django.utils import timezone

from events.models import Event, Group, Speaker, UsersEventsRoles, UsersGroupsRoles
from events.rules import ORGANIZER, OWNER, TEAM, events_seen, events_where, unlock
from openevent.core.serializers import find_by_key


def admit(user, key):
    """Whoever comes with the identifier of a private event sees it, for this request."""
    if key.isdigit() or "\x00" in key:
        return
    for private in Event.objects.filter(privacy="private", identifier=key).only("pk", "state", "privacy"):
        unlock(user, private)


def find_event(user, key):
    """The event with this number or identifier as far as this user sees it, or None."""
    admit(user, key)
    return find_by_key(Event.objects.visible_to(user), key)


def people_seen_at_events(user):
    """Q over accounts: hosts and speakers of events that this user sees show their public name and picture, and so do
    those who own a group."""
    hosts = UsersEventsRoles.objects.filter(
        events_seen(user, "event__"), event__deleted_at=None, role__name__in=(OWNER, ORGANIZER)
    )
    speakers = Speaker.objects.visible_to(user).exclude(user=None)
    owners = Group.objects.visible_to(user)
    organizers = UsersGroupsRoles.objects.visible_to(user).exclude(user=None)
    return (
        Q(pk__in=hosts.values("user"))
        | Q(pk__in=speakers.values("user"))
        | Q(pk__in=owners.values("user"))
        | Q(pk__in=organizers.values("user"))
    )


def people_known_from_events(user):
    """Q over accounts: a team knows one another, and the speakers of its events."""
    own = events_where(user, TEAM)
    if not own:
        return Q(pk__in=())
    colleagues = UsersEventsRoles.objects.filter(event_id__in=own)
    speakers = Speaker.objects.filter(event_id__in=own).exclude(user=None)
    return Q(pk__in=colleagues.values("user")) | Q(pk__in=speakers.values("user"))


def owns_events_to_come(user):
    """Why an account stays: somebody has to answer for its events."""
    to_come = Event.objects.filter(
        roles__user=user, roles__role__name=OWNER, ends_at__gt=timezone.now(), deleted_at=None
    )
    if event := to_come.first():
        return f"You own {event.name}, which is not over. Hand it over or delete it first."
    return None
