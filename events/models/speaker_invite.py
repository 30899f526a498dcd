"""Asking somebody to speak at a session too: offered to an address."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from events.models.part import PlainEventPart
from events.rules import SPEAKER_INVITES

PENDING, ACCEPTED, REJECTED = "pending", "accepted", "rejected"


class SpeakerInvite(PlainEventPart):
    """It has no token: whoever signs in with the proven address may answer."""

    policy = SPEAKER_INVITES

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="speaker_invites")
    session = models.ForeignKey("events.Session", models.CASCADE, related_name="speaker_invites")
    email = models.EmailField(max_length=254)  # normalised
    status = models.CharField(
        max_length=10, default=PENDING, choices=[(state, state.capitalize()) for state in (PENDING, ACCEPTED, REJECTED)]
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="sent_speaker_invites"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta(PlainEventPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["email", "session"],
                condition=Q(status=PENDING),
                name="one_open_invite_per_address_and_session",
            )
        ]

    def __str__(self):
        return f"{self.email} at {self.session}"

    @classmethod
    def live_rows(cls):
        return super().live_rows() & Q(session__deleted_at=None)
