"""Meeting an attendee at a station. Who may come in at all, and who is in, is the door's to say: see `check_in`."""

from datetime import datetime, time

from django.utils import timezone

from events.rules import registers
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused
from orders.models import Attendee, Station, UserCheckIn
from orders.models.station import AT_ROOMS, CHECK_IN, CHECK_OUT, DAILY, REGISTRATION
from orders.services.admission import refusal_of
from orders.services.check_in import TurnedAway, check_in, note_at_the_door, registered_since

ATTENDEE, SESSION = "/data/relationships/ticket-holder", "/data/relationships/session"


def meet(station: Station, attendee: Attendee, *, by, session=None) -> UserCheckIn:
    """Register somebody, let them in for the day, or note that they come to a session or leave it.

    One device at a time for each attendee: the second is told. A ticket that is not valid is turned away as at every
    other door (`TurnedAway`, which the caller writes down).
    """
    if not registers(by, station):
        raise Refused("not-your-door", "Only the event's team and its registrars let people in.", status=403)
    with atomic():
        attendee = Attendee.objects.select_for_update(of=("self",)).get(pk=attendee.pk)
        attendee.event = station.event
        _check_ties(station, attendee, session)
        if refusal := refusal_of(attendee):
            raise TurnedAway(attendee, refusal, gate=station.station_name)
        VERBS[station.station_type](station, attendee, session, by=by)
        return UserCheckIn.objects.create(
            station=station, ticket_holder=attendee, session=session, **_names_of(session)
        )


def start_of_today(event) -> datetime:
    """Midnight on the event's clocks."""
    today = timezone.now().astimezone(event.zone).date()
    return datetime.combine(today, time.min, tzinfo=event.zone)


def _check_ties(station, attendee, session):
    if attendee.event_id != station.event_id:
        raise Refused("other-event", "This ticket is of another event.", pointer=ATTENDEE)
    if session is None and station.station_type != REGISTRATION:
        raise Refused("session-missing", "Say at which session.", pointer=SESSION)
    if session is None:
        return
    if session.event_id != station.event_id:
        raise Refused("other-event", "This session is of another event.", pointer=SESSION)
    if station.microlocation_id and session.microlocation_id != station.microlocation_id:
        raise Refused("other-room", "This session is not in the station's room.", pointer=SESSION)


def _register(station, attendee, session, *, by):
    if registered_since(attendee, start_of_today(station.event)):
        raise _told("registered", "Registered today already.")
    note_at_the_door(attendee, by=by, changes={"register_times": _one_more(attendee.register_times)})


def _let_in_today(station, attendee, session, *, by):
    today = UserCheckIn.objects.filter(ticket_holder=attendee, created_at__gte=start_of_today(station.event))
    if today.filter(station__station_type=DAILY).exists():
        raise _told("checked-in", "Checked in today already.")
    check_in(attendee, by=by, gate=station.station_name, again=True)


def _come(station, attendee, session, *, by):
    if _is_there(attendee, session):
        raise _told("checked-in", "Checked in at this session already.")


def _leave(station, attendee, session, *, by):
    if not _is_there(attendee, session):
        raise _told("not-checked-in", "Not checked in at this session.")


VERBS = {REGISTRATION: _register, DAILY: _let_in_today, CHECK_IN: _come, CHECK_OUT: _leave}


def _is_there(attendee, session):
    met = UserCheckIn.objects.filter(ticket_holder=attendee, session=session, station__station_type__in=AT_ROOMS)
    last = met.order_by("-pk").values_list("station__station_type", flat=True).first()
    return last == CHECK_IN


def _one_more(times):
    now = timezone.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return f"{times},{now}" if times else now


def _names_of(session):
    if session is None:
        return {}
    speakers = session.speakers.filter(deleted_at=None).order_by("pk").values_list("name", flat=True)
    return {
        "session_name": session.title,
        "track_name": session.track.name if session.track else None,
        "speaker_name": ", ".join(speakers)[:2000] or None,
    }


def _told(code, detail):
    return Refused(code, detail, pointer=ATTENDEE)
