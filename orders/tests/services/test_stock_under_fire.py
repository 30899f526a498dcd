"""Many buyers at once, each with a connection of their own, on PostgreSQL."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError, connection
from django.utils import timezone

from events.tests.factories import make_event
from openevent.core.refusals import Refused
from orders.models import Attendee, Order, Ticket
from orders.models.order import SEATED
from orders.services.checkout import finish_order
from orders.services.stock import release_expired_holds
from orders.tests.factories import make_discount, make_order, make_ticket

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

GUEST = AnonymousUser()
BUYERS = 200


@pytest.fixture(scope="module")
def buyers():
    """Two hundred threads, whose connections stay open from one sale to the next."""
    with ThreadPoolExecutor(BUYERS) as pool:
        yield pool
        everybody = threading.Barrier(BUYERS)
        list(pool.map(lambda _: (everybody.wait(timeout=60), connection.close()), range(BUYERS)))


@pytest.fixture
def all_at_once(buyers):
    """Call `buy(number)` from many threads at the same moment; what each got: an order, or a refusal's code."""

    def ask(count, buy):
        start = threading.Barrier(count)

        def run(number):
            start.wait(timeout=60)
            while True:
                try:
                    return buy(number)
                except Refused as refusal:
                    return refusal.code
                except OperationalError as problem:  # answered 409 with Retry-After, so the buyer does
                    assert "lock timeout" in str(problem)

        return list(buyers.map(run, range(count)))

    return ask


def sold(results):
    return [result for result in results if isinstance(result, Order)]


def refusals(results):
    return {result for result in results if not isinstance(result, Order)}


def seats_in(ticket):
    ticket.refresh_from_db()
    taken = Attendee.objects.filter(ticket=ticket, order__status__in=SEATED).count()
    assert ticket.reserved == taken
    return taken


@pytest.mark.parametrize("run", range(20))
def test_two_hundred_buyers_get_a_hundred_seats(run, all_at_once):
    seat = make_ticket(make_event(), quantity=100)
    results = all_at_once(200, lambda number: make_order(seat, by=GUEST))
    assert (len(sold(results)), refusals(results), seats_in(seat)) == (100, {"sold-out"}, 100)


@pytest.mark.parametrize("run", range(20))
def test_fifty_buyers_get_the_last_seat_once(run, all_at_once):
    seat = make_ticket(make_event(), quantity=1)
    results = all_at_once(50, lambda number: make_order(seat, by=GUEST))
    assert (len(sold(results)), refusals(results), seats_in(seat)) == (1, {"sold-out"}, 1)


@pytest.mark.parametrize("run", range(5))
def test_several_ticket_types_in_opposite_order_never_wait_in_a_circle(run, all_at_once):
    event = make_event()
    first, second, third = (make_ticket(event, quantity=60) for _ in range(3))
    ways = [(first, second, third), (third, second, first), (second, third, first)]
    results = all_at_once(90, lambda number: make_order(*ways[number % 3], by=GUEST))
    assert (len(sold(results)), refusals(results)) == (60, {"sold-out"})
    assert [seats_in(ticket) for ticket in (first, second, third)] == [60, 60, 60]


@pytest.mark.parametrize("run", range(5))
def test_a_code_for_five_is_used_five_times(run, all_at_once):
    event = make_event()
    seat = make_ticket(event, price="20")
    code = make_discount(event, seat, tickets_number=5)
    results = all_at_once(30, lambda number: make_order(seat, by=GUEST, discount=code))
    code.refresh_from_db()
    assert (len(sold(results)), refusals(results)) == (5, {"discount-code-exhausted"})
    assert (code.used, seats_in(seat)) == (5, 5)


@pytest.mark.parametrize("run", range(5))
def test_ended_holds_are_released_by_those_who_need_their_seats(run, all_at_once):
    seat = make_ticket(make_event(), quantity=20)
    for _ in range(20):
        make_order(seat, by=GUEST)
    Order.objects.update(expires_at=timezone.now())
    results = all_at_once(40, lambda number: make_order(seat, by=GUEST))
    assert seats_in(seat) == len(sold(results)) == 20
    assert refusals(results) == {"sold-out"}
    assert Order.objects.filter(status="expired").count() == 20


def test_finishing_and_expiring_at_the_same_moment_agree_about_the_seats(all_at_once):
    seat = make_ticket(make_event(), quantity=40)
    orders = [make_order(seat, by=GUEST) for _ in range(40)]
    Order.objects.update(expires_at=timezone.now() + timedelta(seconds=1))

    def finish_or_sweep(number):
        if number % 4 == 0:
            return [release_expired_holds() for _ in range(20)]
        return finish_order(orders[number], by="guest")

    all_at_once(40, finish_or_sweep)
    Order.objects.filter(status="initializing").update(expires_at=timezone.now())
    release_expired_holds()
    assert seats_in(seat) == Order.objects.filter(status="completed").count()
    assert set(Order.objects.values_list("status", flat=True)) <= {"completed", "expired"}


def test_whoever_waits_too_long_for_a_lock_is_told_to_try_again():
    seat = make_ticket(make_event(), quantity=5)
    locked, done = threading.Event(), threading.Event()

    def hold_the_row():
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("UPDATE orders_ticket SET position = 1 WHERE id = %s", [seat.pk])
            locked.set()
            done.wait(timeout=30)
            cursor.execute("ROLLBACK")
        connection.close()

    holder = threading.Thread(target=hold_the_row)
    holder.start()
    locked.wait(timeout=30)
    try:
        with pytest.raises(OperationalError, match="lock timeout"):
            make_order(seat, by=GUEST)
    finally:
        done.set()
        holder.join()
    assert (Order.objects.count(), Ticket.objects.get().reserved) == (0, 0)
