"""Lists to take away: what is in them, who may have them, and that nothing in them runs."""

import csv
import io
import tracemalloc
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Activity
from events.models import CustomForm, UsersEventsRoles
from events.tests.factories import give_role
from media_pipeline.storing import open_stored
from notifications.models import Job
from notifications.models.job import DONE, FAILED
from openevent.core.cells import read_cell
from openevent.core.refusals import Refused
from orders.models import Attendee, Order
from orders.services.exports.export import AT_ONCE, LISTS, may_have, start_export, table_of
from orders.services.exports.files import csv_lines, write_xlsx
from orders.tests.factories import make_finished_order, make_order, make_ticket

HOSTILE = ["=1+1", "+49 151 7", "-2+3+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "'=1", 'x";=1+1;"y', "＝1+1"]
TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\0", "＝")
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def order(bob, free_ticket):
    return make_finished_order(free_ticket, by=bob)


@pytest.fixture
def take(event, ada, django_capture_on_commit_callbacks):
    """Starts an export of ada's, lets the worker have it, and says what came of it."""

    def taken(what="attendees", *, by=ada, meanwhile=lambda: None, **options):
        with django_capture_on_commit_callbacks() as callbacks:
            job = start_export(event, what, by=by, **{"form": "csv", **options})
        meanwhile()
        for callback in callbacks:
            callback()
        job.refresh_from_db()
        return job

    return taken


def content(job):
    with open_stored(job.file_key) as file:
        return file.read()


def table(job):
    return list(csv.reader(io.StringIO(content(job).decode("utf-8-sig"), newline="")))


def sheet(job):
    """What stands in a workbook: rows of (type, value) by column letter."""
    with zipfile.ZipFile(io.BytesIO(content(job))) as book:
        rows = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml")).iter(f"{SHEET}row")
        return [
            {
                cell.get("r").rstrip("0123456789"): (cell.get("t", "n"), "".join(cell.itertext()))
                for cell in row.iter(f"{SHEET}c")
            }
            for row in rows
        ]


# ── What is in a list ────────────────────────────────────────────────────────────────────────────────


def test_everybody_with_a_ticket_is_in_the_list(take, bob, order, paid_ticket):
    placed = make_finished_order(paid_ticket, by=bob, mode="bank")
    [somebody] = placed.attendees.all()
    somebody.firstname, somebody.lastname, somebody.is_checked_in = "Adam", "Zorn", True
    somebody.checkin_times = "2027-01-01T08:00:00Z,2027-04-24T07:30:00Z"
    somebody.save()
    job = take()
    assert table(job) == [
        ["Order", "State", "Ticket", "First name", "Last name", "E-mail", "Checked in", "Checked in at"],
        [
            *(placed.identifier, "Awaiting transfer", "Standard", "Adam", "Zorn", bob.email),
            *("yes", "2027-04-24 09:30:00"),  # on the event's clock
        ],
        [order.identifier, "Free", "Community", "Bob", "Example", bob.email, "no", ""],
    ]
    assert (job.status, job.message[:12], job.total) == (DONE, "2 attendees,", 2)
    assert job.file_name.startswith("attendees-")


def test_who_does_not_come_is_not_in_the_list(take, bob, order, free_ticket):
    make_order(free_ticket, by=bob)
    Order.objects.filter(pk=make_finished_order(free_ticket, by=bob).pk).update(status="cancelled")
    Attendee.objects.filter(order=make_finished_order(free_ticket, by=bob)).update(deleted_at=timezone.now())
    assert [row[0] for row in table(take())[1:]] == [order.identifier]


def test_the_file_has_the_rows_that_the_page_shows(take, bob, order, paid_ticket):
    other = make_finished_order((paid_ticket, 2), by=bob, mode="bank")
    rows = table(take(query=f"ticket={paid_ticket.pk}&state=awaiting"))[1:]
    assert [row[0] for row in rows] == [other.identifier] * 2
    assert table(take("orders", query="status=completed"))[1][0] == order.identifier


def test_columns_are_chosen_and_unknown_ones_left_out(take, order):
    Attendee.objects.update(company="Ropeworks")
    assert table(take(columns=["company", "firstname", "password"])) == [
        ["First name", "Company"],
        ["Bob", "Ropeworks"],
    ]


def test_the_questions_of_the_order_form_are_columns(take, event, order):
    for place, (name, words) in enumerate((("shoe_size", "Shoe size"), ("food", "What do you eat?"))):
        CustomForm.objects.create(
            event=event, form="attendee", field_identifier=name, name=words, is_complex=True, position=place
        )
    Attendee.objects.update(complex_field_values={"food": ["bread", "=tea"], "shoe_size": 44, "vegan": True})
    [headings, row] = table(take(columns=["answer:food", "answer:shoe_size", "other_answers"]))
    assert headings == ["Shoe size", "What do you eat?", "Other answers"]
    assert row == ["44", "bread, =tea", "vegan: yes"]
    assert "What do you eat?" in table(take())[0]


@pytest.mark.parametrize("odd", [None, [], "text", 7, {"food": {"deep": [1]}}])
def test_odd_answers_are_no_problem(take, event, order, odd):
    CustomForm.objects.create(event=event, form="attendee", field_identifier="food", is_complex=True)
    Attendee.objects.update(complex_field_values=odd)
    assert take(columns=["answer:food", "other_answers"]).status == DONE


def test_orders_tell_money_tickets_and_moments(take, bob, paid_ticket):
    order = make_finished_order((paid_ticket, 3), by=bob, mode="bank")
    Order.objects.update(created_at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    job = take("orders", columns=["code", "status", "tickets", "amount", "currency", "placed_at"])
    row = [order.identifier, "Awaiting transfer", "3", "60.00", "EUR", "2026-07-02 00:30:00"]
    assert table(job)[1:] == [row]


def test_a_hold_that_the_clock_has_ended_is_told_as_expired(take, bob, paid_ticket):
    make_order(paid_ticket, by=bob)
    Order.objects.update(expires_at=timezone.now())
    assert table(take("orders", columns=["status"]))[1:] == [["Expired"]]


def test_a_list_longer_than_a_helping_is_whole_and_in_order(take, event, order):
    [somebody] = Attendee.objects.all()
    Attendee.objects.bulk_create(
        Attendee(event=event, ticket=somebody.ticket, order=order, firstname=f"N{number:05}")
        for number in range(2 * AT_ONCE)
    )
    names = [row[0] for row in table(take(columns=["firstname"]))[1:]]
    assert names == ["Bob", *(f"N{number:05}" for number in range(2 * AT_ONCE))]


# ── Who may have it ──────────────────────────────────────────────────────────────────────────────────


def test_the_team_takes_lists_away_and_nobody_else(take, event, cora, bob, eve, root, order):
    for person in (cora, root):
        assert take(by=person).status == DONE
    give_role(eve, event, "registrar")
    for person in (bob, eve):
        with pytest.raises(Refused) as refusal:
            start_export(event, "attendees", by=person, form="csv")
        assert refusal.value.status == 403
        with pytest.raises(Refused):
            table_of(event, "attendees", by=person)


def test_a_right_that_was_taken_meanwhile_is_asked_again(take, event, cora, order):
    job = take(by=cora, meanwhile=UsersEventsRoles.objects.filter(user=cora).delete)
    assert (job.status, job.file_key) == (FAILED, "")


def test_a_file_is_no_longer_had_by_whoever_left_the_team(take, event, cora, order):
    job = take(by=cora)
    assert may_have(Job.objects.get(pk=job.pk))
    UsersEventsRoles.objects.filter(user=cora).delete()
    assert not may_have(Job.objects.get(pk=job.pk))


def test_it_is_written_down_who_took_a_list(take, ada, event, order):
    take()
    line = Activity.objects.get(action="attendees.exported")
    assert (line.actor, line.event_id, line.detail) == (ada, event.pk, {"rows": 1, "form": "csv"})


@pytest.mark.parametrize(("what", "form"), [("people", "csv"), ("attendees", "exe")])
def test_an_export_that_is_not_there_is_refused(event, ada, what, form):
    with pytest.raises(Refused) as refusal:
        start_export(event, what, by=ada, form=form)
    assert refusal.value.status == 404


# ── Formulas ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def hostile(event, bob):
    """An order whose ticket and holders are called like formulas."""
    seat = make_ticket(event, name="=HYPERLINK(1)")
    order = make_finished_order((seat, len(HOSTILE)), by=bob)
    for attendee, name in zip(order.attendees.all(), HOSTILE, strict=True):
        Attendee.objects.filter(pk=attendee.pk).update(firstname=name, company=name)
    CustomForm.objects.create(event=event, form="attendee", field_identifier="q", name="=Q", is_complex=True)
    Attendee.objects.update(complex_field_values={"q": "=1+1"})
    return order


def test_no_cell_of_csv_is_a_formula_and_reading_restores_it(take, hostile):
    headings, *rows = table(take(columns=["ticket", "firstname", "company", "answer:q"]))
    assert [cell for row in (headings, *rows) for cell in row if cell.startswith(TRIGGERS)] == []
    kept = set(Attendee.objects.values_list("firstname", flat=True))
    assert {read_cell(row[1]) for row in rows} == kept == {read_cell(row[2]) for row in rows}
    assert {read_cell(row[0]) for row in rows} == {"=HYPERLINK(1)"}
    assert {read_cell(row[3]) for row in rows} == {"=1+1"}


def test_every_text_of_xlsx_is_a_cell_of_type_string_as_it_was_typed(take, hostile):
    headings, *rows = sheet(take(form="xlsx", columns=["ticket", "firstname", "answer:q"]))
    assert {kind for row in (headings, *rows) for kind, _ in row.values()} == {"inlineStr"}
    kept = set(Attendee.objects.values_list("firstname", flat=True))
    assert {row["B"][1].replace("_x000D_", "\r") for row in rows} == kept
    assert {row["A"][1] for row in rows} == {"=HYPERLINK(1)"}


def test_numbers_and_moments_of_xlsx_are_what_a_spreadsheet_counts_with(take, bob, paid_ticket):
    make_finished_order(paid_ticket, by=bob, mode="bank")
    Order.objects.update(created_at=datetime(2026, 1, 1, 23, tzinfo=UTC))
    row = sheet(take("orders", form="xlsx", columns=["tickets", "amount", "placed_at"]))[1]
    assert row == {"A": ("n", "1"), "B": ("n", "20.00"), "C": ("n", "46024")}  # midnight in Berlin, 2 January


def test_what_no_spreadsheet_can_count_is_written_as_a_text():
    file = io.BytesIO()
    zone = ZoneInfo("UTC")
    rows = [[datetime(1815, 12, 10, tzinfo=UTC), "x" * 40_000, Decimal("1.250"), True, None]]
    write_xlsx(file, ["a", "b", "c", "d", "e"], rows, zone=zone)
    with zipfile.ZipFile(file) as book:
        written = book.read("xl/worksheets/sheet1.xml").decode()
    assert "1815-12-10 00:00:00" in written
    assert "x" * 32_767 in written


# ── Long lists ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_long_list_takes_no_more_memory_than_a_short_one(take, event, order, form):
    [somebody] = Attendee.objects.all()
    Attendee.objects.bulk_create(
        Attendee(event=event, ticket=somebody.ticket, order=order, firstname=f"N{number}", lastname="x" * 200)
        for number in range(6_000)
    )
    tracemalloc.start()
    assert take(form=form).status == DONE
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 6_000 * 200 * 4  # of what the rows would take as Python's objects, a part


def test_every_column_of_every_list_can_be_written(event, ada, order, take):
    for what, listed in LISTS.items():
        columns = listed.columns(event)
        assert len({column.key for column in columns}) == len(columns)
        assert len(table(take(what, columns=[column.key for column in columns]))[0]) == len(columns)


# ── manage.py attendees ──────────────────────────────────────────────────────────────────────────────


def test_the_command_prints_the_list(event, order):
    printed = io.StringIO(newline="")
    call_command("attendees", event.identifier, stdout=printed)
    rows = list(csv.reader(io.StringIO(printed.getvalue(), newline="")))
    assert rows[1][:3] == [order.identifier, "Free", "Community"]


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


def test_headings_are_texts_too():
    assert list(csv_lines(["=1"], [], zone=ZoneInfo("UTC"))) == ["'=1\r\n"]
