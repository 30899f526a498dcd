"""What the site's staff has switched off: a kind of mail, a kind of notification."""

from django.db import models

from accounts.rules import set_in_panel
from notifications.kinds import action_of
from openevent.core.columns import flag
from openevent.core.rows import Row

SWITCHES = set_in_panel("messages")


class MessageSetting(Row):
    """A kind of mail. One that has no row is sent."""

    policy = SWITCHES

    action = models.CharField(max_length=60, unique=True, editable=False)
    enabled = flag(default=True)

    class Meta:
        ordering = ["action"]

    def __str__(self):
        return self.action

    @classmethod
    def lets(cls, kind: str) -> bool:
        return not cls.objects.filter(action=action_of(kind), enabled=False).exists()


class NotificationSetting(Row):
    """A kind of notification. One that has no row is shown."""

    policy = SWITCHES

    type = models.CharField(max_length=60, unique=True, editable=False)
    enabled = flag(default=True)

    class Meta:
        ordering = ["type"]

    def __str__(self):
        return self.type

    @classmethod
    def lets(cls, kind: str) -> bool:
        return not cls.objects.filter(type=kind, enabled=False).exists()
