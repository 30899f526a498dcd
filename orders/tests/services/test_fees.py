"""What the site charges for tickets: which fee holds, who bears it, and what it comes to."""

from decimal import Decimal

import pytest

from orders.models import TicketFee
from orders.services.fees import fee_at, fees_earned
from orders.services.pricing import price_cart
from orders.services.states import mark_paid
from orders.tests.factories import cart_of, make_discount, make_finished_order, make_tax, make_ticket


def make_fee(percent, *, country="global", currency="EUR", maximum=None):
    return TicketFee.objects.create(
        country=country, currency=currency, service_fee=Decimal(percent), maximum_fee=maximum and Decimal(maximum)
    )


def test_without_a_fee_nothing_is_charged(bob, paid_ticket):
    assert price_cart(cart_of(paid_ticket, by=bob)).total == 20


def test_the_buyer_pays_the_fee_on_each_ticket(bob, paid_ticket):
    make_fee("2.5")
    quote = price_cart(cart_of((paid_ticket, 3), by=bob))
    assert (quote.fee, quote.sub_total, quote.total) == (Decimal("1.50"), Decimal("61.50"), Decimal("61.50"))


def test_an_absorbed_fee_is_not_the_buyer_s(bob, event):
    make_fee(10)
    quote = price_cart(cart_of(make_ticket(event, price="20", is_fee_absorbed=True), by=bob))
    assert (quote.fee, quote.total) == (0, 20)


def test_the_cap_holds_for_each_ticket(bob, paid_ticket):
    make_fee(50, maximum="1.20")
    assert price_cart(cart_of((paid_ticket, 2), by=bob)).fee == Decimal("2.40")


def test_the_fee_is_on_what_is_paid_after_the_discount(bob, paid_ticket):
    make_fee(10)
    quote = price_cart(
        cart_of((paid_ticket, 2), by=bob, discount=make_discount(paid_ticket.event, paid_ticket, percent=50))
    )
    assert (quote.discount, quote.fee, quote.total) == (20, 2, 22)


def test_tax_is_on_the_fee_too(bob, paid_ticket):
    make_fee(10)
    make_tax(paid_ticket.event, 10)
    paid_ticket.event.refresh_from_db()
    quote = price_cart(cart_of(paid_ticket, by=bob))
    assert (quote.fee, quote.tax, quote.total) == (2, Decimal("2.20"), Decimal("24.20"))


def test_free_tickets_cost_no_fee(bob, free_ticket):
    make_fee(10)
    assert price_cart(cart_of((free_ticket, 5), by=bob)).total == 0


@pytest.mark.parametrize(("country", "percent"), [("DE", 3), ("FR", 1), (None, 1)])
def test_a_country_s_own_fee_goes_before_the_one_for_everywhere(event, country, percent):
    make_fee(1)
    make_fee(3, country="DE")
    make_fee(9, country="DE", currency="USD")
    event.payment_country = country
    assert fee_at(event).percent == percent


def test_a_fee_in_another_currency_is_none(event):
    make_fee(9, currency="USD")
    assert fee_at(event).percent == 0


def test_what_the_site_has_earned_is_the_same_whoever_bears_it(bob, ada, event, paid_ticket):
    make_fee(10, maximum="1.50")
    absorbed = make_ticket(event, price="8", is_fee_absorbed=True)
    orders = [make_finished_order((paid_ticket, 2), absorbed, by=bob, mode="bank") for _ in range(2)]
    assert fees_earned(order__event=event) == {}
    for order in orders:
        mark_paid(order, by=ada)
    [(key, earned)] = fees_earned(order__event=event).items()
    assert key == (event.pk, "EUR")
    assert (earned.tickets, earned.sales, earned.fee) == (6, 96, Decimal("7.60"))
