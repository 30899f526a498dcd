"""Paying by PayPal: against one of our own."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from openevent.core.refusals import Refused
from orders.models import LedgerLine, Payment, ProviderEvent
from orders.payments import paypal as door
from orders.payments.base import Declined, Pages, ProviderAway
from orders.services.outbox import send_back
from orders.services.paying import ask_paypal, execute_paypal, pay_by_page, verify_app_payment, verify_payment
from orders.services.refunding import refund_order
from orders.tests.factories import make_order

PAGES = Pages(success="http://shop.test/back", cancel="http://shop.test/pay")


@pytest.fixture
def order(local_paypal, bob, paid_ticket):
    paid_ticket.event.refresh_from_db()
    return make_order(paid_ticket, by=bob)


def test_the_buyer_approves_and_comes_back(local_paypal, bob, order):
    payment = ask_paypal(order, by=bob, pages=PAGES)
    assert payment.pay_url.startswith(f"{local_paypal.address}/checkoutnow")
    assert ask_paypal(order, by=bob, pages=PAGES).reference == payment.reference
    with pytest.raises(Declined, match="not approved"):
        execute_paypal(order, by=bob, payment_id=payment.reference, payer_id="NOBODY")
    payer = local_paypal.approve(payment.reference)
    order = execute_paypal(order, by=bob, payment_id=payment.reference, payer_id=payer)
    assert (order.status, order.paid_via, local_paypal.balance()) == ("completed", "paypal", {"EUR": 2000})
    assert execute_paypal(order, by=bob, payment_id=payment.reference, payer_id=payer).status == "completed"
    assert [(line.provider, line.amount) for line in LedgerLine.objects.all()] == [("paypal", 20)]


def test_a_client_that_names_nothing_means_the_open_payment(local_paypal, bob, order):
    payment = ask_paypal(order, by=bob, pages=PAGES)
    with pytest.raises(Declined, match="not approved"):
        execute_paypal(order, by=bob)
    local_paypal.approve(payment.reference)
    assert execute_paypal(order, by=bob).status == "completed"


def test_a_payment_of_another_order_is_nobodys_here(local_paypal, bob, order, paid_ticket):
    payment = ask_paypal(make_order(paid_ticket, by=bob), by=bob, pages=PAGES)
    payer = local_paypal.approve(payment.reference)
    with pytest.raises(Declined, match="No such PayPal payment"):
        execute_paypal(order, by=bob, payment_id=payment.reference, payer_id=payer)


def test_a_stranger_pays_nothing(eve, bob, order):
    for ask in (lambda: execute_paypal(order, by=eve), lambda: verify_app_payment(order, by=eve, payment_id="X")):
        with pytest.raises(Refused) as refusal:
            ask()
        assert refusal.value.status == 403


def test_a_declined_payment_says_why_and_the_hold_stays(local_paypal, bob, order):
    payment = ask_paypal(order, by=bob, pages=PAGES)
    payer = local_paypal.approve(payment.reference)
    local_paypal.declining = True
    with pytest.raises(Declined, match="declined"):
        execute_paypal(order, by=bob, payment_id=payment.reference, payer_id=payer)
    order.refresh_from_db()
    assert (order.current_status, local_paypal.balance()) == ("pending", {})


@pytest.mark.parametrize("mood", ["down", "slow", "garbage", "lost"])
def test_on_a_bad_day_the_hold_stays_and_nothing_is_taken_twice(local_paypal, bob, order, mood, monkeypatch):
    monkeypatch.setattr(door, "SECONDS", (1, 0.3))
    local_paypal.seconds_when_slow = 0.5
    payment = ask_paypal(order, by=bob, pages=PAGES)
    payer = local_paypal.approve(payment.reference)
    local_paypal.mood = mood
    with pytest.raises(ProviderAway):
        execute_paypal(order, by=bob, payment_id=payment.reference, payer_id=payer)
    assert verify_payment(order).current_status == "pending"
    local_paypal.mood = ""
    order = execute_paypal(order, by=bob, payment_id=payment.reference, payer_id=payer)
    assert (order.status, local_paypal.balance()) == ("completed", {"EUR": 2000})


def test_what_was_executed_is_found_when_its_answer_got_lost(local_paypal, bob, order):
    payment = ask_paypal(order, by=bob, pages=PAGES)
    payer = local_paypal.approve(payment.reference)
    local_paypal._execute(local_paypal.table("payments")[payment.reference])
    assert verify_payment(order).status == "completed"
    assert execute_paypal(order, by=bob, payment_id=payment.reference, payer_id=payer).status == "completed"
    assert local_paypal.balance() == {"EUR": 2000}


def test_an_app_pays_this_amount_for_one_order(local_paypal, bob, order, paid_ticket):
    with pytest.raises(Declined, match="not of this amount"):
        verify_app_payment(order, by=bob, payment_id=local_paypal.pay_in_app("2.00", "EUR"))
    with pytest.raises(Declined, match="not of this amount"):
        verify_app_payment(order, by=bob, payment_id=local_paypal.pay_in_app("20.00", "USD"))
    with pytest.raises(Declined, match="knows no such payment"):
        verify_app_payment(order, by=bob, payment_id="PAYID-NOWHERE")
    paid = local_paypal.pay_in_app("20.00", "EUR")
    assert verify_app_payment(order, by=bob, payment_id=paid).status == "completed"
    assert verify_app_payment(order, by=bob, payment_id=paid).status == "completed"
    with pytest.raises(Declined, match="another order"):
        verify_app_payment(make_order(paid_ticket, by=bob), by=bob, payment_id=paid)
    assert Payment.objects.filter(state="paid").count() == 1


def test_a_refund_goes_back_the_way_it_came(local_paypal, ada, bob, order):
    payment = ask_paypal(order, by=bob, pages=PAGES)
    order = execute_paypal(order, by=bob, payer_id=local_paypal.approve(payment.reference))
    [refund] = refund_order(order, by=ada, amount=Decimal(5))
    send_back(refund.pk)
    refund.refresh_from_db()
    assert (refund.state, local_paypal.balance()) == ("done", {"EUR": 1500})


def test_wrong_keys_are_no_fault_of_the_buyers(local_paypal, bob, order, settings):
    keys = type(bob)._meta.apps.get_model("accounts", "Setting").current()
    keys.paypal_sandbox_secret = "wrong"
    keys.save()
    with pytest.raises(Declined, match="not set up"):
        pay_by_page(order, by=bob, mode="paypal", pages=PAGES)


# ── What PayPal tells ────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def deliver(client, local_paypal, django_capture_on_commit_callbacks):
    def deliver(body, headers):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post("/payments/paypal/webhook", body, content_type="application/json", headers=headers)
        return answer.status_code

    return deliver


@pytest.fixture
def sale(local_paypal, bob, order):
    """The event of a payment that was executed, of which we have not heard."""
    payment = ask_paypal(order, by=bob, pages=PAGES)
    local_paypal._execute(local_paypal.table("payments")[payment.reference])
    return local_paypal.events[-1]


def test_an_event_completes_the_order_once(local_paypal, order, sale, deliver):
    assert [deliver(*local_paypal.message(sale)) for _ in range(2)] == [200, 200]
    order.refresh_from_db()
    assert (order.status, LedgerLine.objects.count(), ProviderEvent.objects.count()) == ("completed", 1, 1)


def test_forged_events_leave_nothing(local_paypal, order, sale, deliver, settings):
    body, headers = local_paypal.message(sale)
    assert deliver(body.replace("completed", "completes"), headers) == 400
    assert deliver(*local_paypal.message(sale, webhook="WH-OTHER")) == 400
    assert deliver(*local_paypal.message(sale, at=timezone.now() - timedelta(seconds=310))) == 400
    for name in headers:
        assert deliver(body, {key: value for key, value in headers.items() if key != name}) == 400
    for junk in ("", "[]", "{", '{"id": 1, "resource": []}'):
        assert deliver(junk, headers) == 400
    settings.PAYPAL_WEBHOOK_IDS = []
    assert deliver(body, headers) == 400
    assert (ProviderEvent.objects.count(), order.payments.get().state) == (0, "started")


def test_while_paypal_is_away_it_is_asked_to_send_the_event_again(local_paypal, sale, deliver):
    body, headers = local_paypal.message(sale)
    local_paypal.mood = "down"
    assert deliver(body, headers) == 503
    assert ProviderEvent.objects.count() == 0
