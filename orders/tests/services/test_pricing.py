"""What carts cost. The rows here are never saved: a price is made of their values alone."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.models import Event
from openevent.core.money import exponent
from openevent.core.refusals import Refused
from orders.models import DiscountCode, Tax, Ticket
from orders.services.cart import Cart, Item, open_cart, read_amount, read_quantity, read_wishes
from orders.services.pricing import price_cart, with_amount
from orders.tests.factories import cart_of, make_donation, make_tax, make_ticket

CURRENCIES = ("EUR", "JPY", "KWD", "USD")


def a_cart(prices, *, currency="EUR", tax=None, discount=None, quantities=None):
    """A cart of paid tickets at these prices; a discount is for all but the last."""
    items = [
        Item(ticket=Ticket(pk=number, name=f"T{number}", type="paid"), quantity=quantity, price=Decimal(price))
        for number, (price, quantity) in enumerate(zip(prices, quantities or [1] * len(prices), strict=True), 1)
    ]
    discounted = frozenset(range(1, max(2, len(items)))) if discount else frozenset()
    event = Event(pk=1, payment_currency=currency)
    return Cart(event=event, items=tuple(items), tax=tax, discount=discount, discount_tickets=discounted)


def percent(value):
    return DiscountCode(code="P", type="percent", value=Decimal(value))


def off(value):
    return DiscountCode(code="A", type="amount", value=Decimal(value))


def vat(rate, *, included):
    return Tax(name="VAT", rate=Decimal(rate), is_tax_included_in_price=included)


@st.composite
def carts(draw):
    currency = draw(st.sampled_from(CURRENCIES))
    money = st.decimals(0, 100_000, places=exponent(currency))
    count = draw(st.integers(1, 6))
    codes = st.builds(percent, st.decimals(0, 100, places=2)) | st.builds(off, st.decimals(0, 5_000, places=3))
    taxes = st.builds(vat, st.decimals(0, 100, places=3), included=st.booleans())
    return a_cart(
        draw(st.lists(money, min_size=count, max_size=count)),
        currency=currency,
        quantities=draw(st.lists(st.integers(1, 50), min_size=count, max_size=count)),
        discount=draw(st.none() | codes),
        tax=draw(st.none() | taxes),
    )


@given(carts())
def test_the_lines_always_sum_to_the_total_which_is_never_below_zero(cart):
    quote = price_cart(cart)
    assert quote.total == sum(line.total for line in quote.lines) >= 0
    added = 0 if cart.tax is None or cart.tax.is_tax_included_in_price else quote.tax
    assert quote.total == quote.sub_total + added
    assert all(line.total >= 0 and line.discount >= 0 and line.tax >= 0 for line in quote.lines)


@given(carts())
def test_every_amount_is_one_that_the_currency_has(cart):
    quote = price_cart(cart)
    places = exponent(cart.event.currency)
    amounts = [amount for line in quote.lines for amount in (line.discount, line.tax, line.total)]
    assert all(amount == round(amount, places) for amount in amounts)


@given(carts())
def test_a_discount_never_makes_anything_dearer(cart):
    without = Cart(event=cart.event, items=cart.items, tax=cart.tax)
    assert price_cart(cart).total <= price_cart(without).total


@given(carts(), st.decimals(0, 100_000, places=3))
def test_the_lines_share_an_amount_that_the_team_has_named(cart, amount):
    quote = with_amount(price_cart(cart), amount)
    assert quote.total == round_to(amount, cart.event.currency)
    assert all(line.total >= 0 for line in quote.lines)


def round_to(amount, currency):
    return amount.quantize(Decimal(1).scaleb(-exponent(currency)), rounding="ROUND_HALF_UP")


def test_a_tax_that_is_included_does_not_change_the_total():
    quote = price_cart(a_cart(["119"], tax=vat(19, included=True)))
    assert (quote.total, quote.tax) == (119, 19)


def test_a_tax_that_is_not_included_comes_on_top():
    quote = price_cart(a_cart(["100"], tax=vat(19, included=False)))
    assert (quote.sub_total, quote.tax, quote.total) == (100, 19, 119)


def test_the_tax_is_rounded_once_and_not_a_line_at_a_time():
    quote = price_cart(a_cart(["0.03"] * 3, tax=vat(20, included=False)))
    assert (quote.tax, quote.total) == (Decimal("0.02"), Decimal("0.11"))


def test_a_discount_takes_a_part_or_an_amount_off_each_of_its_tickets():
    part = price_cart(a_cart(["20", "10"], quantities=[2, 1], discount=percent(25)))
    fixed = price_cart(a_cart(["20", "10"], quantities=[2, 1], discount=off("5.50")))
    assert (part.discount, part.total) == (10, 40)
    assert (fixed.discount, fixed.total) == (11, 39)


def test_a_discount_larger_than_the_price_makes_it_free():
    assert price_cart(a_cart(["4"], discount=off(100))).total == 0


def test_currencies_keep_their_own_digits():
    assert price_cart(a_cart(["1000"], currency="JPY", tax=vat("7.7", included=False))).total == 1077
    dinars = price_cart(a_cart(["1.555"], currency="KWD", discount=percent(10)))
    assert dinars.total == Decimal("1.399")


WRONG_AMOUNTS = [float("nan"), float("inf"), 1e309, -1, -0.01, "NaN", "-5", "1e309", "ten", "", [], {}, True, 1e10]


@pytest.mark.parametrize("sent", WRONG_AMOUNTS, ids=repr)
def test_what_is_not_an_amount_of_money_is_refused_with_its_place(sent):
    with pytest.raises(Refused) as refusal:
        read_wishes([{"id": "3", "price": sent}])
    assert (refusal.value.status, refusal.value.pointer) == (422, "/tickets/0/price")


@pytest.mark.parametrize("sent", [-1, 0.5, 1e309, float("nan"), 10**12, "2.5", "-1", None, [], True], ids=repr)
def test_what_is_not_a_quantity_is_refused_with_its_place(sent):
    with pytest.raises(Refused) as refusal:
        read_wishes([{"id": 3, "quantity": 1}, {"id": "3", "quantity": sent}])
    assert (refusal.value.status, refusal.value.pointer) == (422, "/tickets/1/quantity")


NO_CARTS = [None, {}, [], "3", [3], [{}], [{"id": "x"}], [{"id": -1}], [{"id": 1, "quantity": 0}]]


@pytest.mark.parametrize("sent", NO_CARTS, ids=repr)
def test_a_cart_of_something_else_is_refused(sent):
    with pytest.raises(Refused) as refusal:
        read_wishes(sent)
    assert refusal.value.pointer.startswith("/tickets")


@given(st.none() | st.booleans() | st.integers() | st.floats() | st.text())
def test_nothing_that_is_sent_becomes_a_price_below_zero(sent):
    try:
        assert read_amount(sent, pointer="/price") >= 0
        assert read_quantity(sent, pointer="/quantity") >= 0
    except Refused:
        pass


def test_only_a_giver_names_the_price(bob, event):
    paid, gift = make_ticket(event, price="20"), make_donation(event, least=5, most=50)
    wishes = [{"id": paid.pk, "price": 0.01}, {"id": gift.pk, "price": 7.5}]
    total = price_cart(open_cart(read_wishes(wishes), by=bob)).total
    assert total == Decimal("27.50")


@pytest.mark.parametrize("offered", [0, 4.99, 50.01])
def test_a_gift_stays_between_the_organizer_s_bounds(bob, event, offered):
    gift = make_donation(event, least=5, most=50)
    with pytest.raises(Refused) as refusal:
        open_cart(read_wishes([{"id": gift.pk, "price": offered}]), by=bob)
    assert (refusal.value.status, refusal.value.pointer) == (422, "/tickets/0/price")


def test_a_gift_s_bounds_are_amounts_that_the_currency_has(bob, event):
    event.payment_currency = "JPY"
    event.save()
    gift = make_donation(event, least="5.4", most="50.5")
    assert price_cart(open_cart(read_wishes([{"id": gift.pk}]), by=bob)).total == 5
    assert price_cart(open_cart(read_wishes([{"id": gift.pk, "price": 50.5}]), by=bob)).total == 51


def test_what_is_discounted_must_fit_into_an_order_too():
    with pytest.raises(Refused, match="more than one order can hold"):
        price_cart(a_cart(["999999999"], quantities=[11], discount=percent(100)))


@pytest.mark.parametrize("included", [True, False])
def test_an_amount_that_the_team_names_holds_its_tax(included):
    quote = with_amount(price_cart(a_cart(["100", "100"], tax=vat(19, included=included))), Decimal(119))
    assert (quote.total, quote.tax) == (119, 19)
    assert quote.sub_total == (119 if included else 100)


def test_a_free_ticket_costs_nothing_whatever_its_price_says(bob, event):
    free = make_ticket(event, type="freeRegistration", price="9")
    assert price_cart(cart_of((free, 3), by=bob)).total == 0


def test_the_event_s_tax_counts_only_while_taxes_are_enabled(bob, event, paid_ticket):
    make_tax(event, 10)
    paid_ticket.refresh_from_db()
    assert price_cart(cart_of(paid_ticket, by=bob)).total == 22
    event.is_tax_enabled = False
    event.save()
    assert price_cart(cart_of(paid_ticket, by=bob)).total == 20
