"""The live room of an event: what happens at it, told to its team."""

from django.db.models.signals import post_delete, post_save

from events.models import Event, UsersEventsRoles
from events.rules import coorganizes
from notifications.services import rooms
from notifications.services.live import drop
from openevent.core.versions import read_versions

FLOORS = ("events", "orders")  # whose changes its windows must not miss


def open_rooms():
    rooms.add("event", find_event, coorganizes, cursor=changes_at)
    # By whichever door a role goes, also with a row that takes it along.
    for moment in (post_save, post_delete):
        moment.connect(ask_who_is_left, sender=UsersEventsRoles)


def find_event(identifier):
    return Event.objects.filter(identifier=identifier, deleted_at=None).first()


def changes_at(event):
    """How often something changed at the event, and at a few others: more often than needed, never less."""
    return int(read_versions(FLOORS, event.pk))


def ask_who_is_left(instance, **kwargs):
    drop("event", instance.event_id, instance.user_id)
