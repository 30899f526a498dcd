"""Buyers, payments, cancellations, expiries and refunds all at once: the books are right after every single step."""

import random
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError, connection
from django.utils import timezone

from openevent.core.refusals import Refused
from orders.models import LedgerLine, Order, Payment, Refund
from orders.models.order import COMPLETED, EXPIRED, ON_THE_CLOCK
from orders.models.payment import STARTED
from orders.payments.base import Pages
from orders.services.checkout import finish_order
from orders.services.outbox import send_back
from orders.services.paying import pay_by_page, pay_by_token, verify_payment
from orders.services.refunding import refund_order
from orders.services.states import GUEST, cancel_order, mark_paid
from orders.services.stock import release_expired_holds
from orders.tests.books import check_books, sums_of
from orders.tests.factories import make_discount, make_order, make_ticket
from orders.tests.later import let_the_clock_repair

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PEOPLE, STEPS = 6, 40
PAGES = Pages(success="http://shop.test/back", cancel="http://shop.test/pay")


class Someone:
    """Does one thing after another, drawn by a seed of their own: mostly what buyers do, and all that undoes it."""

    def __init__(self, seed, *, team, tickets, code, stripe):
        self.dice = random.Random(seed)
        self.team, self.tickets, self.code, self.stripe = team, tickets, code, stripe
        self.done = {}

    def go(self):
        acts = [self.buy] * 4 + [self.pay_by_card] * 3 + [self.go_to_the_page] * 2 + [self.pay_there] * 2
        acts += [self.finish, self.cancel, self.end_a_hold, self.end_a_hold, self.sweep, self.verify]
        acts += [
            self.refund_a_part,
            self.refund_a_part,
            self.refund_a_ticket,
            self.refund_a_ticket,
            self.send_a_refund,
            self.vouch,
            self.have_a_day,
        ]
        try:
            for _ in range(STEPS):
                act = self.dice.choice(acts)
                self.done[act.__name__] = self.done.get(act.__name__, 0) + self.try_to(act)
                check_books()
        finally:
            connection.close()

    def try_to(self, act) -> bool:
        try:
            return act() is not None
        except Refused:
            return False
        except OperationalError as problem:  # answered 409 with Retry-After
            assert "lock timeout" in str(problem)
            return False

    def any_of(self, rows):
        """One of these rows, or a refusal if there are none."""
        ids = list(rows.values_list("pk", flat=True))
        if not ids:
            raise Refused("nothing-there")
        return rows.model.objects.get(pk=self.dice.choice(ids))

    def open_order(self):
        return self.any_of(Order.objects.filter(status__in=ON_THE_CLOCK))

    def buy(self):
        wanted = self.dice.sample(self.tickets, self.dice.randint(1, 2))
        code = self.code if self.dice.random() < 0.5 else None
        return make_order(*((one, self.dice.randint(1, 2)) for one in wanted), by=AnonymousUser(), discount=code)

    def finish(self):
        return finish_order(self.open_order(), by=GUEST, mode="bank")

    def pay_by_card(self):
        return pay_by_token(self.open_order(), by=GUEST, token="tok_visa")

    def go_to_the_page(self):
        return pay_by_page(self.open_order(), by=GUEST, mode="stripe", pages=PAGES)

    def pay_there(self):
        opened = Payment.objects.filter(kind="checkout", state=STARTED).exclude(reference="")
        return self.stripe.pay(self.any_of(opened).reference)

    def verify(self):
        return verify_payment(self.any_of(Order.objects.filter(payments__state=STARTED)))

    def cancel(self):
        return cancel_order(self.any_of(Order.objects.all()), by=self.dice.choice([GUEST, self.team]))

    def end_a_hold(self):
        return Order.objects.filter(pk=self.open_order().pk).update(expires_at=timezone.now())

    def sweep(self):
        return release_expired_holds()

    def refund_a_part(self):
        return refund_order(
            self.any_of(Order.objects.filter(status=COMPLETED, amount__gt=0)), by=self.team, amount=Decimal("7.50")
        )

    def refund_a_ticket(self):
        order = self.any_of(Order.objects.filter(status=COMPLETED))
        return refund_order(order, by=self.team, attendees=order.attendees.filter(deleted_at=None)[:2])

    def send_a_refund(self):
        return send_back(self.any_of(Refund.objects.filter(state="waiting")).pk)

    def vouch(self):
        return mark_paid(self.any_of(Order.objects.filter(status__in=[EXPIRED, "placed"])), by=self.team)

    def have_a_day(self):
        self.stripe.mood = self.dice.choice(["", "", "", "", "", "lost", "down"])


@pytest.mark.parametrize("seed", [1, 2])
def test_the_books_are_right_after_every_step_of_a_crowd(local_stripe, ada, event, seed):
    tickets = [make_ticket(event, quantity=15), make_ticket(event, quantity=15, price="20")]
    tickets.append(make_ticket(event, quantity=10, price="35.50"))
    code = make_discount(event, *tickets[1:], tickets_number=6)
    people = [
        Someone(f"{seed}-{number}", team=ada, tickets=tickets, code=code, stripe=local_stripe)
        for number in range(PEOPLE)
    ]
    with ThreadPoolExecutor(PEOPLE) as pool:
        list(pool.map(Someone.go, people))
    local_stripe.mood = ""
    let_the_clock_repair()
    let_the_clock_repair()
    check_books()
    by_stripe = sums_of(LedgerLine.objects.filter(provider="stripe"))
    assert local_stripe.balance().get("eur", 0) == 100 * sum(by_stripe.values())
    assert not Refund.objects.filter(provider="stripe").exclude(state="done").exists()
    did = {name for one in people for name, times in one.done.items() if times}
    assert {"buy", "pay_by_card", "cancel", "end_a_hold"} <= did
    assert Refund.objects.exists()
