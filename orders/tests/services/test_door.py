"""Who is in, who is to come, and who somebody without a code is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.tests.factories import make_event
from openevent.core.rows import RowQuerySet
from orders.models import Scan
from orders.services.check_in import check_in, check_out, undo_check_in
from orders.services.door import MOST_PEOPLE, Counts, added_up, counts_by_ticket, find_people, recent_counts
from orders.services.holders import remove_attendee
from orders.services.states import cancel_order
from orders.tests.factories import make_finished_order, make_ticket


def holders(*wanted, by, **options):
    return list(make_finished_order(*wanted, by=by, **options).attendees.order_by("pk"))


def test_counts_are_true_after_everything_that_happens(ada, bob, event, free_ticket, paid_ticket):
    first, second, third, fourth = holders((free_ticket, 4), by=bob)
    (paying,) = holders(paid_ticket, by=bob, mode="onsite")
    (owing,) = holders(paid_ticket, by=bob, mode="bank")
    (cancelled,) = holders(free_ticket, by=bob)
    check_in(cancelled, by=ada)
    cancel_order(cancelled.order, by=ada)
    for one in (first, second, third, paying, owing):
        check_in(one, by=ada)
        check_in(one, by=ada)
    check_out(second, by=ada)
    undo_check_in(third, by=ada)
    remove_attendee(fourth, by=ada)
    assert counts_by_ticket(event) == {
        free_ticket.pk: Counts(inside=1, gone=1, to_come=1, last_hour=1),
        paid_ticket.pk: Counts(inside=1, gone=0, to_come=0, last_hour=1),
    }
    assert added_up(counts_by_ticket(event)).total == 4
    assert added_up(counts_by_ticket(event), {paid_ticket.pk}) == Counts(inside=1, last_hour=1)


def test_the_last_hour_ends(ada, bob, event, free_ticket):
    (one,) = holders(free_ticket, by=bob)
    check_in(one, by=ada)
    long_ago = timezone.now() - timedelta(minutes=61)
    RowQuerySet.update(Scan.objects.all(), time=long_ago)  # which only a test does
    assert added_up(counts_by_ticket(event)) == Counts(inside=1, last_hour=0)


@pytest.fixture
def crowd(bob, event, free_ticket):
    names = ("Mira", "Okonkwo-Lind", "mira@quay.example"), ("Jonas", "Brandtner", "jb@example.org")
    return [
        holders(free_ticket, by=bob, names={"firstname": first, "lastname": last, "email": email})[0]
        for first, last, email in names
    ]


@pytest.mark.parametrize("words", ["okonk", "MIRA", "lind mira", "quay.exam", "  mira  "])
def test_somebody_is_found_by_part_of_a_name_or_address(crowd, event, words):
    assert find_people(event, words) == crowd[:1]


def test_somebody_is_found_by_their_order_or_ticket(crowd, event):
    mira = crowd[0]
    code = mira.order.identifier
    for words in (code, code.lower(), f"{code}-{mira.pk}", mira.code, mira.code.lower()):
        assert find_people(event, words) == [mira]


@pytest.mark.parametrize("words", ["", " ", "%", "\x00", "nobody at all", "é" * 300])
def test_nobody_is_found_by_nothing(crowd, event, words):
    assert find_people(event, words) == []


def test_people_of_other_events_are_not_found(ada, crowd):
    assert find_people(make_event(owner=ada), "mira") == []


def test_a_crowd_is_cut_off_and_asked_for_at_most_twice(bob, event, free_ticket, django_assert_num_queries):
    make_finished_order((free_ticket, 10), by=bob)
    with django_assert_num_queries(2):
        assert len(find_people(event, "example")) == 10
    for _ in range(2):
        make_finished_order((free_ticket, 10), by=bob)
    with django_assert_num_queries(1):
        assert len(find_people(event, "example")) == MOST_PEOPLE


def test_many_devices_that_ask_have_everybody_counted_once(bob, event, free_ticket, django_assert_num_queries):
    make_finished_order(free_ticket, by=bob)
    with django_assert_num_queries(1):
        assert [added_up(recent_counts(event)).total for _ in range(3)] == [1, 1, 1]


def test_types_cost_no_more_queries(bob, event, free_ticket, django_assert_num_queries):
    for ticket in (free_ticket, make_ticket(event), make_ticket(event)):
        make_finished_order(ticket, by=bob)
    with django_assert_num_queries(1):
        assert len(counts_by_ticket(event)) == 3
