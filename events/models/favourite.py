"""What people have marked for themselves."""

from django.conf import settings
from django.db import models

from events.models.part import EventPart
from openevent.core.policies import PERSONAL


class UserFavouriteEvent(EventPart):
    policy = PERSONAL

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="user_favourite_events")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="favourite_events")

    class Meta(EventPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["user", "event"], condition=models.Q(deleted_at=None), name="one_favourite_per_user_and_event"
            )
        ]

    def __str__(self):
        return f"{self.event} for {self.user}"
