"""Many at once over the same money, each with a connection of their own, on PostgreSQL."""

from functools import partial

import pytest
from django.db import OperationalError

from notifications.models import Mail
from openevent.core.refusals import Refused
from orders.models import LedgerLine, Order, Payment, Refund
from orders.payments.base import Pages
from orders.services.outbox import send_back
from orders.services.paying import execute_paypal, pay_by_page, pay_by_token, verify_payment
from orders.services.refunding import refund_order
from orders.services.states import cancel_order
from orders.tests.factories import make_order
from orders.tests.together import together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PAGES = Pages(success="http://shop.test/back", cancel="http://shop.test/pay")


def at_once(count, do):
    """What each of so many got: "done", or the code of a refusal."""

    def outcome(number):
        try:
            do(number)
            return "done"
        except Refused as refusal:
            return refusal.code
        except OperationalError:  # answered 409 with Retry-After
            return "busy"

    return sorted(together(*(partial(outcome, number) for number in range(count))))


def as_it_is(order):
    return Order.objects.get(pk=order.pk)


def test_two_admins_who_refund_at_once_give_it_back_once(local_stripe, ada, cora, bob, paid_ticket):
    for _ in range(5):
        order = pay_by_token(make_order(paid_ticket, by=bob), by=bob, token="tok_visa")
        results = at_once(8, lambda number, order=order: refund_order(as_it_is(order), by=(ada, cora)[number % 2]))
        assert set(results) <= {"done", "nothing-to-refund", "busy"}
        assert (results.count("done"), order.refunds.count(), local_stripe.balance()) == (1, 1, {"eur": 0})


def test_refunding_and_cancelling_at_once_give_it_back_once(local_stripe, ada, cora, bob, paid_ticket):
    ways = (cancel_order, refund_order)
    for _ in range(5):
        order = pay_by_token(make_order((paid_ticket, 2), by=bob), by=bob, token="tok_visa")
        at_once(6, lambda number, order=order: ways[number % 2](as_it_is(order), by=(ada, cora)[number // 3]))
        assert sum(refund.amount for refund in order.refunds.all()) == 40
        assert local_stripe.balance() == {"eur": 0}


def test_a_payment_that_many_bring_is_settled_once(local_stripe, bob, paid_ticket):
    for _ in range(5):
        order = make_order(paid_ticket, by=bob)
        pay_by_page(order, by=bob, mode="stripe", pages=PAGES)
        local_stripe.pay(order.payments.get().reference)
        results = at_once(8, lambda number, order=order: verify_payment(as_it_is(order)))
        assert set(results) <= {"done", "busy"}
        order.refresh_from_db()
        assert (order.status, order.ledger.count()) == ("completed", 1)
        assert [mail.kind for mail in Mail.objects.about(order)] == ["order-completed"]


def test_a_buyer_who_presses_ten_times_is_charged_once(local_stripe, bob, paid_ticket):
    for time in range(5):
        order = make_order(paid_ticket, by=bob)
        results = at_once(10, lambda number, order=order: pay_by_token(as_it_is(order), by=bob, token="tok_visa"))
        assert set(results) <= {"done", "order-is-paid", "payment-in-progress", "provider-away", "busy"}
        verify_payment(order)
        order.refresh_from_db()
        assert (order.status, local_stripe.balance()) == ("completed", {"eur": 2000 * (time + 1)})


def test_workers_that_send_the_same_refund_give_it_once(local_stripe, ada, bob, paid_ticket):
    order = pay_by_token(make_order(paid_ticket, by=bob), by=bob, token="tok_visa")
    local_stripe.mood = "down"
    [refund] = refund_order(order, by=ada)
    local_stripe.mood = ""
    Refund.objects.update(tries=0)
    at_once(6, lambda number: send_back(refund.pk))
    assert (local_stripe.balance(), LedgerLine.objects.filter(refund=refund).count()) == ({"eur": 0}, 1)


def test_paypal_and_a_card_at_once_leave_one_payment(local_stripe, local_paypal, bob, paid_ticket):
    paid_ticket.event.refresh_from_db()
    order = make_order(paid_ticket, by=bob)
    pay_by_page(order, by=bob, mode="paypal", pages=PAGES)
    local_paypal.approve(Payment.objects.get(provider="paypal").reference)
    pay_by_page(order, by=bob, mode="stripe", pages=PAGES)
    local_stripe.pay(Payment.objects.get(provider="stripe").reference)
    by_both = (lambda: verify_payment(as_it_is(order)), lambda: execute_paypal(as_it_is(order), by=bob))
    at_once(2, lambda number: by_both[number]())
    verify_payment(order)
    order.refresh_from_db()
    taken = (local_stripe.balance().get("eur", 0) + local_paypal.balance().get("EUR", 0)) / 100
    assert (order.status, taken, sum(line.amount for line in order.ledger.all())) == ("completed", 20, 20)
