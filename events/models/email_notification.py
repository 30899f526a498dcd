"""Which mails of an event somebody wants: once there is a row, what it says no to is not sent."""

from django.conf import settings
from django.db import models

from openevent.core.policies import PERSONAL
from openevent.core.rows import SoftDeleted


def wish(default=False):
    return models.BooleanField(null=True, blank=True, default=default)


class EmailNotification(SoftDeleted):
    policy = PERSONAL

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="email_notifications")
    event = models.ForeignKey("events.Event", models.CASCADE, null=True, blank=True, related_name="+")
    next_event = wish()
    new_paper = wish()
    session_accept_reject = wish()
    session_schedule = wish()
    after_ticket_purchase = wish(True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "event"],
                condition=models.Q(deleted_at=None),
                name="one_row_of_wishes_at_an_event",
                violation_error_message="You have said this for this event already.",
            )
        ]

    def __str__(self):
        return f"{self.user}: mails of {self.event}"

    @classmethod
    def live_rows(cls):
        return super().live_rows() & (models.Q(event=None) | models.Q(event__deleted_at=None))
