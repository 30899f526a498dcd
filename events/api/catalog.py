"""Lists that organizers choose from and visitors search by."""

from django.db.models import Count, Q, Subquery
from django.db.models.functions import Coalesce

from events.models import CustomPlaceholder, Event, EventLocation, EventSubTopic, EventTopic, EventType
from openevent.core.relations import Relation
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet

MOST_PLACES = 6


class EventTypeSerializer(ResourceSerializer):
    class Meta:
        model = EventType
        fields = ("name", "slug", "events")


class EventTypeViewSet(ResourceViewSet):
    serializer_class = EventTypeSerializer


class EventTopicSerializer(ResourceSerializer):
    class Meta:
        model = EventTopic
        fields = ("name", "system_image_url", "slug", "events", "event_sub_topics")


class EventTopicViewSet(ResourceViewSet):
    serializer_class = EventTopicSerializer


class EventSubTopicSerializer(ResourceSerializer):
    class Meta:
        model = EventSubTopic
        fields = ("name", "slug", "events", "event_topic")
        relations = {"custom_placeholder": Relation(CustomPlaceholder, "event_sub_topic", many=False)}


class EventSubTopicViewSet(ResourceViewSet):
    serializer_class = EventSubTopicSerializer


class CustomPlaceholderSerializer(ResourceSerializer):
    class Meta:
        model = CustomPlaceholder
        fields = (
            *("name", "original_image_url", "thumbnail_image_url", "large_image_url", "icon_image_url", "copyright"),
            *("origin", "event_sub_topic"),
        )


class CustomPlaceholderViewSet(ResourceViewSet):
    serializer_class = CustomPlaceholderSerializer


class EventsThere(Relation):
    """Events say in words where they are."""

    def narrow(self, queryset, place):
        return queryset.filter(searchable_location_name=place.name)

    def fetch(self, places, queryset):
        names = {place.name: place.pk for place in places}
        found = {place.pk: [] for place in places}
        for event in queryset.filter(searchable_location_name__in=names):
            found[names[event.searchable_location_name]].append(event)
        return found

    def filter_by(self, events):
        return Q(name__in=events.exclude(searchable_location_name=None).values("searchable_location_name"))


class EventLocationSerializer(ResourceSerializer):
    class Meta:
        model = EventLocation
        fields = ("name", "slug")
        relations = {"events": EventsThere(Event)}


class EventLocationViewSet(ResourceViewSet):
    """The list is of the few places where most public events are; what the staff names fills it up."""

    serializer_class = EventLocationSerializer

    def rows(self):
        rows = super().rows()
        if self.action != "list":
            return rows
        there = EventLocation.events_there().order_by().values("searchable_location_name")
        events = there.annotate(number=Count("pk")).values("number")
        busiest = rows.annotate(busy=Coalesce(Subquery(events), 0)).order_by("-busy", "name")
        return busiest.filter(pk__in=busiest.values("pk")[:MOST_PLACES])
