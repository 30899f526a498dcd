"""How long a placed order waits for its money, who is told of it, and what comes when it is over."""

from datetime import timedelta

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Activity
from events.tests.factories import in_days
from notifications.models import Mail, Notification
from openevent.core.refusals import Refused
from orders.models import Order
from orders.services.edit_order import edit_order
from orders.services.ledger import paid_of
from orders.services.outbox import left_of
from orders.services.paying import pay_by_token
from orders.services.states import GUEST, change_status, explain, mark_paid, what_next
from orders.services.terms import expire_overdue, remind_of_payments, wait_longer
from orders.tasks import watch_payment_terms
from orders.tests.factories import make_discount, make_finished_order, make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def placed(bob, paid_ticket):
    return make_finished_order((paid_ticket, 2), by=bob, mode="bank")


def let_pass(order, **days):
    """As if so much of its time were over."""
    Order.objects.filter(pk=order.pk).update(
        expires_at=order.expires_at - timedelta(**days), created_at=order.created_at - timedelta(**days)
    )


def state_of(order):
    order.refresh_from_db()
    return order.status


def reserved(ticket):
    ticket.refresh_from_db()
    return ticket.reserved


def mails(kind):
    return list(Mail.objects.filter(kind=kind).values_list("recipient", flat=True))


def test_a_placed_order_waits_as_long_as_its_event_says(bob, event, paid_ticket, placed):
    assert (placed.expires_at - timezone.now()).days == 13
    event.payment_term = 3
    event.save()
    order = make_finished_order(paid_ticket, by=bob, mode="bank")
    assert (order.expires_at - timezone.now()).days == 2
    assert f"is awaited until {order.expires_at.astimezone(event.zone):%-d %B %Y}" in explain(order)
    assert what_next(order, by=bob) == "It can be cancelled or left to expire."


def test_when_its_time_is_over_its_seats_and_code_are_free_once_and_its_buyer_is_told(bob, event, paid_ticket):
    code = make_discount(event, paid_ticket, tickets_number=2)
    order = make_finished_order((paid_ticket, 2), by=bob, mode="bank", discount=code)
    let_pass(order, days=13, hours=23)
    assert (expire_overdue(), state_of(order)) == (0, "placed")
    let_pass(order, days=1)
    assert (expire_overdue(), expire_overdue(), state_of(order)) == (1, 0, "expired")
    code.refresh_from_db()
    assert (reserved(paid_ticket), code.used, mails("order-expired")) == (0, 0, [bob.email])
    assert Notification.objects.first().title == f"Your order for {event.name} was not paid in time"
    assert explain(order).startswith("No payment had arrived when its time to pay was over")


def test_money_that_arrives_late_takes_the_seats_again_or_is_refused(ada, bob, event, paid_ticket, placed):
    let_pass(placed, days=15)
    watch_payment_terms()
    mark_paid(placed, by=ada)
    assert (state_of(placed), reserved(paid_ticket), paid_of(placed)) == ("completed", 2, 40)
    assert placed.expires_at is None
    late = make_finished_order((paid_ticket, 2), by=bob, mode="bank")
    let_pass(late, days=15)
    watch_payment_terms()
    paid_ticket.quantity = 3
    paid_ticket.save()
    with pytest.raises(Refused, match="Only 1 left"):
        mark_paid(late, by=ada)
    assert state_of(late) == "expired"


def test_what_a_provider_has_of_it_goes_back(ada, bob, local_stripe, event, paid_ticket):
    order = pay_by_token(make_order(paid_ticket, by=bob), by=bob, token="tok_visa")
    change_status(order, "placed", by=ada, mode="bank")
    let_pass(order, days=15)
    watch_payment_terms()
    assert (left_of(order), [refund.amount for refund in order.refunds.all()]) == (0, [20])


def test_what_is_paid_at_the_door_is_awaited_there(bob, event, paid_ticket, placed):
    event.can_pay_onsite = True
    event.save()
    at_the_door = make_finished_order(paid_ticket, by=bob, mode="onsite")
    let_pass(at_the_door, days=20)
    edit_order(placed, by=bob, changes={"payment_mode": "onsite"})
    let_pass(placed, days=20)
    watch_payment_terms()
    assert {state_of(order) for order in (at_the_door, placed)} == {"placed"}
    assert "until" not in explain(at_the_door)


def test_its_buyer_is_reminded_once_in_the_last_three_days(bob, placed):
    let_pass(placed, days=10, hours=23)
    assert remind_of_payments() == 0
    let_pass(placed, days=11, hours=1)
    assert (remind_of_payments(), remind_of_payments()) == (1, 0)
    placed.refresh_from_db()
    [mail] = Mail.objects.filter(kind="payment-reminder")
    assert (mail.recipient, f"{placed.expires_at:%B %Y}" in mail.text) == (bob.email, True)


def test_nobody_is_reminded_on_the_day_of_their_order_nor_of_what_is_paid(ada, bob, event, paid_ticket, placed):
    event.payment_term = 2
    event.save()
    make_finished_order(paid_ticket, by=bob, mode="bank")
    let_pass(placed, days=12)
    mark_paid(placed, by=ada)
    assert remind_of_payments() == 0


def test_the_team_waits_longer_and_its_buyer_is_reminded_of_the_new_day(ada, bob, eve, placed):
    let_pass(placed, days=12)
    remind_of_payments()
    for who in (bob, eve):
        with pytest.raises(Refused) as refusal:
            wait_longer(placed, by=who)
        assert refusal.value.status == 403
    wait_longer(placed, by=ada)
    placed.refresh_from_db()
    assert (placed.expires_at - timezone.now()).days == 13
    assert (expire_overdue(), remind_of_payments()) == (0, 0)
    let_pass(placed, days=12)
    QuerySet(Activity).update(time=in_days(-12))  # the log itself lets nobody do that
    assert remind_of_payments() == 1


def test_only_what_is_awaited_can_be_awaited_longer(ada, bob, placed):
    mark_paid(placed, by=ada)
    with pytest.raises(Refused) as refusal:
        wait_longer(placed, by=ada)
    assert refusal.value.status == 409


def test_a_checkout_that_ends_tells_nobody_and_staff_who_end_an_order_tell_its_buyer(root, paid_ticket, placed):
    change_status(make_order(paid_ticket, by=GUEST), "expired", by=root)
    assert mails("order-expired") == []
    change_status(placed, "expired", by=root)
    assert len(mails("order-expired")) == 1


def test_an_order_that_was_deleted_or_is_paid_at_last_is_left_alone(ada, root, placed):
    assert in_days(0) < placed.expires_at
    mark_paid(placed, by=ada)
    Order.objects.update(expires_at=in_days(-1))
    assert (expire_overdue(), state_of(placed)) == (0, "completed")
