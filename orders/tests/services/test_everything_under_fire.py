"""A minute of buyers, payments, cancels, expiries, refunds and killed processes: the books are right at every step."""

import random
import time
from collections import Counter
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
from orders.tests.factories import make_access, make_discount, make_order, make_ticket
from orders.tests.later import let_the_clock_repair
from orders.tests.services import dying
from orders.tests.services.killing import kill, start

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PEOPLE, SECONDS = 6, 60
PAGES = Pages(success="http://shop.test/back", cancel="http://shop.test/pay")


class Someone:
    """Does one thing after another, drawn by a seed of their own: mostly what buyers do, and all that undoes it."""

    def __init__(self, seed, *, team, tickets, hidden, code, access, stripe):
        self.dice = random.Random(seed)
        self.team, self.tickets, self.hidden, self.stripe = team, tickets, hidden, stripe
        self.code, self.access = code, access
        self.done = {}

    def go(self, until):
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
            while time.monotonic() < until:
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
        codes = {"discount": self.code} if self.dice.random() < 0.5 else {}
        if self.dice.random() < 0.3:
            wanted, codes["access"] = [*wanted, self.hidden], self.access
        return make_order(*((one, self.dice.randint(1, 2)) for one in wanted), by=AnonymousUser(), **codes)

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


def kill_buyers(until, *, tickets, buyer, stripe):
    """Processes that buy among the others, killed at one point after the other; how often at each."""
    killed = Counter()
    while time.monotonic() < until:
        for point in dying.POINTS:
            ticket = random.choice(tickets)
            if process := start(dying.buy, point, stripe=stripe, ticket=ticket.pk, buyer=buyer.pk):
                check_books()
                kill(process)
                killed[point] += 1
            check_books()
    return killed


def test_the_books_are_right_after_every_step_of_a_minute(local_stripe, ada, bob, event):
    tickets = [make_ticket(event, quantity=15), make_ticket(event, quantity=15, price="20")]
    tickets.append(make_ticket(event, quantity=10, price="35.50"))
    hidden = make_ticket(event, quantity=10, price="12", is_hidden=True)
    code = make_discount(event, *tickets[1:], tickets_number=6)
    access = make_access(event, hidden, tickets_number=5)
    sale = {"tickets": tickets, "hidden": hidden, "code": code, "access": access, "stripe": local_stripe}
    people = [Someone(number, team=ada, **sale) for number in range(PEOPLE)]
    until = time.monotonic() + SECONDS
    with ThreadPoolExecutor(PEOPLE) as pool:
        crowd = [pool.submit(one.go, until) for one in people]
        killed = kill_buyers(until, tickets=tickets[1:], buyer=bob, stripe=local_stripe)
        for one in crowd:
            one.result()
    local_stripe.mood = ""
    let_the_clock_repair()
    let_the_clock_repair()
    check_books()
    by_stripe = sums_of(LedgerLine.objects.filter(provider="stripe"))
    assert local_stripe.balance().get("eur", 0) == 100 * sum(by_stripe.values())
    assert not Refund.objects.filter(provider="stripe").exclude(state="done").exists()
    did = sum((Counter(one.done) for one in people), Counter())
    assert {"buy", "pay_by_card", "cancel", "end_a_hold"} <= {name for name, times in did.items() if times}
    assert Refund.objects.exists() and killed
