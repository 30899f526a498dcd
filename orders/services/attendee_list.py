"""Who is coming to an event: the list that its team and its registrars may take away."""

import csv
from collections.abc import Iterator

from accounts.services.log import record
from events.rules import registers
from openevent.core.cells import safe_cell
from openevent.core.refusals import Refused
from orders.models import Attendee
from orders.services.papers import WITH_TICKETS
from orders.services.states import SERVER

HEADINGS = ("Order", "State", "Ticket", "First name", "Last name", "E-mail", "Checked in")
COLUMNS = ("order__identifier", "order__status", "ticket__name", "firstname", "lastname", "email", "is_checked_in")
AT_ONCE = 500  # rows in memory, however many come


def attendee_rows(event, *, by) -> Iterator[tuple]:
    """A row for each holder of a ticket, by name, each column as HEADINGS say; 403 for whoever is not at the door.

    People in a checkout that is not finished are not coming yet. That somebody took the list is in the log.
    """
    if by != SERVER and not registers(by, event):
        raise Refused("not-your-attendees", "Only the event's team and its registrars see who comes.", status=403)
    record("attendees.listed", by=by, about=event, event_id=event.pk)
    holders = Attendee.objects.filter(event=event, order__status__in=WITH_TICKETS, order__deleted_at=None)
    found = holders.filter(deleted_at=None).order_by("lastname", "firstname", "pk").values_list(*COLUMNS)
    return found.iterator(chunk_size=AT_ONCE)


def attendees_csv(event, *, by) -> Iterator[str]:
    """The same as lines of CSV, the headings first."""
    return _lines(attendee_rows(event, by=by))


def _lines(rows):
    write = csv.writer(_Line()).writerow
    yield write(HEADINGS)
    for *texts, is_checked_in in rows:
        yield write([*map(safe_cell, texts), "yes" if is_checked_in else "no"])


class _Line:
    """A file that hands each line back instead of keeping it."""

    def write(self, line):
        return line
