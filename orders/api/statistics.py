"""Sales in numbers: of an event and of a ticket type for their team, of the whole site for its staff."""

from rest_framework import serializers

from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet
from orders.models import (
    EventsOfSite,
    GroupsOfSite,
    MailsOfSite,
    Order,
    OrderStatisticsEvent,
    OrderStatisticsTicket,
    SessionsOfSite,
    UsersOfSite,
)
from orders.models.order import ended_holds
from orders.services.site_statistics import count_events, count_groups, count_mails, count_sessions, count_users
from orders.services.statistics import statistics_of_events, statistics_of_tickets

PARTS = ("tickets", "orders", "sales")


class EventSerializer(ResourceSerializer):
    class Meta:
        model = OrderStatisticsEvent
        fields = ("identifier",)


class EventViewSet(ResourceViewSet):
    serializer_class = EventSerializer
    verbs = ("retrieve",)

    @classmethod
    def clock_mark(cls, events):
        """A hold that ends is counted as expired without any row being written."""
        return Order.objects.filter(ended_holds(), event__in=events.values("pk")).count()


class TicketSerializer(ResourceSerializer):
    identifier = serializers.SerializerMethodField()  # clients expect one; a ticket type has no other

    class Meta:
        model = OrderStatisticsTicket
        fields = ("identifier",)

    def get_identifier(self, ticket) -> str:
        return str(ticket.pk)


class TicketViewSet(ResourceViewSet):
    serializer_class = TicketSerializer
    verbs = ("retrieve",)

    @classmethod
    def clock_mark(cls, tickets):
        return Order.objects.filter(ended_holds(), lines__ticket__in=tickets.values("pk")).count()


EventSerializer.extend(batches=dict.fromkeys(PARTS, statistics_of_events), depends=("orders",))
TicketSerializer.extend(batches=dict.fromkeys(PARTS, statistics_of_tickets))


def of_the_site(model, names, count):
    """The view set of one document of numbers, whose tag is made of them: mails and days move no counter."""

    class Serializer(ResourceSerializer):
        class Meta:
            fields = ()

    Serializer.Meta.model = model
    Serializer.extend(batches=dict.fromkeys(names, lambda rows: {row.pk: count() for row in rows}))

    class ViewSet(ResourceViewSet):
        serializer_class = Serializer
        verbs = ("retrieve",)
        only_key = "1"

        @classmethod
        def clock_mark(cls, rows):
            return sorted(count().items())

    return ViewSet


OF_THE_SITE = {
    "sessions": of_the_site(
        SessionsOfSite, ("draft", "submitted", "accepted", "confirmed", "pending", "rejected"), count_sessions
    ),
    "events": of_the_site(EventsOfSite, ("draft", "published", "past"), count_events),
    "users": of_the_site(
        UsersOfSite,
        (
            *("super_admin", "admin", "verified", "unverified", "owner", "organizer", "coorganizer", "attendee"),
            "track_organizer",
        ),
        count_users,
    ),
    "groups": of_the_site(GroupsOfSite, ("groups", "group_events", "followers"), count_groups),
    "mails": of_the_site(MailsOfSite, ("one_day", "three_days", "seven_days", "thirty_days"), count_mails),
}
