"""Roles, and who has which at an event."""

from django.conf import settings
from django.db import models

from events.models.part import PlainEventPart
from events.rules import EVENT_ROLES
from openevent.core.columns import text
from openevent.core.policies import CATALOG
from openevent.core.rows import Row

BUILT_IN = frozenset(  # the house asks for these by name
    {"owner", "organizer", "coorganizer", "track_organizer", "moderator", "registrar", "attendee"}
)


class Role(Row):
    policy = CATALOG

    name = models.CharField(max_length=100, unique=True)
    title_name = text(100)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.title_name or self.name


class UsersEventsRoles(PlainEventPart):
    policy = EVENT_ROLES

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="roles")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="events_roles")
    role = models.ForeignKey(Role, models.PROTECT, related_name="users_events_roles")

    class Meta(PlainEventPart.Meta):
        verbose_name, verbose_name_plural = "role at an event", "roles at events"
        constraints = [
            models.UniqueConstraint(fields=["user", "event", "role"], name="one_row_per_user_event_and_role")
        ]

    def __str__(self):
        return f"{self.user} as {self.role} of {self.event}"
