"""The programme of an export: tracks, rooms, kinds of session, speakers, sessions and all their links."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from events.importing.export import Export
from events.importing.findings import quoted
from events.importing.pictures import SPEAKER_PHOTO
from events.importing.record import Record, identity_of
from events.importing.references import References, references_in
from events.importing.rows import Reading, values_for
from events.models import Event, Microlocation, Session, SessionType, Speaker, Track


@dataclass
class Programme:
    """Rows that are not in the database yet, and who speaks in which session."""

    tracks: References = field(default_factory=References)
    rooms: References = field(default_factory=References)
    session_types: References = field(default_factory=References)
    speakers: References = field(default_factory=References)
    sessions: References = field(default_factory=References)
    talks: dict[tuple[int, int], tuple[Session, Speaker]] = field(default_factory=dict)

    def links(self) -> list:
        """Rows of the table between sessions and speakers, once both are saved."""
        link = Session.speakers.through
        return [link(session_id=session.pk, speaker_id=speaker.pk) for session, speaker in self.talks.values()]


def read_programme(export: Export, event: Event, reading: Reading) -> Programme:
    return _ProgrammeReader(export, event, reading).read()


class _ProgrammeReader:
    def __init__(self, export: Export, event: Event, reading: Reading):
        self.export, self.event, self.reading = export, event, reading
        self.programme = Programme()
        self.emails: set[str] = set()

    def read(self) -> Programme:
        sessions = self.export.rows("sessions")
        tracks, speakers = self.export.rows("tracks"), self.export.rows("speakers")
        self._complete(speakers, sessions)
        self._add_all(self.programme.tracks, tracks, self._track)
        self._add_all(self.programme.rooms, self.export.rows("microlocations"), self._room)
        self._add_all(self.programme.session_types, self.export.rows("session_types"), self._session_type)
        self._add_all(self.programme.speakers, speakers, self._speaker)
        self._add_all(self.programme.sessions, sessions, self._session)
        for record in speakers:
            self._link_sessions(record, self.programme.speakers, self._add_talk)
        for record in tracks:
            self._link_sessions(record, self.programme.tracks, _put_on_track)
        return self.programme

    def _complete(self, speakers: list[Record], sessions: list[Record]) -> None:
        """Exports say some things of a speaker only where a session names them."""
        mentions = {}
        for session in sessions:
            for reference in _listed(session.says("speakers")):
                if isinstance(reference, dict):
                    mentions.setdefault(identity_of(reference), {}).update(
                        {key: value for key, value in reference.items() if value not in (None, "")}
                    )
        for speaker in speakers:
            speaker.complete(mentions.get(speaker.identity, {}))

    def _add_all(self, references: References, records: list[Record], make: Callable) -> None:
        for record in records:
            self._add(references, record, make, is_in_list=True)

    def _add(self, references: References, record: Record, make: Callable, *, is_in_list: bool):
        identity, name = record.identity
        row = make(record)
        if not references.add(identity, name, row, is_in_list=is_in_list):
            self.reading.findings.add(
                f"{record.kind}: the id {quoted(identity)} is there twice; both are kept", record.label
            )
        record.row = row
        return row

    def _find(self, references: References, make: Callable, kind: str, reference, said_by: Record):
        """The row that a reference means; made from the reference when the export has no such row."""
        if reference is None:
            return None
        found = references.find(reference)
        if found is not None:
            return found
        _identity, name = identity_of(reference)
        if not name:
            self.reading.findings.add(f"{said_by.kind}: its {kind} is not in the export", said_by.label)
            return None
        if kind != "session type":  # most exports have no list of these
            self.reading.findings.add(f"{kind}: only named by a {said_by.kind}, made from that", str(name))
        values = reference if isinstance(reference, dict) else {"name": name}
        return self._add(references, Record(kind, values), make, is_in_list=False)

    def _track(self, record: Record) -> Track:
        record.ignore("font_color", "sessions")
        return Track(event=self.event, **{"color": "#546e7a"} | values_for(Track, record, self.reading))

    def _room(self, record: Record) -> Microlocation:
        record.ignore("sessions")
        return Microlocation(event=self.event, **values_for(Microlocation, record, self.reading))

    def _session_type(self, record: Record) -> SessionType:
        record.ignore("sessions")
        return SessionType(event=self.event, **{"length": "00:30"} | values_for(SessionType, record, self.reading))

    def _speaker(self, record: Record) -> Speaker:
        pictures = self.reading.pictures.urls_of(record, *SPEAKER_PHOTO)
        values = values_for(Speaker, record, self.reading, but=frozenset(pictures))
        if email := values.get("email"):
            if email.casefold() in self.emails:
                self.reading.findings.value(record, "email", email, "belongs to another speaker, too")
                values["email"] = None
            self.emails.add(email.casefold())
        return Speaker(event=self.event, **pictures, **values)

    def _session(self, record: Record) -> Session:
        if isinstance(record.says("slides"), str):
            record.move("slides", "slides_url")
        session = Session(event=self.event, **values_for(Session, record, self.reading))
        plan = self.programme
        session.track = self._find(plan.tracks, self._track, "track", record.take("track"), record)
        room = record.take("microlocation", "room")
        session.microlocation = self._find(plan.rooms, self._room, "room", room, record)
        kind = record.take("session_type", "type")
        session.session_type = self._find(plan.session_types, self._session_type, "session type", kind, record)
        for reference in references_in(record, "speakers"):
            speaker = self._find(plan.speakers, self._speaker, "speaker", reference, record)
            if speaker is not None:
                self._add_talk(session, speaker)
        self._put_times_in_order(session, record)
        return session

    def _put_times_in_order(self, session: Session, record: Record) -> None:
        if session.starts_at and session.ends_at and session.ends_at < session.starts_at:
            hours, minutes = (session.session_type.length if session.session_type else "00:00").split(":")
            end = session.starts_at + timedelta(hours=int(hours), minutes=int(minutes))
            self.reading.findings.value(
                record,
                "ends_at",
                f"{session.ends_at:%Y-%m-%d %H:%M}",
                "is before its start",
                f"{end:%Y-%m-%d %H:%M}",
            )
            session.ends_at = end

    def _add_talk(self, session: Session, speaker: Speaker) -> None:
        self.programme.talks[id(session), id(speaker)] = session, speaker

    def _link_sessions(self, record: Record, references: References, link: Callable) -> None:
        """Speakers and tracks list their sessions, too; mostly the same links once more."""
        for reference in references_in(record, "sessions"):
            session = self.programme.sessions.find(reference)
            if session is None:
                self.reading.findings.add(f"{record.kind}: names a session that is not in the export", record.label)
            else:
                link(session, record.row)


def _put_on_track(session: Session, track: Track) -> None:
    session.track = session.track or track


def _listed(value) -> list:
    return value if isinstance(value, list) else []
