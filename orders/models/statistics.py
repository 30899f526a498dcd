"""Events and ticket types seen as the numbers of their sales, for their team; and the site as a whole, which has the
one row of its settings, for its staff.
"""

from accounts.models import Setting
from events.models import Event
from events.rules import BACKSTAGE
from openevent.core.policies import SETTINGS
from orders.models.ticket import Ticket


class OrderStatisticsEvent(Event):
    policy = BACKSTAGE

    class Meta:
        proxy = True
        verbose_name = "order statistics event"


class OrderStatisticsTicket(Ticket):
    policy = BACKSTAGE

    class Meta:
        proxy = True
        verbose_name = "order statistics ticket"


class SessionsOfSite(Setting):
    policy = SETTINGS

    class Meta:
        proxy = True
        verbose_name = "admin statistics session"


class EventsOfSite(Setting):
    policy = SETTINGS

    class Meta:
        proxy = True
        verbose_name = "admin statistics event"


class UsersOfSite(Setting):
    policy = SETTINGS

    class Meta:
        proxy = True
        verbose_name = "admin statistics user"


class GroupsOfSite(Setting):
    policy = SETTINGS

    class Meta:
        proxy = True
        verbose_name = "admin statistics group"


class MailsOfSite(Setting):
    policy = SETTINGS

    class Meta:
        proxy = True
        verbose_name = "admin statistics mail"
