"""Seats come and go with orders and with the clock, whether or not anybody tidies up."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from orders.models import Order, Ticket
from orders.models.order import EXPIRED
from orders.services.stock import SoldOut, release_expired_holds, seats_left
from orders.tests.factories import make_discount, make_order, make_ticket


def end_hold(order):
    """The clock passes the end of a hold; no sweeper runs."""
    Order.objects.filter(pk=order.pk).update(expires_at=timezone.now())


def test_a_seat_of_an_ended_hold_is_free_from_that_second(bob, eve, event):
    seat = make_ticket(event, quantity=1)
    order = make_order(seat, by=bob)
    assert seats_left([Ticket.objects.get()]) == {seat.pk: 0}
    end_hold(order)
    assert (seats_left([Ticket.objects.get()]), Order.objects.get().current_status) == ({seat.pk: 1}, EXPIRED)


def test_the_buyer_who_needs_the_seat_of_an_ended_hold_gets_it(bob, eve, event):
    seat = make_ticket(event, quantity=1)
    first = make_order(seat, by=bob)
    end_hold(first)
    second = make_order(seat, by=eve)
    seat.refresh_from_db()
    first.refresh_from_db()
    assert (first.status, second.status, seat.reserved) == ("expired", "initializing", 1)


def test_the_buyer_who_needs_a_code_of_an_ended_hold_gets_it(bob, eve, event, paid_ticket):
    code = make_discount(event, paid_ticket, tickets_number=1)
    end_hold(make_order(paid_ticket, by=bob, discount=code))
    code.refresh_from_db()
    assert make_order(paid_ticket, by=eve, discount=code).discount_uses == 1


def test_a_live_hold_is_left_alone(bob, eve, event):
    seat = make_ticket(event, quantity=1)
    make_order(seat, by=bob)
    with pytest.raises(SoldOut):
        make_order(seat, by=eve)
    assert Order.objects.get().status == "initializing"


def test_releasing_gives_each_hold_back_once(bob, event, free_ticket):
    other = make_ticket(event)
    for _ in range(3):
        end_hold(make_order((free_ticket, 2), other, by=bob))
    kept = make_order(free_ticket, by=bob)
    assert (release_expired_holds(), release_expired_holds()) == (3, 0)
    assert list(Ticket.objects.order_by("pk").values_list("reserved", flat=True)) == [1, 0]
    kept.refresh_from_db()
    assert kept.status == "initializing"


def test_a_refused_order_leaves_nothing_behind(bob, event, free_ticket):
    seat = make_ticket(event, quantity=1)
    with pytest.raises(SoldOut):
        make_order((free_ticket, 2), (seat, 2), by=bob)
    free_ticket.refresh_from_db()
    assert (Order.objects.count(), free_ticket.reserved, free_ticket.attendees.count()) == (0, 0, 0)


def test_the_database_itself_refuses_to_sell_more_than_there_is(free_ticket):
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=free_ticket.pk).update(reserved=101)


def test_an_order_takes_few_queries(bob, event, free_ticket, django_assert_max_num_queries):
    with django_assert_max_num_queries(11):  # two of them are the savepoint that a test adds
        make_order((free_ticket, 2), by=bob)
