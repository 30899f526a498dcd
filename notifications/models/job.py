"""Work that somebody waits for: how far it is, and the file that came of it."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from openevent.core.policies import PERSONAL, nobody
from openevent.core.rows import Row

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
TASK_STATES = {WAITING: "WAITING", RUNNING: "WAITING", DONE: "SUCCESS", FAILED: "FAILURE"}  # as clients know them
IMPORT = "import-"  # how the kinds begin that bring something in


class Job(Row):
    """Started by `notifications.services.jobs.start_job`. The kind names a function that an app has registered."""

    policy = PERSONAL
    unversioned = frozenset({"beat_at", "done", "total"})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="jobs")
    event_id = models.BigIntegerField(null=True, blank=True, db_index=True)  # named, not linked
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=300)  # "Attendees of Harbour Days as CSV"
    arguments = models.JSONField(default=dict, blank=True)

    status = models.CharField(
        max_length=10, default=WAITING, choices=[(one, one.capitalize()) for one in (WAITING, RUNNING, DONE, FAILED)]
    )
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    message = models.TextField(blank=True)  # what came of it, or why it failed, in words
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    beat_at = models.DateTimeField(null=True, blank=True, editable=False)  # when it last told how far it is
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)

    file_key = models.CharField(max_length=300, blank=True, editable=False)  # in the storage
    file_name = models.CharField(max_length=200, blank=True, editable=False)  # as it is downloaded
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["status", "created_at"], name="job_by_status")]

    def __str__(self):
        return self.title

    @property
    def is_over(self):
        return self.status in (DONE, FAILED)

    @property
    def percent(self):
        """How far it is, 0 to 100; None while nobody knows how much there is."""
        if self.status == DONE:
            return 100
        return min(99, 100 * self.done // self.total) if self.total else None

    @property
    def task_state(self):
        return TASK_STATES[self.status]


class ImportJob(Job):
    """A job that brings something in, as old clients read of it."""

    policy = {**PERSONAL, "add": nobody, "delete": nobody}

    class Meta:
        proxy = True
        verbose_name = "import job"

    @classmethod
    def live_rows(cls):
        return Q(kind__startswith=IMPORT)

    @property
    def task(self) -> str:
        return str(self.pk)

    @property
    def starts_at(self) -> datetime:
        return self.created_at

    @property
    def result(self) -> str | None:
        return self.message or None

    @property
    def result_status(self) -> str:
        return self.task_state
