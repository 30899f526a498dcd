"""Giving money back through the API: the same service as on the order's page."""

from decimal import Decimal

import pytest

from orders.models import Refund
from orders.services.paying import pay_by_token
from orders.services.states import mark_paid
from orders.tests.api.client import address, error_of
from orders.tests.factories import make_finished_order, make_order


@pytest.fixture
def order(local_stripe, bob, paid_ticket):
    return pay_by_token(make_order((paid_ticket, 2), by=bob), by=bob, token="tok_visa")


def give(client, order, key=None, **attributes):
    if key:
        client.headers = {**client.headers, "Idempotency-Key": key}
    return client.post_json(f"{address(order)}/refund", {"data": {"attributes": attributes}})


def test_an_amount_then_a_ticket_then_what_is_left(api, ada, order):
    part = give(api(ada), order, amount=12.5, reason="Rain.")
    assert part.status_code == 201
    [refund] = part.json()["refunds"]
    assert (refund["amount"], refund["currency"], refund["provider"], refund["status"]) == (
        12.5,
        "EUR",
        "stripe",
        "on-its-way",
    )
    holder = order.attendees.first()
    [refund] = give(api(ada), order, attendees=[str(holder.pk)]).json()["refunds"]
    assert (refund["amount"], refund["attendee-id"]) == (20, str(holder.pk))
    assert order.attendees.filter(deleted_at=None).count() == 1
    assert [row["amount"] for row in give(api(ada), order).json()["refunds"]] == [7.5]
    assert error_of(give(api(ada), order)) == (409, "/data/attributes/amount")
    assert Refund.objects.order_by("pk").first().reason == "Rain."


def test_sent_again_with_its_key_it_is_given_once(api, ada, order):
    answers = [give(api(ada), order, key="k", amount=5) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert [refund.amount for refund in order.refunds.all()] == [5]


def test_only_the_team_gives_back(api, bob, eve, order):
    assert [give(api(who), order).status_code for who in (None, eve, bob)] == [401, 404, 403]
    assert not Refund.objects.exists()


def test_what_came_by_hand_goes_back_by_hand(api, ada, bob, paid_ticket):
    order = mark_paid(make_finished_order(paid_ticket, by=bob, mode="bank"), by=ada)
    [refund] = give(api(ada), order).json()["refunds"]
    assert (refund["provider"], refund["status"], Refund.objects.get().amount) == ("bank", "by-hand", Decimal(20))


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"amount": 41}, "amount"),
        ({"amount": 0}, "amount"),
        ({"amount": "a lot"}, "amount"),
        ({"amount": -1}, "amount"),
        ({"attendees": ["1000000"]}, "attendees"),
        ({"attendees": "all"}, "attendees"),
        ({"attendees": [{}]}, "attendees"),
        ({"reason": 5}, "reason"),
    ],
)
def test_what_makes_no_sense_is_refused_where_it_does_not(api, ada, order, sent, pointer):
    assert error_of(give(api(ada), order, **sent)) == (422, f"/data/attributes/{pointer}")
    assert not Refund.objects.exists()
