"""More time for a hold, and giving it up."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Mail
from openevent.core.refusals import Refused
from orders.models import Order
from orders.services.holding import extend_hold, extensions_left, give_up_hold
from orders.tests.factories import make_finished_order, make_order


def test_a_hold_gets_ten_minutes_more_ten_times(bob, free_ticket):
    order = make_order(free_ticket, by=bob)
    ends = order.expires_at
    for number in range(1, 11):
        order = extend_hold(order, by=bob)
        assert (order.expires_at, extensions_left(order)) == (ends + timedelta(minutes=10 * number), 10 - number)
    with pytest.raises(Refused) as refusal:
        extend_hold(order, by=bob)
    assert (refusal.value.code, refusal.value.status) == ("hold-extended-too-often", 409)


@pytest.mark.parametrize("verb", [extend_hold, give_up_hold])
def test_a_hold_that_has_ended_stays_ended(bob, free_ticket, verb):
    order = make_order(free_ticket, by=bob)
    Order.objects.filter(pk=order.pk).update(expires_at=timezone.now())
    with pytest.raises(Refused) as refusal:
        verb(order, by=bob)
    assert refusal.value.code == "order-expired"


@pytest.mark.parametrize("verb", [extend_hold, give_up_hold])
def test_a_finished_order_is_no_hold(bob, free_ticket, verb):
    order = make_finished_order(free_ticket, by=bob)
    with pytest.raises(Refused) as refusal:
        verb(order, by=bob)
    free_ticket.refresh_from_db()
    assert (refusal.value.code, free_ticket.reserved) == ("order-not-open", 1)


def test_a_hold_given_up_frees_its_seats_at_once_and_tells_nobody(bob, free_ticket):
    order = make_order((free_ticket, 2), by=bob)
    give_up_hold(order, by=bob)
    order.refresh_from_db()
    free_ticket.refresh_from_db()
    assert (order.status, free_ticket.reserved, Mail.objects.count()) == ("expired", 0, 0)
