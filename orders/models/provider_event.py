"""What a payment provider told us by itself: written down before anything follows from it."""

from django.db import models
from django.utils import timezone

from openevent.core.sealed import SealedText


class ProviderEvent(models.Model):
    """One event, however often it is sent. Of a payment that nobody knows it is kept, and looked at again."""

    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=200)
    type = models.CharField(max_length=100, blank=True)
    references = models.JSONField(default=list)  # what it speaks of: ids of the provider's, and keys of ours
    body = SealedText()
    payment = models.ForeignKey("orders.Payment", models.PROTECT, null=True, blank=True, related_name="events")
    received_at = models.DateTimeField(default=timezone.now)
    handled_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="one_row_per_event_of_a_provider")]
        indexes = [models.Index("next_try_at", name="event_to_handle", condition=~models.Q(next_try_at=None))]

    def __str__(self):
        return f"{self.provider} {self.type or self.event_id}"
