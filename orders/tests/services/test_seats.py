"""Sold, held and free: counted in one way, and the lists behind the numbers count the same."""

import pytest
from django.utils import timezone

from orders.models import Order
from orders.services.find_orders import Filters
from orders.services.seats import HELD, SOLD, Seats, seats_of_events, seats_of_tickets
from orders.services.states import cancel_order
from orders.tests.factories import make_finished_order, make_order, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(event, free_ticket, paid_ticket, bob):
    """Two free ones sold, one paid one placed, three paid ones in checkout, and some that are nobody's any more."""
    make_finished_order((free_ticket, 2), by=bob)
    make_finished_order(paid_ticket, by=bob, mode="bank")
    make_order((paid_ticket, 3), by=bob)
    cancel_order(make_finished_order(free_ticket, by=bob), by=bob)
    ended = make_order((free_ticket, 4), by=bob)
    Order.objects.filter(pk=ended.pk).update(expires_at=timezone.now())
    return event


def test_each_ticket_is_sold_held_or_free(busy, free_ticket, paid_ticket):
    found = seats_of_tickets([free_ticket, paid_ticket])
    assert found == {
        free_ticket.pk: Seats(quantity=100, sold=2, held=0),
        paid_ticket.pk: Seats(quantity=100, sold=1, held=3),
    }
    assert [found[pk].free for pk in (free_ticket.pk, paid_ticket.pk)] == [98, 96]


def test_an_event_is_the_sum_of_its_tickets(busy):
    make_ticket(busy, quantity=5).hide()
    assert seats_of_events([busy]) == {busy.pk: Seats(quantity=200, sold=3, held=3)}


def test_the_orders_behind_a_number_hold_as_many_tickets(busy, free_ticket, paid_ticket):
    for ticket in (free_ticket, paid_ticket):
        seats = seats_of_tickets([ticket])[ticket.pk]
        behind = [Filters(ticket=ticket.pk, status=status).tickets(busy).count() for status in (SOLD, HELD)]
        assert [seats.sold, seats.held] == behind


def test_many_cost_as_much_as_one(busy, free_ticket, paid_ticket, django_assert_num_queries):
    for tickets in ([free_ticket], [free_ticket, paid_ticket]):
        with django_assert_num_queries(2):
            seats_of_tickets(tickets)
    with django_assert_num_queries(3):
        seats_of_events([busy])
