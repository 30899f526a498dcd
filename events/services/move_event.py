"""Moving an event to other dates or into another zone, with everything that has a time of its own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone

from accounts.services.log import record
from events.models import Event
from events.models.event import check_dates, check_zone
from events.services.change_event import change_event
from openevent.core.atomic import atomic

CLOCK, MOMENT = "clock", "moment"  # what stays: the time on the event's clocks, or the moment itself


@dataclass(frozen=True, kw_only=True)
class Part:
    """Rows that have times, and what these are called. A higher floor adds its own to PARTS when it is ready."""

    title: str
    rows: Callable[[Event], QuerySet]
    moments: dict[str, str]
    is_programme: bool = False  # takes place at the event, so it moves also when it is past


DEADLINES = {"holders_change_until": "Names can change until", "buyers_cancel_until": "Orders can be cancelled until"}
PARTS = [
    Part(
        title="Sessions",
        rows=lambda event: event.sessions.filter(deleted_at=None),
        moments={"starts_at": "starts", "ends_at": "ends"},
        is_programme=True,
    ),
    Part(
        title="Call for speakers",
        rows=lambda event: event.speakers_calls.filter(deleted_at=None),
        moments={"starts_at": "opens", "soft_ends_at": "is said to close", "ends_at": "closes"},
    ),
]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One time of one row: what it was and what it becomes."""

    row: object
    column: str
    words: str
    before: datetime
    after: datetime
    warning: str = ""

    @property
    def moves(self):
        return self.before != self.after


@dataclass(kw_only=True)
class Move:
    """What the event's clocks shall say when it starts and ends (naive), in which zone, and what the rest keeps.

    With CLOCK everything goes along: it keeps its time of day and its distance from the start. What is past already
    stays, but for the programme. With MOMENT nothing else moves, and only the clocks are read in the new zone.
    """

    event: Event
    zone: str
    starts: datetime
    ends: datetime
    keep: str
    now: datetime = field(default_factory=timezone.now)

    @property
    def starts_at(self):
        return self._own("starts_at", self.starts)

    @property
    def ends_at(self):
        return self._own("ends_at", self.ends)

    def _own(self, column, wanted):
        before = getattr(self.event, column)
        untouched = wanted == to_the_minute(wall(before, self.event.timezone))
        return before if untouched and self._stays else moment_at(wanted, self.zone)

    @property
    def _stays(self):
        return self.keep == MOMENT or self.zone == self.event.timezone

    def carry(self, moment, *, past_too=False):
        """Where a time of something else goes."""
        if self.keep == MOMENT or (moment < self.now and not past_too):
            return moment
        shift = self.starts - to_the_minute(wall(self.event.starts_at, self.event.timezone))
        try:
            return moment_at(wall(moment, self.event.timezone) + shift, self.zone)
        except OverflowError:  # “until the year 9999” needs no moving
            return moment

    def own_steps(self) -> list[Step]:
        pairs = (("starts_at", "Starts", self.starts_at), ("ends_at", "Ends", self.ends_at))
        return [self._step(self.event, column, words, after) for column, words, after in pairs]

    def deadlines(self) -> list[Step]:
        return self._steps_of(self.event, DEADLINES)

    def steps_of(self, part: Part) -> list[Step]:
        rows = part.rows(self.event).order_by("pk")
        return [step for row in rows for step in self._steps_of(row, part.moments, part.is_programme)]

    def _steps_of(self, row, moments, is_programme=False):
        """The times of one row. What would end before it starts, as its start is past and stays, stays as a whole."""
        told = {column: getattr(row, column) for column in moments if getattr(row, column) is not None}
        after = {column: self.carry(moment, past_too=is_programme) for column, moment in told.items()}
        if list(told) == sorted(told, key=told.get) and list(after) != sorted(after, key=after.get):
            after = told
        return [self._step(row, column, moments[column], after[column], is_programme) for column in told]

    def _step(self, row, column, words, after, is_programme=False):
        warning = ""
        if row is not self.event and after > self.ends_at:
            warning = "After the event has ended"
        elif is_programme and after < self.starts_at:
            warning = "Before the event starts"
        return Step(row=row, column=column, words=words, before=getattr(row, column), after=after, warning=warning)

    def groups(self) -> list[tuple[str, list[Step]]]:
        """Everything that has a time, under what it is called."""
        found = [("Event", self.own_steps()), ("Deadlines", self.deadlines())]
        found += [(part.title, self.steps_of(part)) for part in PARTS]
        return [(title, steps) for title, steps in found if steps]

    def touches_more(self) -> bool:
        """Whether anything but the event itself moves, reads another time, or ends up outside of it."""
        others = [step for title, steps in self.groups() if title != "Event" for step in steps]
        if self.zone != self.event.timezone:
            return bool(others)
        return any(step.moves or step.warning for step in others)


def move_event(event: Event, *, by, zone: str, starts: datetime, ends: datetime, keep: str) -> dict[str, int]:
    """Do it, all at once; {title of a part: how many of its rows moved}.

    ValidationError for a zone that is not there, or dates that do not hold.
    """
    with atomic():
        event = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
        move = Move(event=event, zone=zone, starts=starts, ends=ends, keep=keep)
        check_zone(zone)
        check_dates(move.starts_at, move.ends_at)
        moved = {part.title: count for part in PARTS if (count := _write(part, move))}
        deadlines = {step.column: step.after for step in move.deadlines()}
        own = {"starts_at": move.starts_at, "ends_at": move.ends_at, "timezone": zone}
        change_event(event, by=by, **own, **deadlines)
        if moved:
            record("event.moved", by=by, about=event, event_id=event.pk, keep=keep, moved=moved)
    return moved


def _write(part, move):
    list(part.rows(move.event).order_by("pk").select_for_update(no_key=True, of=("self",)))
    rows = {}
    for step in move.steps_of(part):
        if step.moves:
            setattr(step.row, step.column, step.after)
            rows[step.row.pk] = step.row
    if rows:
        part.rows(move.event).model.objects.bulk_update(rows.values(), list(part.moments), batch_size=200)
    return len(rows)


def wall(moment: datetime, zone: str) -> datetime:
    """What the clocks of a zone say at a moment, without the zone."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def moment_at(wall: datetime, zone: str) -> datetime:
    """When the clocks of a zone say this."""
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)  # within one zone Python would compare clocks


def to_the_minute(wall: datetime) -> datetime:
    return wall.replace(second=0, microsecond=0)
