"""The log of who did what: rows are added, never changed and never removed."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.rules import SEEN_IN_REPORTS
from openevent.core.append_only import AppendOnly, AppendOnlyQuerySet
from openevent.core.rows import VisibleQuerySet, VisibleRow


class ActivityQuerySet(AppendOnlyQuerySet, VisibleQuerySet):
    """Read by whom the log is for."""


class Activity(AppendOnly, VisibleRow):
    """The actor's name is copied, so that the line still reads after the account is gone.

    The subject is named, not linked: accounts knows neither events nor orders.
    """

    policy = SEEN_IN_REPORTS

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    actor_name = models.CharField(max_length=300)
    action = models.CharField(max_length=100, db_index=True)
    subject_type = models.CharField(max_length=100, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    event_id = models.BigIntegerField(null=True, db_index=True)
    detail = models.JSONField(default=dict)
    time = models.DateTimeField(default=timezone.now, editable=False, db_index=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "activities"
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="activity_of_subject")]

    def __str__(self):
        return f"{self.actor_name}: {self.action}"
