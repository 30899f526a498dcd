"""The endpoints of PayPal, as clients call them."""

import pytest

from orders.tests.api.client import address, error_of
from orders.tests.factories import make_order

URLS = {"return-url": "http://app.test/orders/X/view", "cancel-url": "http://app.test/orders/X/pending"}


def body(**attributes):
    return {"data": {"type": "paypal-payment", "attributes": attributes}}


@pytest.fixture
def order(local_paypal, bob, paid_ticket):
    paid_ticket.event.refresh_from_db()
    return make_order(paid_ticket, by=bob)


def test_a_payment_is_asked_for_and_the_same_one_again(api, bob, order, local_paypal):
    path = f"{address(order)}/create-paypal-payment"
    first, again = (api(bob).post_json(path, body(**URLS)).json() for _ in range(2))
    assert first == again
    assert (first["status"], first["payment_id"] in local_paypal.table("payments")) == (True, True)
    order.refresh_from_db()
    assert (order.status, order.payment_mode) == ("pending", "paypal")


@pytest.mark.parametrize("name", URLS)
@pytest.mark.parametrize("bad", [None, "", 7, "javascript:alert(1)", "/orders", "http://[", "x" * 3000])
def test_where_the_buyer_comes_back_to_is_an_address(api, bob, order, name, bad):
    answer = api(bob).post_json(f"{address(order)}/create-paypal-payment", body(**{**URLS, name: bad}))
    assert error_of(answer) == (422, f"/data/attributes/{name}")


@pytest.mark.parametrize("junk", [[], {}, {"data": []}, {"data": {"attributes": 3}}])
def test_a_body_that_is_none_is_refused(api, bob, order, junk):
    for last in ("create-paypal-payment", "verify-mobile-paypal-payment"):
        assert api(bob).post_json(f"{address(order)}/{last}", junk).status_code == 400


def test_only_who_may_see_an_order_pays_it(api, eve, order):
    for last in ("create-paypal-payment", "verify-mobile-paypal-payment"):
        answers = [api(who).post_json(f"{address(order)}/{last}", body(**URLS)) for who in (None, eve)]
        assert [answer.status_code for answer in answers] == [401, 404]


def test_a_mobile_payment_completes_the_order(api, bob, order, local_paypal):
    path = f"{address(order)}/verify-mobile-paypal-payment"
    refused = api(bob).post_json(path, body(**{"payment-id": local_paypal.pay_in_app("1.00", "EUR")}))
    assert error_of(refused) == (422, "/data/attributes/payment-id")
    answer = api(bob).post_json(path, body(**{"payment-id": local_paypal.pay_in_app("20.00", "EUR")}))
    assert answer.json() == {"status": True, "error": None}
    order.refresh_from_db()
    assert order.status == "completed"


def test_a_provider_that_is_away_is_a_503_to_try_again(api, bob, order, local_paypal):
    local_paypal.mood = "down"
    answer = api(bob).post_json(f"{address(order)}/create-paypal-payment", body(**URLS))
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert api(bob).post(f"{address(order)}/verify").json() == {"payment_status": "pending"}
