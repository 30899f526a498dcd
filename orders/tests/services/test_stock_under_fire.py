"""Many buyers at once, each with a connection of their own, on PostgreSQL."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError, connection
from django.utils import timezone

from accounts.tests.people import make_person
from events.tests.factories import make_event
from openevent.core.refusals import Refused
from orders.models import Attendee, Order
from orders.models.order import SEATED
from orders.services.checkout import finish_order
from orders.services.refunding import refund_order
from orders.services.states import cancel_order, delete_order, mark_paid
from orders.services.stock import release_expired_holds
from orders.tests.factories import make_access, make_discount, make_order, make_ticket

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
    taken = Attendee.objects.filter(ticket=ticket, order__status__in=SEATED, deleted_at=None).count()
    assert ticket.reserved == taken
    return taken


def test_two_hundred_buyers_get_a_hundred_seats(all_at_once):
    event = make_event()
    for _ in range(20):
        seat = make_ticket(event, quantity=100)
        results = all_at_once(200, lambda number, seat=seat: make_order(seat, by=GUEST))
        assert (len(sold(results)), refusals(results), seats_in(seat)) == (100, {"sold-out"}, 100)


def test_fifty_buyers_get_the_last_seat_once(all_at_once):
    event = make_event()
    for _ in range(20):
        seat = make_ticket(event, quantity=1)
        results = all_at_once(50, lambda number, seat=seat: make_order(seat, by=GUEST))
        assert (len(sold(results)), refusals(results), seats_in(seat)) == (1, {"sold-out"}, 1)


def test_several_ticket_types_in_opposite_order_never_wait_in_a_circle(all_at_once):
    event = make_event()
    for _ in range(5):
        first, second, third = (make_ticket(event, quantity=60) for _ in range(3))
        ways = [(first, second, third), (third, second, first), (second, third, first)]
        results = all_at_once(90, lambda number, ways=ways: make_order(*ways[number % 3], by=GUEST))
        assert (len(sold(results)), refusals(results)) == (60, {"sold-out"})
        assert [seats_in(ticket) for ticket in (first, second, third)] == [60, 60, 60]


@pytest.mark.parametrize("kind", ["discount", "access"])
def test_a_code_for_five_is_used_five_times(all_at_once, kind):
    event, make_code = make_event(), {"discount": make_discount, "access": make_access}[kind]
    for number in range(5):
        seat = make_ticket(event, price="20", is_hidden=kind == "access")
        code = make_code(event, seat, code=f"FIVE{number}", tickets_number=5)
        buy = {kind: code, "by": GUEST}
        results = all_at_once(30, lambda number, seat=seat, buy=buy: make_order(seat, **buy))
        code.refresh_from_db()
        assert (len(sold(results)), refusals(results)) == (5, {f"{kind}-code-exhausted"})
        assert (code.used, seats_in(seat)) == (5, 5)


def test_ended_holds_are_released_by_those_who_need_their_seats(all_at_once):
    event = make_event()
    for _ in range(5):
        seat = make_ticket(event, quantity=20)
        held = [make_order(seat, by=GUEST).pk for _ in range(20)]
        Order.objects.filter(pk__in=held).update(expires_at=timezone.now())
        results = all_at_once(40, lambda number, seat=seat: make_order(seat, by=GUEST))
        assert seats_in(seat) == len(sold(results)) == 20
        assert refusals(results) == {"sold-out"}
        assert Order.objects.filter(pk__in=held, status="expired").count() == 20


def test_no_buyer_who_holds_a_seat_loses_it_to_the_crowd(all_at_once):
    seat = make_ticket(make_event(), quantity=40)
    orders = [make_order(seat, by=GUEST) for _ in range(40)]

    def finish_or_press(number):
        if number % 3:
            return make_order(seat, by=GUEST)
        return finish_order(orders[number // 3], by="guest") if number % 2 else release_expired_holds()

    results = all_at_once(120, finish_or_press)
    assert [order.status for order in sold(results)] == ["completed"] * 20
    assert refusals(results) == {"sold-out", 0}
    for order in orders[::2]:  # those who took their time
        assert finish_order(order, by="guest").status == "completed"
    assert seats_in(seat) == Order.objects.count() == 40


def test_seats_are_freed_once_by_all_that_frees_them_at_the_same_moment(all_at_once):
    event = make_event()
    root = make_person("root", is_super_admin=True, is_admin=True)
    ways = [
        lambda it: cancel_order(it, by=root),
        lambda it: refund_order(it, by=root, attendees=it.attendees.filter(deleted_at=None)),
        lambda it: delete_order(it, by=root),
        lambda it: release_expired_holds(),
    ]
    for ended in (False, True):
        seat = make_ticket(event, price="20")
        code = make_discount(event, seat, code=f"ENDED{ended}", tickets_number=50)
        for _ in range(5):  # others, whose seats a second giving back would take
            make_order((seat, 2), by=GUEST, discount=code)
        order = make_order((seat, 2), by=GUEST, discount=code)
        if ended:
            Order.objects.filter(pk=order.pk).update(expires_at=timezone.now())
        else:
            mark_paid(order, by=root)
        all_at_once(24, lambda number, order=order: ways[number % 4](Order.objects.get(pk=order.pk)) and "freed")
        code.refresh_from_db()
        assert (seats_in(seat), code.used) == (10, 10)


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
