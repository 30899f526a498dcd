"""The reference: plain djangorestframework-jsonapi, tuned as its documentation says.

The same attributes of the same rows, by the same sign-in and the same rule. It is let off lightly: of the
relations that the house links to, it shows only the row's own foreign keys and, on sessions, the speakers;
every relation is declared and prefetched, so that none costs a query a row.
"""

from rest_framework import permissions
from rest_framework.exceptions import PermissionDenied
from rest_framework_json_api import serializers, views
from rest_framework_json_api.pagination import JsonApiPageNumberPagination
from rest_framework_json_api.parsers import JSONParser
from rest_framework_json_api.renderers import JSONRenderer

from events.api.events import EventSerializer as HouseEvent
from events.api.microlocations import MicrolocationSerializer as HouseMicrolocation
from events.api.session_types import SessionTypeSerializer as HouseSessionType
from events.api.sessions import SessionSerializer as HouseSession
from events.api.speakers import SpeakerSerializer as HouseSpeaker
from events.api.tracks import TrackSerializer as HouseTrack
from events.models import Event, Microlocation, Session, SessionType, Speaker, Track
from openevent.core.serializers import fields_of


def attributes_of(house, *, without=()):
    """What the house shows of a row to people who are not on the team."""
    hidden = {*house.relations(), *house.option("private_fields"), *without}
    return [name for name, field in fields_of(house).items() if not field.write_only and name not in hidden]


class EventSerializer(serializers.ModelSerializer):
    class Meta:
        model = Event
        fields = [*attributes_of(HouseEvent), "event_type", "event_topic"]


class TrackSerializer(serializers.ModelSerializer):
    class Meta:
        model = Track
        fields = attributes_of(HouseTrack)


class MicrolocationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Microlocation
        fields = attributes_of(HouseMicrolocation)


class SessionTypeSerializer(serializers.ModelSerializer):
    class Meta:
        model = SessionType
        fields = attributes_of(HouseSessionType)


class SpeakerSerializer(serializers.ModelSerializer):
    class Meta:
        model = Speaker
        fields = attributes_of(HouseSpeaker)


class SessionSerializer(serializers.ModelSerializer):
    included_serializers = {
        "track": TrackSerializer,
        "microlocation": MicrolocationSerializer,
        "speakers": SpeakerSerializer,
        # Not asked for; a relation that is not declared here costs a query a row.
        "session_type": SessionTypeSerializer,
        "event": EventSerializer,
    }

    class Meta:
        model = Session
        fields = [*attributes_of(HouseSession), "track", "microlocation", "session_type", "event", "speakers"]


class Pages(JsonApiPageNumberPagination):
    page_size = 20
    max_page_size = 200


class Plain:
    parser_classes = [JSONParser]
    renderer_classes = [JSONRenderer]
    pagination_class = Pages
    filter_backends = []

    def get_queryset(self):
        return super().get_queryset().model.objects.visible_to(self.request.user)


class EventViewSet(Plain, views.ReadOnlyModelViewSet):
    queryset = Event.objects.all()
    serializer_class = EventSerializer


class SessionRules(permissions.BasePermission):
    """The policy of sessions, asked of the row that is to be written."""

    def has_object_permission(self, request, view, row):
        return request.method in permissions.SAFE_METHODS or Session.policy["change"](request.user, row)


class SessionViewSet(Plain, views.ModelViewSet):
    queryset = Session.objects.all()
    serializer_class = SessionSerializer
    permission_classes = [SessionRules]

    def perform_create(self, serializer):
        if not Session.policy["add"](self.request.user, Session(**serializer.validated_data)):
            raise PermissionDenied
        serializer.save(creator=self.request.user)

    def get_queryset(self):
        rows = super().get_queryset().select_related("track", "microlocation", "session_type")
        if event := self.request.GET.get("event"):
            rows = rows.filter(event=event)
        return rows.prefetch_related("speakers")
