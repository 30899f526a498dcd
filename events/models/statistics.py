"""An event seen as the numbers of its programme."""

from events.models.event import Event
from events.rules import BACKSTAGE


class EventStatistics(Event):
    policy = BACKSTAGE

    class Meta:
        proxy = True
        verbose_name = "event statistics general"
