"""Whom the stations of an event have met: counted for today, and line by line to take away."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Sum
from django.utils import timezone

from events.models import Event, Session, Track
from orders.models import Attendee, StationStorePax, UserCheckIn
from orders.models.station import AT_ROOMS, CHECK_IN, CHECK_OUT
from orders.services.admission import COMING
from orders.services.door import added_up, counts_by_ticket
from orders.services.exports.files import csv_lines
from orders.services.stations import start_of_today

HEADINGS = ("Name", "E-mail", "Ticket", "Station", "Kind", "Session", "Track", "Speakers", "Time")


def figures_of_today(event: Event, *, sessions: Collection[int] = (), tracks: Collection[int] = ()) -> dict:
    """How many have come, and how many were met at these sessions and tracks; without a choice at all of them."""
    coming = Attendee.objects.filter(COMING, event=event)
    people = added_up(counts_by_ticket(event))
    rows = Session.objects.filter(event=event, deleted_at=None).select_related("track").prefetch_related("speakers")
    rows = list(rows.order_by("pk"))
    met, counted = _met_today(event), _counted_by_hand(event)
    chosen = [row for row in rows if row.pk in sessions] if sessions else rows
    lanes = Track.objects.filter(event=event, deleted_at=None).order_by("pk")
    lanes = list(lanes.filter(pk__in=tracks) if tracks else lanes)
    session_stats = [
        {
            "session_id": row.pk,
            "session_name": row.title,
            "track_name": row.track.name if row.track else None,
            "speakers": _speakers(row),
            "check_in": met[row.pk, CHECK_IN],
            "check_out": met[row.pk, CHECK_OUT],
            "manual_count": counted.get(row.pk, 0),
        }
        for row in chosen
    ]
    track_stats = [_of_track(track, [row for row in rows if row.track_id == track.pk], met) for track in lanes]
    return {
        "total_attendee": people.total,
        "total_registered": coming.filter(is_registered=True).count(),
        "total_not_checked_in": people.to_come,
        "total_track_checked_in": sum(row["check_in"] for row in track_stats),
        "total_track_checked_out": sum(row["check_out"] for row in track_stats),
        "total_session_checked_in": sum(row["check_in"] for row in session_stats),
        "total_session_checked_out": sum(row["check_out"] for row in session_stats),
        "session_stats": session_stats,
        "track_stats": track_stats,
    }


def lines_of(session: Session, *, day: date | None = None, kind: str | None = None, whole_track=False) -> Iterable[str]:
    """CSV of everybody who was met at a session, or at every session of its track."""
    rows = UserCheckIn.objects.filter(station__event=session.event_id)
    rows = rows.filter(session__track=session.track_id) if whole_track else rows.filter(session=session)
    if kind is not None:
        rows = rows.filter(station__station_type=kind)
    if day is not None:
        start = datetime.combine(day, time.min, tzinfo=session.event.zone)
        rows = rows.filter(created_at__gte=start, created_at__lt=start + timedelta(days=1))
    rows = rows.select_related("ticket_holder__ticket", "station").order_by("pk")
    return csv_lines(HEADINGS, map(_line, rows.iterator()), zone=session.event.zone)


def _line(row):
    holder, station = row.ticket_holder, row.station
    who = (holder.name, holder.email, holder.ticket.name, station.station_name, station.station_type)
    return (*who, row.session_name, row.track_name, row.speaker_name, row.created_at)


def _met_today(event):
    """{(session's id, station's type): how often}."""
    rows = UserCheckIn.objects.filter(
        station__event=event, station__station_type__in=AT_ROOMS, created_at__gte=start_of_today(event)
    )
    counts = rows.order_by().values_list("session", "station__station_type").annotate(Count("pk"))
    return Counter({(session, kind): count for session, kind, count in counts})


def _counted_by_hand(event):
    rows = StationStorePax.objects.filter(station__event=event).order_by().values_list("session")
    return dict(rows.annotate(Sum("current_pax")))


def _of_track(track, sessions, met):
    now = timezone.now()
    current = next(
        (one for one in sessions if one.starts_at and one.ends_at and one.starts_at <= now < one.ends_at), None
    )
    return {
        "track_id": track.pk,
        "track_name": track.name,
        "current_speakers": _speakers(current) if current else "",
        "current_session": current.title if current else "",
        "check_in": sum(met[one.pk, CHECK_IN] for one in sessions),
        "check_out": sum(met[one.pk, CHECK_OUT] for one in sessions),
    }


def _speakers(session):
    return ", ".join(speaker.name for speaker in session.speakers.all() if speaker.deleted_at is None)
