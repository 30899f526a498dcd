"""Bringing an event over from an Open Event export."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from accounts.services.log import record as write_down
from events.importing.event import read_call, read_event, read_links, read_sponsors, reading_of, settle_times
from events.importing.export import Export
from events.importing.findings import Findings
from events.importing.pictures import Pictures
from events.importing.programme import Programme, read_programme
from events.models import (
    Event,
    Microlocation,
    Role,
    Session,
    SessionType,
    SocialLink,
    Speaker,
    SpeakersCall,
    Sponsor,
    Track,
    UsersEventsRoles,
)
from events.rules import OWNER
from events.services.questions import ask_names
from media_pipeline.archives import open_archive
from openevent.core.atomic import atomic


@dataclass(frozen=True)
class ImportReport:
    """The new draft, how much of what it has, and a line for everything that was not kept as it was."""

    event: Event
    counts: dict[str, int]
    warnings: list[str]


def import_event(archive: str | Path | BinaryIO, *, by, may_add_kinds: bool = False) -> ImportReport:
    """Make a draft of `by`'s own from an export. Nothing remote is fetched and nobody is told.

    Raises `Refused`, with nothing kept, when the archive cannot be read or is hostile; a bad value in it is
    kept as near as possible and named in the report. With `may_add_kinds` an unknown type or topic is added
    to the site's lists, which otherwise only staff may do.
    """
    findings = Findings()
    with open_archive(archive) as opened:
        export = Export(opened, findings)
        pictures = Pictures(export, findings)
        with _removed_on_error(pictures):
            record = export.event()
            reading = reading_of(record, pictures, findings)
            event = read_event(record, reading, may_add_kinds=may_add_kinds)
            programme = read_programme(export, event, reading)
            settle_times(event, record, programme.sessions.rows, findings)
            call = read_call(record, event, export, reading)
            sponsors = read_sponsors(export, event, reading)
            links = read_links(record, event, export, reading)
            reading.name_what_is_left()
            pictures.name_what_is_left()
            _switch_on(event, programme, call, sponsors)
            _save(event, programme, call, sponsors, links, owner=by)
    counts = {
        "tracks": len(programme.tracks.rows),
        "rooms": len(programme.rooms.rows),
        "session types": len(programme.session_types.rows),
        "sessions": len(programme.sessions.rows),
        "speakers": len(programme.speakers.rows),
        "speakers in sessions": len(programme.talks),
        "sponsors": len(sponsors),
        "social links": len(links),
        "calls for speakers": len(call),
        "pictures": pictures.count,
    }
    return ImportReport(event, counts, findings.lines())


def _switch_on(event: Event, programme: Programme, call: list, sponsors: list) -> None:
    """Parts that have content are shown, whatever an export forgets to say."""
    event.is_sessions_speakers_enabled |= bool(programme.sessions.rows or programme.speakers.rows)
    event.is_sponsors_enabled |= bool(sponsors)
    event.is_cfs_enabled |= bool(call)


def _save(event, programme: Programme, call, sponsors, links, *, owner) -> None:
    with atomic():
        for kind in filter(None, (event.event_type, event.event_topic)):
            if kind.pk is None:
                kind.save()
        event.save()
        UsersEventsRoles.objects.create(event=event, user=owner, role=Role.objects.get(name=OWNER))
        ask_names(event)
        Track.objects.bulk_create(programme.tracks.rows)
        Microlocation.objects.bulk_create(programme.rooms.rows)
        SessionType.objects.bulk_create(programme.session_types.rows)
        Speaker.objects.bulk_create(programme.speakers.rows)
        Session.objects.bulk_create(programme.sessions.rows)
        Session.speakers.through.objects.bulk_create(programme.links())
        SpeakersCall.objects.bulk_create(call)
        Sponsor.objects.bulk_create(sponsors)
        SocialLink.objects.bulk_create(links)
        write_down("event.imported", by=owner, about=event, event_id=event.pk, sessions=len(programme.sessions.rows))


@contextmanager
def _removed_on_error(pictures: Pictures) -> Iterator[None]:
    """Files do not roll back with the database."""
    try:
        yield
    except BaseException:
        pictures.remove()
        raise
