"""Thirty at once: each order gets its own number, and none is left out. On PostgreSQL."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.models import User
from openevent.core.atomic import atomic
from orders.models import InvoiceSeries, OrderInvoice
from orders.services.states import cancel_order, change_status
from orders.tests.factories import make_order, make_ticket

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

MANY = 30


class Interrupted(Exception):
    """Something else went wrong in the same unit of work."""


def at_once(do, rows):
    start = threading.Barrier(len(rows))

    def run(row):
        start.wait(timeout=30)
        try:
            do(row)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(rows)) as pool:
        list(pool.map(run, rows))


def numbers():
    return sorted(OrderInvoice.objects.values_list("number", flat=True))


@pytest.mark.parametrize("run", range(3))
def test_thirty_at_once_are_numbered_from_one_to_thirty(bob, ada, event, run):
    tickets = [make_ticket(event, price="20") for _ in range(3)]
    orders = [make_order(tickets[number % 3], by=bob) for number in range(MANY)]
    at_once(lambda order: change_status(order, "placed", by=bob, mode="bank"), orders)
    assert (numbers(), InvoiceSeries.objects.get().last) == (list(range(1, MANY + 1)), MANY)
    at_once(lambda order: cancel_order(order, by=User.objects.get(pk=ada.pk)), orders)
    assert numbers() == list(range(1, 2 * MANY + 1))


def test_one_in_three_fails_after_its_number_was_taken_and_leaves_no_gap(bob, event):
    ticket = make_ticket(event, price="20")
    orders = [make_order(ticket, by=bob) for _ in range(MANY)]

    def place(order):
        try:
            with atomic():
                change_status(order, "placed", by=bob, mode="bank")
                if order.pk % 3 == 0:
                    raise Interrupted
        except Interrupted:
            pass

    at_once(place, orders)
    kept = [order for order in orders if order.pk % 3]
    assert numbers() == list(range(1, len(kept) + 1))
    assert set(OrderInvoice.objects.values_list("order", flat=True)) == {order.pk for order in kept}
