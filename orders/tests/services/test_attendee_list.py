"""Who is coming, as a list to take away."""

import csv
import io
import tracemalloc

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Activity
from events.tests.factories import give_role
from openevent.core.cells import read_cell
from openevent.core.refusals import Refused
from orders.models import Attendee, Order
from orders.services.attendee_list import HEADINGS, attendee_rows, attendees_csv
from orders.tests.factories import make_finished_order, make_order, make_ticket

HOSTILE = ["=1+1", "+49 151 7", "-2+3+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "'=1", 'x";=1+1;"y']
TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\0")


def table(lines):
    return list(csv.reader(io.StringIO("".join(lines), newline="")))


@pytest.fixture
def order(bob, free_ticket):
    return make_finished_order(free_ticket, by=bob)


def test_everybody_with_a_ticket_is_listed(ada, bob, event, order, paid_ticket):
    placed = make_finished_order(paid_ticket, by=bob, mode="bank")
    Attendee.objects.filter(order=placed).update(lastname="Adams", is_checked_in=True)
    assert table(attendees_csv(event, by=ada)) == [
        list(HEADINGS),
        [placed.identifier, "placed", "Standard", "Bob", "Adams", bob.email, "yes"],
        [order.identifier, "completed", "Community", "Bob", "Example", bob.email, "no"],
    ]


def test_who_does_not_come_is_not_listed(ada, bob, event, order, free_ticket, paid_ticket):
    make_order(free_ticket, by=bob)
    Order.objects.filter(pk=make_finished_order(free_ticket, by=bob).pk).update(status="cancelled")
    Attendee.objects.filter(order=make_finished_order(free_ticket, by=bob)).update(deleted_at=timezone.now())
    assert [row[0] for row in attendee_rows(event, by=ada)] == [order.identifier]


def test_the_team_and_those_at_the_door_take_the_list_and_nobody_else(ada, cora, bob, eve, root, event, order):
    for person in (ada, cora, root):
        assert len(list(attendee_rows(event, by=person))) == 1
    for person in (bob, eve):
        with pytest.raises(Refused) as refusal:
            attendee_rows(event, by=person)
        assert refusal.value.status == 403
    give_role(eve, event, "registrar")
    assert len(list(attendee_rows(event, by=eve))) == 1


def test_it_is_written_down_who_took_the_list(ada, event):
    attendee_rows(event, by=ada)
    line = Activity.objects.get(action="attendees.listed")
    assert (line.actor, line.event_id) == (ada, event.pk)


def test_no_name_is_a_formula_and_reading_restores_it(ada, bob, event):
    seat = make_ticket(event, name="=HYPERLINK(1)")
    order = make_finished_order((seat, len(HOSTILE)), by=bob)
    for attendee, name in zip(order.attendees.all(), HOSTILE, strict=True):
        Attendee.objects.filter(pk=attendee.pk).update(firstname=name)
    _, *rows = table(attendees_csv(event, by=ada))
    assert [cell for row in rows for cell in row if cell.startswith(TRIGGERS)] == []
    kept = Attendee.objects.values_list("firstname", flat=True)
    assert {read_cell(row[3]) for row in rows} == set(kept)
    assert {read_cell(row[2]) for row in rows} == {"=HYPERLINK(1)"}


def test_a_long_list_takes_no_more_memory_than_a_short_one(ada, event, order):
    [somebody] = Attendee.objects.all()
    Attendee.objects.bulk_create(
        Attendee(event=event, ticket=somebody.ticket, order=order, firstname=f"N{number}", lastname="x" * 100)
        for number in range(6_000)
    )
    tracemalloc.start()
    written = sum(len(line) for line in attendees_csv(event, by=ada))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert written > 840_000
    assert most < written


# ── manage.py attendees ──────────────────────────────────────────────────────────────────────────────


def test_the_command_prints_the_list(event, order):
    printed = io.StringIO(newline="")
    call_command("attendees", event.identifier, stdout=printed)
    assert table([printed.getvalue()])[1][:3] == [order.identifier, "completed", "Community"]


def test_the_command_writes_a_file_that_spreadsheets_open(event, order, tmp_path):
    Attendee.objects.update(firstname="Žofie")
    file = tmp_path / "list.csv"
    call_command("attendees", event.identifier, output=str(file))
    assert file.read_bytes().startswith(b"\xef\xbb\xbfOrder,State,")
    assert "Žofie" in file.read_text()


def test_an_event_that_is_not_there_is_named(db, tmp_path):
    with pytest.raises(CommandError, match="There is no event nowhere"):
        call_command("attendees", "nowhere")


def test_a_file_that_cannot_be_written_is_named(event, tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("attendees", event.identifier, output=str(tmp_path / "not" / "there.csv"))
