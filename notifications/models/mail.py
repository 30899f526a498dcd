"""One mail to one person: what it says, whether it went out, and what it is about."""

import re

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.rules import SEEN_IN_REPORTS
from notifications.kinds import action_of
from openevent.core.rows import VisibleQuerySet, VisibleRow
from openevent.core.sealed import SealedText

ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)
QUEUED, SENDING, SENT, FAILED, BLOCKED = "queued", "sending", "sent", "failed", "blocked"
STATES = {
    QUEUED: ("Waiting to be sent", "", "clock"),
    SENDING: ("Waiting to be sent", "", "clock"),
    SENT: ("Sent", "", "mail-forward"),
    FAILED: ("Not delivered", "bad", "mail-x"),
    BLOCKED: ("Held back", "bad", "mail-off"),
}


class MailQuerySet(VisibleQuerySet):
    def about(self, row):
        """Newest first, the mails that speak of this row."""
        return self.filter(subject_type=row._meta.model_name, subject_id=str(row.pk))


class Mail(VisibleRow):
    """The subject is named, not linked: notifications knows neither events nor orders.

    Attachments are kept as a recipe, [purpose, arguments], and made when the mail goes out.
    """

    policy = SEEN_IN_REPORTS

    kind = models.CharField(max_length=60)
    recipient = models.EmailField(max_length=254, db_index=True)
    sender = models.CharField(max_length=300)
    reply_to = models.EmailField(max_length=254, blank=True)
    subject = models.CharField(max_length=300)
    text = SealedText()
    html = SealedText(blank=True)
    attachments = models.JSONField(default=list, blank=True)

    status = models.CharField(
        max_length=10, default=QUEUED, choices=[(state, word) for state, (word, _, _) in STATES.items()]
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, default=timezone.now)  # by the sweeper; None: no more
    error = models.TextField(blank=True)
    # Who pressed the button, where somebody did: what one person's forms send is counted.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="asked_mails"
    )
    message_id = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)

    subject_type = models.CharField(max_length=100, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    reference = models.CharField(max_length=64, blank=True, db_index=True)  # as people name it: an order's code

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="mail_about_subject"),
            models.Index(fields=["asked_by", "created_at"], name="mail_by_asker"),
            models.Index(fields=["status", "created_at"], name="mail_by_status"),
            models.Index("next_attempt_at", name="mail_waiting", condition=~models.Q(next_attempt_at=None)),
        ]

    def __str__(self):
        return f"{self.subject} → {self.recipient}"

    @property
    def badge(self) -> dict:
        word, kind, icon = STATES[self.status]
        return {"word": word, "kind": kind, "icon": icon}

    @property
    def action(self) -> str:
        return action_of(self.kind)

    @property
    def words(self) -> str:
        """The text without its links, which open doors to whoever has them."""
        return ADDRESS.sub("[link]", self.text)
