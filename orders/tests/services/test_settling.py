"""What providers say, in any order, late, twice or never: the order, the ledger and the mails come out the same."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Mail
from orders.models import LedgerLine, Order, Payment, ProviderEvent, Refund
from orders.payments.base import Pages
from orders.services.paying import pay_by_page, verify_payment
from orders.services.states import cancel_order, delete_order, mark_paid
from orders.services.stock import release_expired_holds
from orders.tasks import reconcile
from orders.tests.factories import make_discount, make_order, make_ticket

PAGES = Pages(success="http://shop.test/back", cancel="http://shop.test/pay")
ADDRESS = "/payments/stripe/webhook"


def pay_later(ticket, *, by, **options):
    """An order whose buyer is on the provider's page."""
    order = make_order(ticket, by=by, **options)
    pay_by_page(order, by=by, mode="stripe", pages=PAGES)
    order.refresh_from_db()
    return order


def pay(local_stripe, order):
    local_stripe.pay(order.payments.get().reference)


def outcome(order):
    order.refresh_from_db()
    mails = Mail.objects.about(order).values_list("kind", flat=True)
    ledger = [line.amount for line in LedgerLine.objects.filter(order=order)]
    return order.status, sorted(mails), ledger, [refund.amount for refund in order.refunds.all()]


def four_events(local_stripe):
    """A card that fails and a card that pays, as Stripe tells it."""
    wanted = (
        "payment_intent.payment_failed",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    )
    return [next(event for event in local_stripe.events if event["type"] == kind) for kind in wanted]


@pytest.mark.parametrize("ways", range(24))
def test_four_events_each_twice_in_every_order_end_alike(local_stripe, bob, paid_ticket, deliver, ways):
    order = pay_later(paid_ticket, by=bob)
    local_stripe.pay(order.payments.get().reference, "4000000000000002")
    pay(local_stripe, order)
    in_this_order = list(itertools.permutations(four_events(local_stripe)))[ways]
    assert [deliver(event) for event in (*in_this_order, *reversed(in_this_order))] == [200] * 8
    assert outcome(order) == ("completed", ["order-completed"], [20], [])
    assert ProviderEvent.objects.exclude(handled_at=None).count() == 4


def test_forged_events_leave_nothing(client, local_stripe, bob, paid_ticket, deliver, settings):
    order = pay_later(paid_ticket, by=bob)
    pay(local_stripe, order)
    event = local_stripe.events[-1]
    body, signature = local_stripe.message(event)
    send = lambda body, **headers: client.post(ADDRESS, body, content_type="application/json", headers=headers)  # noqa: E731
    assert send(body.replace("usd", "eur").replace("20", "21"), **{"Stripe-Signature": signature}).status_code == 400
    assert send(body).status_code == 400
    assert send(b"\xff\xfe", **{"Stripe-Signature": signature}).status_code == 400
    assert send(body, **{"Stripe-Signature": "t=1,v1=aa"}).status_code == 400
    assert deliver(event, secret="whsec_wrong") == 400
    assert deliver(event, at=timezone.now().timestamp() - 301) == 400
    assert client.get(ADDRESS).status_code == 405
    assert ProviderEvent.objects.count() == 0
    assert outcome(order)[0] == "pending"
    settings.STRIPE_WEBHOOK_SECRETS = []
    assert deliver(event) == 400


def test_while_a_secret_is_replaced_both_are_good(local_stripe, bob, paid_ticket, deliver, settings):
    pay_later(paid_ticket, by=bob)
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", "whsec_old"]
    first, second = local_stripe.events[0], {**local_stripe.events[0], "id": "evt_other"}
    assert [deliver(first, secret="whsec_new"), deliver(second, secret="whsec_old")] == [200, 200]


def test_an_event_of_no_order_of_ours_is_kept(local_stripe, deliver):
    stray = {"id": "evt_stray", "type": "payment_intent.succeeded", "data": {"object": {"id": "pi_stray"}}}
    assert deliver(stray) == 200
    event = ProviderEvent.objects.get()
    assert (event.handled_at, event.tries, "No payment of ours" in event.error) == (None, 1, True)


def test_an_event_on_a_bad_day_is_followed_later(local_stripe, bob, paid_ticket, deliver):
    order = pay_later(paid_ticket, by=bob)
    pay(local_stripe, order)
    local_stripe.mood = "down"
    assert deliver(local_stripe.events[-1]) == 200
    assert outcome(order)[0] == "pending"
    local_stripe.mood = ""
    ProviderEvent.objects.update(next_try_at=timezone.now())
    reconcile()
    assert outcome(order) == ("completed", ["order-completed"], [20], [])


def test_a_payment_is_found_when_neither_browser_nor_event_came_back(local_stripe, bob, paid_ticket):
    order = pay_later(paid_ticket, by=bob)
    pay(local_stripe, order)
    reconcile()
    assert outcome(order)[0] == "pending"  # its buyer may still be typing
    Payment.objects.update(next_look_at=timezone.now())
    reconcile()
    assert outcome(order) == ("completed", ["order-completed"], [20], [])
    asked = len(local_stripe.requests)
    reconcile()
    assert len(local_stripe.requests) == asked


def test_a_payment_that_nobody_makes_is_asked_about_ever_less_and_then_given_up(local_stripe, bob, paid_ticket):
    order = pay_later(paid_ticket, by=bob)
    waits = []
    for _ in range(4):
        Payment.objects.update(next_look_at=timezone.now())
        reconcile()
        waits.append(round((order.payments.get().next_look_at - timezone.now()).total_seconds() / 60))
    assert waits == [2, 3, 5, 10]
    Payment.objects.update(next_look_at=timezone.now(), created_at=timezone.now() - timedelta(days=4))
    reconcile()
    assert (order.payments.get().state, order.payments.get().next_look_at) == ("failed", None)


# ── Too late ─────────────────────────────────────────────────────────────────────────────────────


def end_the_hold(order):
    Order.objects.filter(pk=order.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize("tidied", [False, True])
def test_paid_after_the_hold_ended_it_is_completed_while_a_seat_is_free(local_stripe, bob, event, tidied):
    seat = make_ticket(event, price="20", quantity=1)
    order = pay_later(seat, by=bob)
    pay(local_stripe, order)
    end_the_hold(order)
    if tidied:
        release_expired_holds()
    verify_payment(order)
    assert outcome(order) == ("completed", ["order-completed"], [20], [])
    seat.refresh_from_db()
    assert seat.reserved == 1


def test_paid_after_the_seat_was_sold_it_goes_back_and_the_buyer_is_told(
    local_stripe, bob, eve, event, django_capture_on_commit_callbacks
):
    seat = make_ticket(event, price="20", quantity=1)
    order = pay_later(seat, by=bob)
    end_the_hold(order)
    other = make_order(seat, by=eve)
    pay(local_stripe, order)
    with django_capture_on_commit_callbacks(execute=True):
        verify_payment(order)
    assert outcome(order) == ("expired", ["payment-returned"], [20, -20], [20])
    assert local_stripe.balance() == {"eur": 0}
    assert "last places had been sold" in Mail.objects.about(order).get().text
    assert other.current_status == "initializing"
    verify_payment(order)
    assert outcome(order)[2] == [20, -20]


def test_paid_after_others_had_used_the_code_up_it_goes_back_and_the_buyer_is_told(
    local_stripe, bob, eve, event, paid_ticket, django_capture_on_commit_callbacks
):
    code = make_discount(event, paid_ticket, tickets_number=1)
    order = pay_later(paid_ticket, by=bob, discount=code)
    end_the_hold(order)
    make_order(paid_ticket, by=eve, discount=code)
    pay(local_stripe, order)
    with django_capture_on_commit_callbacks(execute=True):
        verify_payment(order)
    assert outcome(order) == ("expired", ["payment-returned"], [15, -15], [15])
    assert "others had used your code" in Mail.objects.about(order).get().text
    code.refresh_from_db()
    assert code.used == 1


def test_paid_after_the_hold_ended_it_uses_its_code_again(local_stripe, bob, event, paid_ticket):
    code = make_discount(event, paid_ticket, tickets_number=1)
    order = pay_later(paid_ticket, by=bob, discount=code)
    pay(local_stripe, order)
    end_the_hold(order)
    release_expired_holds()
    code.refresh_from_db()
    assert code.used == 0
    verify_payment(order)
    code.refresh_from_db()
    assert (outcome(order)[0], code.used) == ("completed", 1)


def test_a_seat_that_another_ended_hold_keeps_is_free(local_stripe, bob, eve, event):
    seat = make_ticket(event, price="20", quantity=1)
    order = pay_later(seat, by=bob)
    end_the_hold(order)
    other = make_order(seat, by=eve)
    end_the_hold(other)
    pay(local_stripe, order)
    verify_payment(order)
    assert outcome(order)[0] == "completed"
    assert outcome(other)[0] == "expired"


@pytest.mark.parametrize("paid_otherwise", [True, False])
def test_what_is_paid_twice_or_after_a_cancellation_goes_back(
    local_stripe, ada, bob, paid_ticket, paid_otherwise, django_capture_on_commit_callbacks
):
    order = pay_later(paid_ticket, by=bob)
    mark_paid(order, by=ada) if paid_otherwise else cancel_order(order, by=bob)
    pay(local_stripe, order)
    with django_capture_on_commit_callbacks(execute=True):
        verify_payment(order)
    status, mails, ledger, refunds = outcome(order)
    assert (status, refunds) == ("completed" if paid_otherwise else "cancelled", [20])
    assert ledger == ([20, 20, -20] if paid_otherwise else [20, -20])
    assert mails.count("payment-returned") == 1
    assert local_stripe.balance() == {"eur": 0}


def test_money_for_an_order_that_staff_deleted_goes_back(local_stripe, root, bob, paid_ticket):
    order = pay_later(paid_ticket, by=bob)
    delete_order(order, by=root)
    pay(local_stripe, order)
    verify_payment(order)
    assert [refund.amount for refund in Refund.objects.all()] == [20]
