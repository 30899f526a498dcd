"""The event of an export, with its call for speakers, sponsors and links."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.timezone import now

from events.importing.export import Export
from events.importing.findings import Findings
from events.importing.nearest import nearest_zone
from events.importing.pictures import EVENT_LOGO, EVENT_PICTURE, SPONSOR_LOGO, Pictures
from events.importing.record import Record
from events.importing.rows import Reading, values_for
from events.models import Event, EventTopic, EventType, Session, SocialLink, SpeakersCall, Sponsor

A_DAY = timedelta(days=1)


def reading_of(record: Record, pictures: Pictures, findings: Findings) -> Reading:
    """An export is read on the clocks of its event."""
    said, moment = record.take("timezone"), record.says("starts_at") or record.says("start_time")
    name, problem = nearest_zone(said, moment=moment)
    if problem:
        findings.value(record, "timezone", said or "", problem, name)
    return Reading(ZoneInfo(name), pictures, findings)


def read_event(record: Record, reading: Reading, *, may_add_kinds: bool) -> Event:
    """A draft. Its times may still be missing: `settle_times` needs the sessions for that."""
    # Who publishes it, and under which address, is decided here.
    record.ignore("state", "identifier", "version")
    pictures = reading.pictures.urls_of(record, *EVENT_PICTURE) | reading.pictures.urls_of(record, *EVENT_LOGO)
    values = values_for(Event, record, reading, but=frozenset(pictures))
    values.setdefault("has_owner_info", bool(values.get("owner_name")))
    event = Event(timezone=reading.zone.key, **pictures, **values)
    event.event_type = _kind(EventType, record, reading, ("event_type", "type"), may_add_kinds)
    event.event_topic = _kind(EventTopic, record, reading, ("event_topic", "topic"), may_add_kinds)
    return event


def settle_times(event: Event, record: Record, sessions: Iterable[Session], findings: Findings) -> None:
    """An event has a start and a later end: from its sessions if it does not say, else a day from now."""
    moments = [moment for row in sessions for moment in (row.starts_at, row.ends_at) if moment]
    if event.starts_at is None:
        event.starts_at = min(moments, default=(event.ends_at or now() + 2 * A_DAY) - A_DAY)
        _say_moment(findings, record, "starts_at", "is missing", event.starts_at)
    if event.ends_at is None:
        event.ends_at = max([*moments, event.starts_at + A_DAY])
        _say_moment(findings, record, "ends_at", "is missing", event.ends_at)
    if event.ends_at < event.starts_at:
        event.starts_at, event.ends_at = event.ends_at, event.starts_at
        _say_moment(findings, record, "ends_at", "is before its start, so both were exchanged", event.ends_at)


def read_call(record: Record, event: Event, export: Export, reading: Reading) -> list[SpeakersCall]:
    """The call for speakers, if there is one; it may have clocks of its own."""
    said = record.take("speakers_call", "call_for_speakers", "call_for_papers")
    if said is None:
        return []
    found = export.records("call for speakers", said if isinstance(said, list) else [said])
    if not found:
        return []
    call, zone = found[0], reading.zone
    if own := call.take("timezone"):
        zone = ZoneInfo(nearest_zone(own, moment=call.says("starts_at"))[0])
    values = values_for(SpeakersCall, call, Reading(zone, reading.pictures, reading.findings, reading.records))
    starts, ends = values.get("starts_at"), values.get("ends_at")
    if starts is None or ends is None:
        ends = ends or max(event.starts_at, starts or event.starts_at)
        starts = starts or ends - 30 * A_DAY
        reading.findings.add("call for speakers: its start or its end is missing, and was set by the event's")
    values["starts_at"], values["ends_at"] = min(starts, ends), max(starts, ends)
    return [SpeakersCall(event=event, **values)]


def read_sponsors(export: Export, event: Event, reading: Reading) -> list[Sponsor]:
    sponsors = []
    for record in export.rows("sponsors"):
        pictures = reading.pictures.urls_of(record, *SPONSOR_LOGO)
        sponsors.append(
            Sponsor(event=event, **pictures, **values_for(Sponsor, record, reading, but=frozenset(pictures)))
        )
    return sponsors


def read_links(record: Record, event: Event, export: Export, reading: Reading) -> list[SocialLink]:
    found = export.records("social link", record.take("social_links") or [])
    return [SocialLink(event=event, **{"link": ""} | values_for(SocialLink, link, reading)) for link in found]


def _kind(catalog, record: Record, reading: Reading, names: tuple[str, ...], may_add: bool):
    """The entry of a catalog that only the site's staff may extend."""
    said = record.take(*names)
    name = said.get("name") if isinstance(said, dict) else said
    if not name or not isinstance(name, str):
        return None
    known = name.strip()[:200]
    entry = catalog.objects.filter(name__iexact=known, deleted_at=None).first()
    if entry is None and may_add:
        entry = catalog(name=known)
    if entry is None:
        reading.findings.value(record, names[0], name, "is not in this site's list")
    return entry


def _say_moment(findings: Findings, record: Record, column: str, problem: str, moment: datetime) -> None:
    findings.add(f"event: {column} {problem}; kept as {moment:%Y-%m-%d %H:%M} UTC", record.label)
