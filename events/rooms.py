"""The live room of an event: what happens at it, told to its team."""

from django.db.models.signals import post_delete, post_save

from events.models import Event, Group, UsersEventsRoles, UsersGroupsRoles
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
        moment.connect(ask_who_is_left_of_group, sender=UsersGroupsRoles)
    post_save.connect(ask_all_of_group, sender=Group)


def find_event(identifier):
    return Event.objects.filter(identifier=identifier, deleted_at=None).first()


def changes_at(event):
    """How often something changed at the event, and at a few others: more often than needed, never less."""
    return int(read_versions(FLOORS, event.pk))


def ask_who_is_left(instance, **kwargs):
    drop("event", instance.event_id, instance.user_id)


def ask_who_is_left_of_group(instance, **kwargs):
    if instance.user_id is not None:
        for event in Event.objects.filter(group=instance.group_id).values_list("pk", flat=True):
            drop("event", event, instance.user_id)


def ask_all_of_group(instance, **kwargs):
    """When it was hidden: then nobody runs its events for it any more."""
    if instance.deleted_at is not None:
        for held in instance.roles.all():
            ask_who_is_left_of_group(held)
