"""What happened at the door, line by line. Nothing here is ever changed or removed."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from events.models.part import PlainEventPart
from openevent.core.append_only import AppendOnly, AppendOnlyQuerySet
from openevent.core.rows import RowQuerySet
from orders.rules import SCANS

IN, OUT, UNDONE, AGAIN, REFUSED = "in", "out", "undone", "again", "refused"


class ScanQuerySet(AppendOnlyQuerySet, RowQuerySet):
    """Counted, like all that an answer is made of."""


class Scan(AppendOnly, PlainEventPart):
    """`again` is a ticket whose holder was in already; `reason` is the code of a refusal."""

    policy = SCANS

    event = models.ForeignKey("events.Event", models.PROTECT, related_name="scans")
    attendee = models.ForeignKey("orders.Attendee", models.PROTECT, null=True, related_name="scans")
    verdict = models.CharField(max_length=10, choices=[(one, one) for one in (IN, OUT, UNDONE, AGAIN, REFUSED)])
    reason = models.CharField(max_length=60, blank=True)
    gate = models.CharField(max_length=100, blank=True)  # the door or the device, as it calls itself
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    by_name = models.CharField(max_length=300)  # copied: the line still reads after the account is gone
    time = models.DateTimeField(default=timezone.now, editable=False)

    objects = ScanQuerySet.as_manager()

    class Meta(PlainEventPart.Meta):
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["attendee", "-id"], name="scan_of_attendee"),
            models.Index(fields=["event", "-id"], name="scan_of_event"),
        ]

    def __str__(self):
        return f"{self.attendee or 'unknown ticket'}: {self.verdict}"
