"""Whatever a buyer sends along, the server works out the price."""

import json

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.tests.factories import make_event
from orders.models import Order
from orders.tests.api.client import Client as API
from orders.tests.factories import make_discount, make_tax, make_ticket

NAMES = ["price", "amount", "total", "sub_total", "discount", "quantity_discount", "tax", "ticket_fee", "max-order"]
NAMES += ["discount-verify", "discount_verify", "is-discount-applied", "status", "payment-mode", "currency", "event"]
NUMBERS = [0, -1, -1e9, 0.01, 1e308, 10**400, "0", "-5", "1e309", "NaN", "Infinity", None, True, [], {}]
VALUES = st.sampled_from(NUMBERS) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5)
KEYS = st.sampled_from(NAMES) | st.text(max_size=8)
JUNK = st.dictionaries(KEYS, VALUES, max_size=5)
AMOUNT, CREATE = "/v1/orders/calculate-amount", "/v1/orders/create-order"


@pytest.fixture
def seat(db):
    event = make_event()
    make_tax(event, 19)
    seat = make_ticket(event, price="20", quantity=10_000, max_order=10)
    make_discount(event, seat, percent=50, tickets_number=0)  # used up
    return seat


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(count=st.integers(1, 10), around=JUNK, within=JUNK)
def test_nothing_that_is_sent_along_lowers_the_price(seat, bob, count, around, within):
    cache.clear()
    wish = {**within, "id": seat.pk, "quantity": count}
    api, cart = API(bob), {**around, "tickets": [wish]}
    computed = round(count * 20 * 1.19, 2)
    answer = api.post_json(AMOUNT, cart)
    assert answer.status_code in (200, 400, 422)
    if answer.status_code == 200:
        assert answer.json()["total"] == computed
    answer = api.post_json(CREATE, cart)
    assert answer.status_code in (200, 400, 422)
    if answer.status_code == 200:
        order = Order.objects.get(pk=answer.json()["data"]["id"])
        assert (float(order.amount), order.currency, order.status) == (computed, "EUR", "initializing")
        assert [line.quantity for line in order.lines.all()] == [count]


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "1e309", "-1e309"])
def test_what_is_no_number_is_refused(seat, bob, word):
    body = json.dumps({"tickets": [{"id": seat.pk, "quantity": 1, "price": 0}], "amount": 0}).replace("0}", f"{word}}}")
    api = API(bob)
    for address in (AMOUNT, CREATE):
        answer = api.client.post(address, body, content_type="application/json", headers=api.headers)
        assert answer.status_code == 400
    assert Order.objects.count() == 0
