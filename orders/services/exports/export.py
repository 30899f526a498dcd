"""Taking a list away: what is in it, and the job that writes the file. For the event's team alone."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from accounts.services.log import record
from events.models import Event
from events.rules import coorganizes
from notifications.models import Job
from notifications.services.jobs import keep_file, progress, start_job
from openevent.core.refusals import Refused
from orders.services import find_attendees, find_ledger, find_orders
from orders.services.exports.columns import (
    Cell,
    Column,
    attendee_columns,
    chosen_columns,
    ledger_columns,
    order_columns,
)
from orders.services.exports.files import FORMS, WRITERS
from orders.services.states import SERVER

KIND = "orders.export"
AT_ONCE = 500  # rows in memory, however many there are


class Listed(NamedTuple):
    """A list that can be taken away: what it is called, how it is narrowed, and what each row tells."""

    word: str
    filters: Any
    columns: Callable[[Event], tuple[Column, ...]]
    order_by: tuple[str, ...]
    counted: dict = {}


LISTS = {
    "attendees": Listed("attendee", find_attendees.Filters, attendee_columns, ("sought", "pk")),
    "orders": Listed(
        "order",
        find_orders.Filters,
        order_columns,
        ("-created_at", "-pk"),
        {"seats": Count("attendees", filter=Q(attendees__deleted_at=None))},
    ),
    "ledger": Listed("line", find_ledger.Filters, ledger_columns, ("-pk",)),
}


def start_export(event: Event, what: str, *, by, form: str, columns: Iterable[str] = (), query: str = "") -> Job:
    """Have the rows of a list written into a file. `query` narrows them as it does the list's page.

    403 for whoever is not on the team: registrars see people one by one, they take nobody's data away.
    """
    refuse_strangers(by, event)
    if what not in LISTS or form not in FORMS:
        raise Refused("export-unknown", "There is no such export.", status=404)
    keys = [column.key for column in chosen_columns(LISTS[what].columns(event), columns)]
    title = f"{what.capitalize()} of {event.name} as {FORMS[form]}"
    return start_job(
        KIND, by=by, title=title, event_id=event.pk, what=what, form=form, columns=keys, query=query[:2000]
    )


def export(job: Job, *, what: str, form: str, columns: list[str], query: str) -> str:
    """The job itself: the right is asked again, for it may have been taken meanwhile."""
    event = event_of(job)
    if event is None:
        raise Refused("event-deleted", "This event is not there any more.", status=404)
    refuse_strangers(job.user, event)
    listed = LISTS[what]
    chosen = chosen_columns(listed.columns(event), columns)
    rows = listed.filters.of(QueryDict(query)).rows(event)
    with tempfile.TemporaryFile() as file:
        count = Counted(cells_of(listed, rows, chosen, tell=lambda done, total: progress(job, done, total)))
        WRITERS[form](file, [column.heading for column in chosen], count, zone=event.zone)
        file.seek(0)
        now = timezone.now().astimezone(event.zone)
        keep_file(job, f"{what}-{event.identifier}-{now:%Y-%m-%d}.{form}", file)
    progress(job, count.number, count.number)
    record(f"{what}.exported", by=job.user, about=event, event_id=event.pk, rows=count.number, form=form)
    return f"{count.number:,} {listed.word}{'' if count.number == 1 else 's'}, as of {now:%H:%M} {event.timezone}."


def table_of(event: Event, what: str, *, by) -> tuple[list[str], Iterator[list[Cell]]]:
    """The whole list as headings and rows, with the usual columns; that somebody took it is in the log."""
    refuse_strangers(by, event)
    record(f"{what}.exported", by=by, about=event, event_id=event.pk)
    listed = LISTS[what]
    chosen = chosen_columns(listed.columns(event), ())
    return [column.heading for column in chosen], cells_of(listed, listed.filters().rows(event), chosen)


def refuse_strangers(by, event) -> None:
    if by != SERVER and not coorganizes(by, event):
        raise Refused("not-your-people", "Only the event's team takes its lists away.", status=403)


def may_have(job: Job) -> bool:
    """Whether the owner of an export is still on the team of its event."""
    event = event_of(job)
    return event is not None and coorganizes(job.user, event)


def event_of(job: Job) -> Event | None:
    return Event.objects.filter(pk=job.event_id, deleted_at=None).first()


def cells_of(listed, rows: QuerySet, columns: list[Column], *, tell=lambda done, total: None) -> Iterator[list[Cell]]:
    """The rows, cell by cell. First which they are, in their order; then so many at a time.

    So neither a cursor nor a transaction stays open while a file is written, which would stop SQLite's writers,
    and PostgreSQL's tidying up; and no row comes twice because it was renamed meanwhile.
    """
    ids = list(rows.order_by(*listed.order_by).values_list("pk", flat=True))
    paths = list(dict.fromkeys(path for column in columns for path in column.paths))
    places = [[paths.index(path) for path in column.paths] for column in columns]
    told = rows.model.objects.annotate(**{name: how for name, how in listed.counted.items() if name in paths})
    for first in range(0, len(ids), AT_ONCE):
        tell(first, len(ids))
        some = ids[first : first + AT_ONCE]
        found = {pk: values for pk, *values in told.filter(pk__in=some).order_by().values_list("pk", *paths)}
        for values in (found[pk] for pk in some if pk in found):
            yield [column.of(*(values[place] for place in at)) for column, at in zip(columns, places, strict=True)]


class Counted:
    """Rows that are counted while they are handed on."""

    def __init__(self, rows):
        self.rows, self.number = rows, 0

    def __iter__(self):
        for row in self.rows:
            self.number += 1
            yield row
