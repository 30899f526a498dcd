"""All refresh tokens that descend from one sign-in: they live and die together."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class RefreshFamily(models.Model):
    """`generation` is the newest token of the family that has been used; older ones are void.

    A token's successor replaces it when that is first used, not when it is handed out. So a client
    that keeps its first token (older ones do) stays signed in, and a copy of a replaced one betrays a theft.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="refresh_families")
    generation = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "refresh families"

    def __str__(self):
        return f"{self.user}, since {self.created_at}"
