"""An event's own account with Stripe."""

from django.db import models

from events.models.part import PlainEventPart
from openevent.core.columns import text
from openevent.core.sealed import SealedText
from orders.rules import STRIPE


class StripeAuthorization(PlainEventPart):
    """Of all this, buyers read the publishable key; the rest is sealed, and never sent back."""

    policy = STRIPE

    event = models.OneToOneField("events.Event", models.CASCADE, related_name="stripe_authorization")
    stripe_auth_code = SealedText()
    stripe_secret_key = SealedText(blank=True, default="", editable=False)
    stripe_refresh_token = SealedText(blank=True, default="", editable=False)
    stripe_publishable_key = text(200, editable=False)
    stripe_user_id = text(200, editable=False)

    class Meta(PlainEventPart.Meta):
        verbose_name = "stripe authorization"

    def __str__(self):
        return f"Stripe of {self.event}"
