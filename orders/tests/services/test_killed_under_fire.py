"""A process is killed in the middle of a sale: nobody waits for it, nothing is half done, the clock does the rest."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.db import connection

from openevent.core.refusals import Refused
from orders.models import LedgerLine, Order, Refund
from orders.services.paying import pay_by_token
from orders.tests.books import check_books
from orders.tests.factories import make_order, make_ticket
from orders.tests.later import let_the_clock_repair
from orders.tests.services import dying, killing
from orders.tests.services.killing import kill

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def start(local_stripe):
    """Start a process and wait until it has come to a point; the process."""
    started = []

    def start(act, point, **facts):
        process = killing.start(act, point, stripe=local_stripe, **facts)
        assert process, "It never came there."
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.join()


def buy_one(ticket):
    try:
        return make_order(ticket, by=AnonymousUser()).status
    except Refused as refusal:
        return refusal.code
    finally:
        connection.close()


def crowd_at(ticket, count=6):
    """What so many others get at the same moment, none of whom waits for a lock."""
    with ThreadPoolExecutor(count) as pool:
        return sorted(pool.map(buy_one, [ticket] * count))


@pytest.mark.parametrize("point", dying.POINTS)
def test_a_buyer_s_process_is_killed(local_stripe, bob, event, start, point):
    seat = make_ticket(event, price="20", quantity=5)
    process = start(dying.buy, point, ticket=seat.pk, buyer=bob.pk)
    has_seats = point not in (dying.BEFORE_LOCK, dying.AFTER_INSERT)
    free = 3 if has_seats else 5
    assert crowd_at(seat) == ["initializing"] * free + ["sold-out"] * (6 - free)
    check_books()
    kill(process)
    check_books()
    let_the_clock_repair()
    check_books()
    outcome = [order.status for order in Order.objects.filter(user=bob)]
    money = [(line.amount, line.provider) for line in LedgerLine.objects.all()]
    mails = [letter.subject for letter in mail.outbox if letter.to == [bob.email]]
    if has_seats:
        assert (outcome, money, local_stripe.balance()) == (["completed"], [(40, "stripe")], {"eur": 4000})
        assert len(mails) == 1
    else:
        assert (outcome, money, local_stripe.balance(), mails) == ([], [], {}, [])


@pytest.mark.parametrize("point", [dying.AFTER_COMMIT, dying.AFTER_CALL])
def test_a_process_that_gives_back_is_killed(local_stripe, ada, bob, paid_ticket, start, point):
    order = pay_by_token(make_order(paid_ticket, by=bob), by=bob, token="tok_visa")
    kill(start(dying.give_back, point, order=order.pk, by=ada.pk))
    check_books()
    assert Refund.objects.get().state == "waiting"
    let_the_clock_repair()
    check_books()
    assert (Refund.objects.get().state, local_stripe.balance()) == ("done", {"eur": 0})
    assert [line.amount for line in LedgerLine.objects.all()] == [20, -20]
