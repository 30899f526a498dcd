"""Many devices at one ticket in the same moment, each with a connection of its own, on PostgreSQL."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.tests.people import make_person
from events.tests.factories import make_event
from orders.models import Attendee, Scan
from orders.services.check_in import check_in, check_in_order, check_out, scan, undo_check_in
from orders.services.holders import change_holder
from orders.services.states import SERVER
from orders.tests.factories import make_finished_order, make_ticket

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

DEVICES = 16


@pytest.fixture(scope="module")
def devices():
    """Threads whose connections stay open from one test to the next."""
    with ThreadPoolExecutor(DEVICES) as pool:
        yield pool
        everybody = threading.Barrier(DEVICES)
        list(pool.map(lambda _: (everybody.wait(timeout=60), connection.close()), range(DEVICES)))


@pytest.fixture
def all_at_once(devices):
    """What each device was told when all of them do the same at the same moment."""

    def tell(do):
        start = threading.Barrier(DEVICES)

        def run(number):
            start.wait(timeout=60)
            return do(number)

        return list(devices.map(run, range(DEVICES)))

    return tell


@pytest.fixture
def order():
    return make_finished_order((make_ticket(make_event()), 3), by=make_person("bob"))


@pytest.fixture
def attendee(order):
    return order.attendees.first()


def kinds(verdicts):
    return Counter(verdict.kind for verdict in verdicts)


def test_one_ticket_at_many_doors_lets_in_once(all_at_once):
    event = make_event()
    order = make_finished_order((make_ticket(event), 10), by=make_person("bob"))
    for attendee in order.attendees.all():
        told = all_at_once(lambda number, code=attendee.code: scan(event, code, by=SERVER, gate=f"Gate {number}"))
        assert kinds(told) == {"in": 1, "again": DEVICES - 1}
        attendee.refresh_from_db()
        assert len(attendee.checkin_times.split(",")) == 1
        scans = Scan.objects.filter(attendee=attendee)
        assert Counter(scans.values_list("verdict", flat=True)) == {"in": 1, "again": DEVICES - 1}
        gate = scans.get(verdict="in").gate
        assert all(f" at {gate}" in one.detail for one in told if one.kind == "again")


def test_of_many_who_take_an_entry_back_one_does(all_at_once, attendee):
    for _ in range(5):
        check_in(attendee, by=SERVER)
        told = all_at_once(lambda number: undo_check_in(attendee, by=SERVER))
        assert kinds(told) == {"undone": 1, "refused": DEVICES - 1}
        assert not Attendee.objects.get(pk=attendee.pk).is_checked_in


def test_entries_and_undos_in_any_order_leave_true_rows(all_at_once, attendee):
    verbs = (check_in, undo_check_in, check_out)
    told = kinds(all_at_once(lambda number: verbs[number % 3](attendee, by=SERVER)))
    attendee.refresh_from_db()
    assert told["in"] - told["undone"] - told["out"] == int(attendee.is_checked_in)
    assert Scan.objects.count() == DEVICES


def test_a_whole_order_and_its_tickets_one_by_one_let_each_in_once(all_at_once, order):
    tickets = list(order.attendees.order_by("-pk"))

    def come(number):
        if number % 2:
            return check_in_order(order, by=SERVER)
        return [check_in(tickets[number % 3], by=SERVER)]

    told = [verdict for verdicts in all_at_once(come) for verdict in verdicts]
    assert kinds(told)["in"] == 3
    assert order.attendees.filter(is_checked_in=True).count() == 3


def test_old_apps_and_the_page_share_one_decision(all_at_once, root, attendee):
    def come(number):
        if number % 2:
            return scan(attendee.event, attendee.code, by=root).kind
        change_holder(attendee, by=root, changes={"checkin_times": f"2026-05-01T09:00:{number:02d}Z"})
        return "sent"

    told = Counter(all_at_once(come))
    attendee.refresh_from_db()
    assert len(attendee.checkin_times.split(",")) == told["sent"] + told["in"]
    assert told["in"] <= 1
