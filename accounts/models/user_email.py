"""Further addresses of a person. They are kept for reading: nobody signs in with one, and it proves nothing."""

from django.conf import settings
from django.db import models

from accounts.models.user import normalise_email
from openevent.core.policies import PERSONAL
from openevent.core.rows import SoftDeleted

KINDS = ("home", "work", "business", "office", "other")


class UserEmail(SoftDeleted):
    policy = PERSONAL

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="alternate_emails")
    email_address = models.EmailField(max_length=254)
    type = models.CharField(max_length=20, choices=[(kind, kind) for kind in KINDS])

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "email_address"],
                condition=models.Q(deleted_at=None),
                name="one_row_an_address_of_a_user",
                violation_error_message="You have this address already.",
            )
        ]

    def __str__(self):
        return self.email_address

    def save(self, **options):
        self.email_address = normalise_email(self.email_address)
        super().save(**options)
