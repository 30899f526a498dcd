"""A message on the pages of one user."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from openevent.core.columns import rich_text
from openevent.core.policies import PERSONAL
from openevent.core.rows import Row


class Notification(Row):
    policy = PERSONAL

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=300)
    message = rich_text()
    action = models.CharField(max_length=300, blank=True)  # the page it leads to, an address of ours
    # The subject is named, not linked: notifications knows neither events nor orders.
    subject_type = models.CharField(max_length=100, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    subject_state = models.CharField(max_length=40, blank=True)  # in which state it was
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    event_id = models.BigIntegerField(null=True, blank=True)
    is_read = models.BooleanField(default=False)
    received_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["user", "is_read"])]

    def __str__(self):
        return self.title

    @property
    def content(self) -> dict:
        """What it is about, for clients that write their own words."""
        return {
            "type": self.kind,
            "target-type": self.subject_type or None,
            "target-id": int(self.subject_id) if self.subject_id.isdigit() else None,
            "target-action": self.subject_state or None,
            "actors": [] if self.actor is None else [shown(self.actor)],
        }


def shown(person) -> dict:
    """Somebody who did something, as those are told whom it concerns."""
    names = ("first_name", "last_name", "public_name", "avatar_url", "thumbnail_image_url")
    return {"id": person.pk, **{name.replace("_", "-"): getattr(person, name) for name in names}}
