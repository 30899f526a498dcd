"""The table of what roles at events may do, as old clients show it to staff. What decides is `events/rules.py`."""

from django.db import models

from openevent.core.columns import flag
from openevent.core.policies import SETTINGS
from openevent.core.rows import Row

SERVICES = ("track", "session", "speaker", "sponsor", "microlocation")


class Service(Row):
    """A part of the programme, by its name."""

    policy = SETTINGS

    name = models.CharField(max_length=40, unique=True, choices=[(name, name) for name in SERVICES])

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.name


class EventRolePermission(Row):
    """Kept for those who read it. Rights that one could change here would be rights that no rule speaks of."""

    policy = SETTINGS

    role = models.ForeignKey("events.Role", models.CASCADE, related_name="+")
    service = models.ForeignKey(Service, models.CASCADE, related_name="+")
    can_create = flag(default=True)
    can_read = flag(default=True)
    can_update = flag(default=True)
    can_delete = flag(default=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["role", "service"], name="one_row_per_role_and_service")]

    def __str__(self):
        return f"{self.role}: {self.service}"
