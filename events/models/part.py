"""What belongs to an event and goes with it."""

from django.db import models
from django.db.models import Q

from events.rules import PROGRAMME
from openevent.core.rows import Row, SoftDeleted


class EventPart(SoftDeleted):
    """A row of one event, hidden when it is deleted or its event is."""

    policy = PROGRAMME
    event_path = "event__"

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="%(class)ss")

    class Meta:
        abstract = True
        ordering = ["pk"]

    @classmethod
    def live_rows(cls):
        return super().live_rows() & Q(event__deleted_at=None)


class PlainEventPart(Row):
    """A row of one event that is removed for good when deleted."""

    policy = PROGRAMME
    event_path = "event__"

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="%(class)ss")

    class Meta:
        abstract = True
        ordering = ["pk"]

    @classmethod
    def live_rows(cls):
        return Q(event__deleted_at=None)
