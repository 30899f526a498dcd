"""Random sales, from the first question for a price to the last refund: every figure is the same to the last digit."""

from decimal import Decimal
from itertools import count

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.tests.factories import make_event
from openevent.core.money import exponent, minor_units, round_money
from openevent.core.refusals import Refused
from orders.models import Order, TicketFee
from orders.services.ledger import paid_of
from orders.services.outbox import left_of
from orders.services.refunding import confirm_refund, prices_of, refund_order
from orders.services.states import mark_paid
from orders.tests.api.client import Client as API
from orders.tests.factories import make_discount, make_donation, make_tax, make_ticket

AMOUNT, CREATE = "/v1/orders/calculate-amount", "/v1/orders/create-order"
CURRENCIES = ("JPY", "EUR", "KWD")  # no digit behind the point, two, three
PRICES = st.decimals(0, 2_000, places=3)  # the column has three, also where the currency has fewer
RATES = st.decimals(0, 100, places=3)
JUNK = st.sampled_from([0, -1, 0.01, 1e308, 10**400, "0", "-5", None, True, [], {}])
NAMES = ["price", "total", "sub_total", "discount", "fee", "ticket_fee", "tax", "currency", "status", "amount"]
EXTRA = st.dictionaries(st.sampled_from(NAMES), JUNK, max_size=4)

at_random = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
numbers = count(1)


@st.composite
def sales(draw):
    """What an organizer may set up and a buyer may put in a cart; rows are made of it by `Sale`."""
    types = draw(st.integers(1, 3))
    return {
        "currency": draw(st.sampled_from(CURRENCIES)),
        "prices": draw(st.lists(PRICES, min_size=types, max_size=types)),
        "absorbed": draw(st.lists(st.booleans(), min_size=types, max_size=types)),
        "gift": draw(st.none() | st.tuples(st.decimals(0, 20, places=3), st.decimals(20, 90, places=3))),
        "given": draw(st.lists(st.none() | st.decimals(20, 20), max_size=2)),
        "tax": draw(st.none() | st.tuples(RATES, st.booleans())),
        "fee": draw(st.none() | st.tuples(st.decimals(0, 50, places=3), st.none() | st.decimals(0, 30, places=3))),
        "code": draw(st.none() | st.tuples(st.sampled_from(["percent", "amount"]), st.decimals(0, 120, places=3))),
        "coded": draw(st.integers(1, types)),
        "quantities": draw(st.lists(st.integers(1, 7), min_size=types, max_size=types)),
    }


class Sale:
    """The rows of one example, and the cart as clients send it."""

    def __init__(self, facts, *, owner):
        TicketFee.objects.all().delete()
        self.event = make_event(owner=owner, payment_currency=facts["currency"], payment_country="DE")
        tickets = [
            make_ticket(self.event, name=f"T{next(numbers)}", type="paid", price=price, is_fee_absorbed=absorbed)
            for price, absorbed in zip(facts["prices"], facts["absorbed"], strict=True)
        ]
        self.wishes = [{"id": one.pk, "quantity": n} for one, n in zip(tickets, facts["quantities"], strict=True)]
        if facts["gift"]:
            least, most = facts["gift"]
            gift = make_donation(self.event, name=f"T{next(numbers)}", least=least, most=most)
            offers = [{} if price is None else {"price": float(price)} for price in facts["given"] or [None]]
            self.wishes += [{"id": gift.pk, "quantity": number, **offer} for number, offer in enumerate(offers, 1)]
        if facts["tax"]:
            make_tax(self.event, facts["tax"][0], included=facts["tax"][1])
        if facts["fee"]:
            percent, most = facts["fee"]
            TicketFee.objects.create(currency=facts["currency"], service_fee=percent, maximum_fee=most)
        self.cart = {"tickets": self.wishes}
        if facts["code"]:
            kind, value = facts["code"]
            make_discount(self.event, *tickets[: facts["coded"]], **{kind: value})
            self.cart["discount-code"] = "HARBOUR"

    def ask(self, address, *, by, around=None, within=None):
        cache.clear()
        cart = {**(around or {}), **self.cart}
        cart["tickets"] = [{**(within or {}), **wish} for wish in self.wishes]
        return API(by).post_json(address, cart)

    def order(self, *, by, **extra):
        answer = self.ask(CREATE, by=by, **extra)
        assert answer.status_code == 200, answer.content
        return Order.objects.get(pk=answer.json()["data"]["id"])


@at_random
@given(sales())
def test_what_is_calculated_is_what_the_order_costs_line_by_line(ada, bob, facts):
    sale = Sale(facts, owner=ada)
    said = sale.ask(AMOUNT, by=bob).json()
    order = sale.order(by=bob)
    lines = list(order.lines.all())
    assert order.amount == sum(line.total for line in lines)
    assert float(order.amount) == said["total"]
    assert [float(line.total) for line in lines] == [
        pytest.approx(told["sub_total"] + (0 if said["tax_included"] else told["discounted_tax"]))
        for told in said["tickets"]
    ]
    for line in lines:
        on_top = line.total - (line.price * line.quantity - line.discount + line.fee)
        assert on_top == (0 if not facts["tax"] or facts["tax"][1] else line.tax)
        assert min(line.price, line.discount, line.fee, line.tax, line.total) >= 0
    places = exponent(facts["currency"])
    for amount in [order.amount, *(getattr(line, n) for line in lines for n in ("discount", "fee", "tax", "total"))]:
        assert amount == round(amount, places)
    assert Decimal(minor_units(order.amount, order.currency)).scaleb(-places) == order.amount


@at_random
@given(sales(), EXTRA, EXTRA)
def test_nothing_that_is_sent_along_lowers_it(ada, bob, facts, around, within):
    sale = Sale(facts, owner=ada)
    plain = sale.ask(AMOUNT, by=bob).json()["total"]
    junk = {name: value for name, value in within.items() if name != "price"}  # a giver's own word counts
    for address in (AMOUNT, CREATE):
        answer = sale.ask(address, by=bob, around=around, within=junk)
        assert answer.status_code in (200, 400, 422)
        if answer.status_code == 200 and address == AMOUNT:
            assert answer.json()["total"] == plain
        elif answer.status_code == 200:
            assert float(Order.objects.get(pk=answer.json()["data"]["id"]).amount) == plain


@at_random
@given(sales(), st.decimals(0, 5_000, places=3))
def test_an_amount_that_the_team_names_is_final_and_its_lines_sum_to_it(ada, root, bob, facts, amount):
    sale = Sale(facts, owner=ada)
    said = sale.ask(AMOUNT, by=ada, around={"amount": float(amount)}).json()
    order = sale.order(by=ada, around={"amount": float(amount)})
    assert order.amount == round_money(amount, order.currency) == sum(line.total for line in order.lines.all())
    assert said["total"] == float(order.amount)


@at_random
@given(sales(), st.lists(st.none() | st.integers(0, 20) | st.decimals("0.001", 900, places=3), max_size=6))
def test_no_more_goes_back_than_was_paid_and_every_ticket_has_its_price(ada, bob, facts, wishes):
    order = mark_paid(Sale(facts, owner=ada).order(by=bob), by=ada)
    assert paid_of(order) == order.amount == sum(prices_of(order).values())
    holders = list(order.attendees.order_by("pk"))
    for wish in wishes:
        try:
            if isinstance(wish, int):
                refund_order(order, by=ada, attendees=[holders[wish % len(holders)]])
            else:
                refund_order(order, by=ada, amount=wish)
        except Refused:
            pass
        assert 0 <= left_of(order) <= order.amount
    for refund in order.refunds.all():
        confirm_refund(refund, by=ada)
    assert paid_of(order) == order.amount - sum(refund.amount for refund in order.refunds.all()) >= 0
