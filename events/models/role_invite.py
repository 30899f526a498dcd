"""Asking somebody to help: a role at an event, offered to an address."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from events.models.part import PlainEventPart
from events.models.role import Role
from events.rules import ROLE_INVITES

PENDING, ACCEPTED, DECLINED = "pending", "accepted", "declined"


class RoleInvite(PlainEventPart):
    """The token is mailed and only its hash is kept: who copies the database can accept nothing."""

    policy = ROLE_INVITES

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="role_invites")
    email = models.EmailField(max_length=254)  # normalised
    role = models.ForeignKey(Role, models.PROTECT, related_name="role_invites")
    status = models.CharField(
        max_length=10, default=PENDING, choices=[(state, state.capitalize()) for state in (PENDING, ACCEPTED, DECLINED)]
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="sent_role_invites"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(editable=False)

    class Meta(PlainEventPart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["email", "role", "event"], name="one_invite_per_address_role_and_event")
        ]

    def __str__(self):
        return f"{self.email} as {self.role} of {self.event}"

    @property
    def role_name(self) -> str:
        return self.role.name

    @property
    def hash(self) -> str | None:
        """The original showed its token here, by which anybody took the role; ours is in the mail alone."""
        return None
