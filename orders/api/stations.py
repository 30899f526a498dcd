"""Stations, whom they met, and what was counted there by hand."""

from django.db.models import F
from rest_framework.decorators import action

from openevent.core.describing import Document, says
from openevent.core.refusals import Refused
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet
from orders.api.orders import IdOfRelation
from orders.models import Station, StationStorePax, UserCheckIn
from orders.models.station import AT_ROOMS
from orders.services.check_in import TurnedAway
from orders.services.stations import meet


class StationSerializer(ResourceSerializer):
    microlocation_id = IdOfRelation(read_only=True)

    class Meta:
        model = Station
        fields = (
            *("station_name", "station_type", "microlocation_id", "room", "event", "microlocation"),
            *("station_store_paxs", "user_check_ins"),
        )
        computed = {"microlocation_id": lambda: F("microlocation_id")}
        needs = ("microlocation",)

    def validate(self, values):
        kind, room = (
            values.get(name, getattr(self.instance, name, None)) for name in ("station_type", "microlocation")
        )
        if kind in AT_ROOMS and room is None:
            pointer = "/data/relationships/microlocation"
            raise Refused("room-missing", "At a room people check in and out: say which.", pointer=pointer)
        return values


class StationViewSet(ResourceViewSet):
    serializer_class = StationSerializer

    @says(answers=Document("station-store-pax", many=True))
    @action(detail=True, url_path=r"sessions/(?P<session>\d{1,18})/station-store-paxs")
    def counted_at_session(self, request, key, session):
        return self.related(request, key, "station-store-paxs", session=session)

    def perform_destroy(self, station):
        if station.user_check_ins.exists():
            raise Refused("station-in-use", "People were met at this station, so it stays.", status=409)
        super().perform_destroy(station)


class StationStorePaxSerializer(ResourceSerializer):
    class Meta:
        model = StationStorePax
        type = "station-store-pax"
        fields = ("current_pax", "created_at", "modified_at", "station", "session")
        needs = ("station",)


class AtSessionsViewSet(ResourceViewSet):
    def may_link(self, target):
        """A session is named here and not changed: seeing it is enough."""
        return True


class StationStorePaxViewSet(AtSessionsViewSet):
    serializer_class = StationStorePaxSerializer


class UserCheckInSerializer(ResourceSerializer):
    class Meta:
        model = UserCheckIn
        type = "user_check_in"
        fields = ("success", "message", "ticket_holder", "station", "session")
        fixed = ("ticket_holder", "station", "session")
        needs = ("station",)


class UserCheckInViewSet(AtSessionsViewSet):
    """Meeting somebody is a verb of the door: what it refuses is written down there."""

    serializer_class = UserCheckInSerializer
    verbs = ("list", "create", "retrieve", "destroy")

    def create(self, request):
        try:
            return super().create(request)
        except TurnedAway as refusal:
            refusal.write_down(by=request.user)
            raise

    def perform_create(self, serializer, given):
        values = serializer.validated_data
        return meet(values["station"], values["ticket_holder"], by=self.request.user, session=values.get("session"))
