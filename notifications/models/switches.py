"""What the site's staff has switched off: a kind of mail, a kind of notification."""

from django.db import models

from openevent.core.columns import flag
from openevent.core.policies import SETTINGS
from openevent.core.rows import Row


class MessageSetting(Row):
    """A kind of mail. One that has no row is sent."""

    policy = SETTINGS

    action = models.CharField(max_length=60, unique=True, editable=False)
    enabled = flag(default=True)

    class Meta:
        ordering = ["action"]

    def __str__(self):
        return self.action


class NotificationSetting(Row):
    """A kind of notification. One that has no row is shown."""

    policy = SETTINGS

    type = models.CharField(max_length=60, unique=True, editable=False)
    enabled = flag(default=True)

    class Meta:
        ordering = ["type"]

    def __str__(self):
        return self.type
