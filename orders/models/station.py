"""Stations: desks, entrances and doors of rooms at which attendees are met, and whom each of them met when."""

from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from events.models.part import PlainEventPart
from openevent.core.columns import Line, text
from openevent.core.rows import Row
from orders.rules import CHECK_INS, SCANS

REGISTRATION, DAILY, CHECK_IN, CHECK_OUT = STATION_TYPES = ("registration", "daily", "check in", "check out")
AT_ROOMS = (CHECK_IN, CHECK_OUT)
DONE = {
    REGISTRATION: "Registered.",
    DAILY: "Checked in for today.",
    CHECK_IN: "Checked in.",
    CHECK_OUT: "Checked out.",
}


class Station(PlainEventPart):
    policy = SCANS

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="stations")
    microlocation = models.ForeignKey(
        "events.Microlocation", models.CASCADE, null=True, blank=True, related_name="stations"
    )
    station_name = Line(max_length=400, validators=[MinLengthValidator(1)])
    station_type = models.CharField(max_length=20, choices=[(kind, kind.capitalize()) for kind in STATION_TYPES])

    def __str__(self):
        return self.station_name

    @property
    def room(self) -> str | None:
        return self.microlocation.room if self.microlocation else None


class StationPart(Row):
    """A row of a station, and so of its event."""

    policy = SCANS
    event_path = "station__event__"

    class Meta:
        abstract = True
        ordering = ["pk"]

    @classmethod
    def live_rows(cls):
        return Q(station__event__deleted_at=None)

    def event_key(self):
        return self.station.event_id


class StationStorePax(StationPart):
    """How many people somebody at a station counted by hand in a session."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="station_store_paxs")
    session = models.ForeignKey("events.Session", models.CASCADE, related_name="station_store_paxs")
    current_pax = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    modified_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return f"{self.current_pax} at {self.station}"


class UserCheckIn(StationPart):
    """Somebody was met at a station. The names of that moment are copied: a list still reads when they change."""

    policy = CHECK_INS

    ticket_holder = models.ForeignKey("orders.Attendee", models.PROTECT, related_name="user_check_ins")
    station = models.ForeignKey(Station, models.PROTECT, related_name="user_check_ins")
    session = models.ForeignKey("events.Session", models.SET_NULL, null=True, blank=True, related_name="user_check_ins")
    session_name = text(editable=False)
    track_name = text(editable=False)
    speaker_name = text(2000, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta(StationPart.Meta):
        indexes = [models.Index(fields=["ticket_holder", "session", "-id"], name="check_in_at_session")]

    def __str__(self):
        return f"{self.ticket_holder} at {self.station}"

    @property
    def success(self) -> bool:
        return True  # who is turned away has no row here

    @property
    def message(self) -> str:
        return DONE[self.station.station_type]


class VirtualCheckIn(PlainEventPart):
    """Somebody with a ticket came from afar: to the event, or to one of its rooms."""

    policy = SCANS
    WHERE = EVENT, VIRTUAL_ROOM, ROOM = ("event", "virtual-room", "room")

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="virtual_check_ins")
    ticket_holder = models.ForeignKey("orders.Attendee", models.PROTECT, related_name="virtual_check_ins")
    microlocation = models.ForeignKey(
        "events.Microlocation", models.SET_NULL, null=True, related_name="virtual_check_ins"
    )
    check_in_type = models.CharField(max_length=20, choices=[(kind, kind.capitalize()) for kind in WHERE])
    check_in_at = models.DateTimeField(default=timezone.now, editable=False)
    check_out_at = models.DateTimeField(null=True, editable=False)

    def __str__(self):
        return f"{self.ticket_holder} from afar"
