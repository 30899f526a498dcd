"""What an event has sold, in numbers that are true on its own clock."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.utils import timezone

from orders.models import Order
from orders.models.order import CANCELLED, COMPLETED, EXPIRED, INITIALIZING, PENDING, PLACED
from orders.services.figures import MOST_BARS, State, figures_of, latest_orders, orders_over_time, states_of
from orders.services.states import cancel_order
from orders.tests.factories import make_finished_order, make_order


@pytest.fixture
def busy(event, free_ticket, paid_ticket, bob):
    make_finished_order((free_ticket, 2), by=bob)
    make_finished_order((paid_ticket, 2), by=bob, mode="bank")
    make_order((paid_ticket, 3), by=bob)
    cancel_order(make_finished_order(free_ticket, by=bob), by=bob)
    ended = make_order((paid_ticket, 4), by=bob)
    Order.objects.filter(pk=ended.pk).update(expires_at=timezone.now())
    return event


def euros(amount):
    return {"EUR": Decimal(amount)} if amount else {}


def test_a_hold_that_the_clock_has_ended_is_expired_and_holds_nothing(busy, free_ticket, paid_ticket):
    figures = figures_of(busy)
    assert (figures.seats.sold, figures.seats.held, figures.seats.quantity) == (4, 3, 200)
    assert [(seats.sold, seats.held, seats.free) for _, seats in figures.tickets] == [(2, 0, 98), (2, 3, 95)]
    assert figures.states == {
        INITIALIZING: State(1, euros(60)),
        PENDING: State(),
        PLACED: State(1, euros(40)),
        COMPLETED: State(1, euros(0)),
        EXPIRED: State(1, euros(80)),
        CANCELLED: State(1, euros(0)),
    }
    assert figures.checkouts == State(1, euros(60))


def test_money_of_two_currencies_is_never_added_up(busy):
    Order.objects.filter(status=PLACED).update(currency="USD")
    Order.objects.filter(status=PLACED).update(status=COMPLETED)
    Order.objects.filter(status=COMPLETED, currency="EUR").update(amount=9)
    found = states_of(busy)
    assert found[COMPLETED] == State(2, {"EUR": Decimal(9), "USD": Decimal(40)})
    assert found[EXPIRED] == State(1, euros(80))


def test_a_type_that_was_taken_off_sale_is_told_while_somebody_holds_one(busy, free_ticket, paid_ticket):
    free_ticket.hide()
    assert [(ticket.name, seats.free) for ticket, seats in figures_of(busy).tickets] == [
        ("Standard", 95),
        ("Community", 0),
    ]
    for order in Order.objects.filter(attendees__ticket=free_ticket, status=COMPLETED).distinct():
        cancel_order(order, by=order.user)
    assert [ticket.name for ticket, _ in figures_of(busy).tickets] == ["Standard"]


def test_an_event_without_orders_has_figures_too(event):
    figures = figures_of(event)
    assert (figures.tickets, figures.seats.sold) == ([], 0)
    assert [state for state in figures.states.values() if state != State()] == []
    [today] = orders_over_time(event, None)
    assert today.orders == 0
    assert latest_orders(event, 5) == []


def test_a_day_is_a_day_of_the_event(busy):
    late = datetime.combine(timezone.now().astimezone(busy.zone).date(), datetime.min.time(), tzinfo=busy.zone)
    sold = Order.objects.filter(status__in=(PLACED, COMPLETED))
    sold.update(created_at=late - timedelta(seconds=1))
    sold.filter(status=PLACED).update(created_at=late)
    assert [bar.orders for bar in orders_over_time(busy, 7)] == [0, 0, 0, 0, 0, 1, 1]


def test_the_hour_that_comes_twice_is_counted_once(event, bob, free_ticket):
    order = make_finished_order(free_ticket, by=bob)
    for moment in (datetime(2025, 10, 25, 22, tzinfo=UTC), datetime(2025, 10, 26, 22, 59, 59, tzinfo=UTC)):
        Order.objects.filter(pk=order.pk).update(created_at=moment)  # both on the 26th in Berlin, which had 25 hours
        bars = orders_over_time(event, None)
        assert (bars[0].first, bars[0].orders, sum(bar.orders for bar in bars)) == (date(2025, 10, 26), 1, 1)


@pytest.mark.parametrize("days", [1, 62, 63, 400, 4000])
def test_a_long_time_has_no_more_bars_than_a_chart_can_show(event, bob, free_ticket, days):
    order = make_finished_order(free_ticket, by=bob)
    Order.objects.filter(pk=order.pk).update(created_at=timezone.now() - timedelta(days=days - 1))
    bars = orders_over_time(event, None)
    today = timezone.now().astimezone(event.zone).date()
    assert len(bars) <= MOST_BARS
    assert (bars[0].first, bars[-1].last) == (today - timedelta(days=days - 1), today)
    assert all(after.first - before.last == timedelta(days=1) for before, after in pairwise(bars))
    assert sum(bar.orders for bar in bars) == 1


def test_the_latest_come_first_with_their_tickets(busy):
    latest = latest_orders(busy, 2)
    assert [(order.tickets, order.status) for order in latest] == [(4, INITIALIZING), (1, CANCELLED)]


def test_few_questions_tell_everything(busy, bob, free_ticket, django_assert_num_queries):
    for _ in range(2):
        with django_assert_num_queries(4):
            figures_of(busy)
        with django_assert_num_queries(1):
            orders_over_time(busy, 30)
        with django_assert_num_queries(2):
            latest_orders(busy, 5)
        make_finished_order(free_ticket, by=bob)
