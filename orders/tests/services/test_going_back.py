"""What goes back at a provider without us, or comes back from there: found, booked once, and the sums are the same."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from openevent.core.refusals import Refused
from orders.models import LedgerLine, Payment, Refund
from orders.payments.base import ProviderAway
from orders.services.ledger import left_of, owed_of, paid_of
from orders.services.outbox import send_back, try_refund_again
from orders.services.paying import ask_paypal, execute_paypal, pay_by_page, pay_by_token, verify_payment
from orders.services.refunding import confirm_refund, refund_order
from orders.services.timeline import outline_of, timeline_of
from orders.tasks import reconcile, send_waiting_refunds
from orders.tests.factories import make_order
from orders.tests.services.test_settling import PAGES


@pytest.fixture(params=["a token", "a page"])
def order(request, local_stripe, bob, paid_ticket):
    """Two tickets of 20, paid by card."""
    order = make_order((paid_ticket, 2), by=bob)
    if request.param == "a token":
        return pay_by_token(order, by=bob, token="tok_visa")
    pay_by_page(order, by=bob, mode="stripe", pages=PAGES)
    local_stripe.pay(order.payments.get().reference)
    return verify_payment(order)


@pytest.fixture
def by_token(local_stripe, bob, paid_ticket):
    return pay_by_token(make_order((paid_ticket, 2), by=bob), by=bob, token="tok_visa")


def money_of(order):
    return order.payments.get().money_reference


def booked(order):
    return [line.amount for line in order.ledger.all()]


def agrees_with(provider):
    """The ledger's lines of this provider come to what it has."""
    ours = Counter()
    for line in LedgerLine.objects.exclude(payment=None):
        ours[line.currency] += int(line.amount * 100)
    return +ours == +Counter({currency.upper(): amount for currency, amount in provider.balance().items()})


def tell_all(deliver, local_stripe, times=2):
    for event in list(local_stripe.events) * times:
        assert deliver({**event, "id": f"{event['id']}-{Refund.objects.count()}-{timezone.now()}"}) == 200


def test_what_somebody_gives_back_on_the_provider_s_pages_is_found_once(local_stripe, order, deliver):
    local_stripe.refund_by_hand(money_of(order), 1500)
    tell_all(deliver, local_stripe)
    [refund] = order.refunds.all()
    assert (refund.source, refund.state, refund.amount) == ("provider", "done", 15)
    assert (booked(order), left_of(order), agrees_with(local_stripe)) == ([40, -15], 25, True)
    titles = [line.title for line in outline_of(order)]
    assert titles.count("€15.00 given back by the provider") == 1


def test_the_clock_finds_it_when_no_event_comes(local_stripe, by_token):
    payment = by_token.payments.get()
    days = []
    for number in range(4):
        days.append(round((payment.next_look_at - timezone.now()) / timedelta(days=1)))
        Payment.objects.update(next_look_at=timezone.now())
        if number == 2:
            local_stripe.refund_by_hand(money_of(by_token))
        reconcile()
        payment.refresh_from_db()
    assert (days, booked(by_token), agrees_with(local_stripe)) == ([1, 6, 23, 1], [40, -40], True)


def test_a_payment_is_not_looked_after_for_ever(local_stripe, by_token):
    for _ in range(4):
        Payment.objects.update(next_look_at=timezone.now())
        reconcile()
    assert by_token.payments.get().next_look_at is None


def test_a_refund_that_fails_late_comes_back_and_is_tried_again(local_stripe, ada, order, deliver):
    [refund] = refund_order(order, by=ada, amount=Decimal(15))
    send_back(refund.pk)
    refund.refresh_from_db()
    local_stripe.fail_refund(refund.reference)
    tell_all(deliver, local_stripe)
    refund.refresh_from_db()
    assert (refund.state, "lost or stolen card" in refund.error) == ("failed", True)
    assert (booked(order), owed_of(order), agrees_with(local_stripe)) == ([40, -15, 15], 15, True)
    first = refund.reference
    try_refund_again(refund, by=ada)
    send_back(refund.pk)
    refund.refresh_from_db()
    assert (refund.state, refund.reference != first, booked(order)) == ("done", True, [40, -15, 15, -15])
    tell_all(deliver, local_stripe)
    assert (booked(order), agrees_with(local_stripe)) == ([40, -15, 15, -15], True)
    local_stripe.fail_refund(refund.reference)
    tell_all(deliver, local_stripe)
    assert (booked(order), agrees_with(local_stripe)) == ([40, -15, 15, -15, 15], True)
    assert "€15.00 came back from a refund" in [line.title for line in timeline_of(order)]


def test_a_failure_between_two_tries_is_not_taken_for_a_success(local_stripe, ada, by_token):
    [refund] = refund_order(by_token, by=ada)
    local_stripe.mood = "lost"
    send_back(refund.pk)
    local_stripe.mood = ""
    [given] = local_stripe.table("refunds").values()
    local_stripe.fail_refund(given["id"])
    Refund.objects.update(next_try_at=timezone.now())
    send_waiting_refunds()
    refund.refresh_from_db()
    assert (refund.state, booked(by_token)) == ("failed", [40])
    for _ in range(2):
        try_refund_again(refund, by=ada)
        send_back(refund.pk)
        refund.refresh_from_db()
        assert (refund.state, agrees_with(local_stripe)) == ("done", True)
        local_stripe.fail_refund(refund.reference)
        Payment.objects.update(next_look_at=timezone.now())
        reconcile()
        refund.refresh_from_db()
        assert (refund.state, agrees_with(local_stripe)) == ("failed", True)


def test_a_try_after_the_provider_has_forgotten_our_keys_gives_nothing_twice(local_stripe, ada, order):
    [refund] = refund_order(order, by=ada, amount=Decimal(15))
    local_stripe.mood = "lost"
    send_back(refund.pk)
    local_stripe.mood = ""
    local_stripe.forget_keys()
    Refund.objects.update(next_try_at=timezone.now())
    send_waiting_refunds()
    refund.refresh_from_db()
    assert (refund.state, booked(order), len(local_stripe.table("refunds"))) == ("done", [40, -15], 1)


def test_nor_does_one_that_was_given_up_meanwhile(local_stripe, ada, by_token):
    [refund] = refund_order(by_token, by=ada, amount=Decimal(15))
    local_stripe.mood = "lost"
    send_back(refund.pk)
    Refund.objects.update(state="failed", next_try_at=None)
    local_stripe.mood = ""
    local_stripe.forget_keys()
    try_refund_again(refund, by=ada)
    send_back(refund.pk)
    refund.refresh_from_db()
    assert (refund.state, booked(by_token), len(local_stripe.table("refunds"))) == ("done", [40, -15], 1)


def test_what_the_team_owes_and_gives_on_the_provider_s_pages_is_not_given_twice(local_stripe, ada, by_token, deliver):
    [refund] = refund_order(by_token, by=ada)
    local_stripe.declining = True
    send_back(refund.pk)
    local_stripe.declining = False
    local_stripe.refund_by_hand(money_of(by_token))
    tell_all(deliver, local_stripe)
    refund.refresh_from_db()
    assert (refund.state, refund.source, booked(by_token)) == ("done", "house", [40, -40])
    with pytest.raises(Refused, match="was given"):
        try_refund_again(refund, by=ada)


def test_what_was_said_to_be_given_by_hand_and_was_given_there_is_booked_there(local_stripe, ada, by_token, deliver):
    [refund] = refund_order(by_token, by=ada)
    confirm_refund(refund, by=ada)
    assert [(line.provider, line.amount) for line in by_token.ledger.all()] == [("stripe", 40), ("by hand", -40)]
    assert agrees_with(local_stripe)
    local_stripe.refund_by_hand(money_of(by_token))
    tell_all(deliver, local_stripe)
    assert (paid_of(by_token), agrees_with(local_stripe), by_token.refunds.count()) == (0, True, 1)


def test_a_promise_that_is_no_longer_there_is_not_owed(local_stripe, ada, by_token, deliver):
    refund_order(by_token, by=ada, amount=Decimal(30))
    local_stripe.refund_by_hand(money_of(by_token), 2000)
    tell_all(deliver, local_stripe)
    assert [(one.amount, one.state) for one in by_token.refunds.order_by("pk")] == [(30, "undone"), (20, "done")]
    assert (left_of(by_token), agrees_with(local_stripe)) == (20, True)


def test_a_refund_of_others_that_fails_is_nobodys_debt(local_stripe, by_token, deliver):
    given = local_stripe.refund_by_hand(money_of(by_token))
    tell_all(deliver, local_stripe)
    local_stripe.fail_refund(given["id"])
    tell_all(deliver, local_stripe)
    assert (booked(by_token), owed_of(by_token), agrees_with(local_stripe)) == ([40, -40, 40], 0, True)
    assert by_token.refunds.get().state == "undone"


@pytest.mark.parametrize(("end", "lines"), [("lost", [40, -40]), ("won", [40, -40, 40])])
def test_a_dispute_is_seen_until_it_is_decided(local_stripe, order, deliver, end, lines):
    dispute = local_stripe.dispute(money_of(order))
    tell_all(deliver, local_stripe)
    [row] = order.refunds.all()
    assert (row.source, row.state, row.done_at, booked(order)) == ("dispute", "done", None, [40, -40])
    assert "product not received" in row.reason
    assert agrees_with(local_stripe)
    assert "taken back by the buyer’s bank" in timeline_of(order)[0].title
    assert all("bank" not in line.title for line in outline_of(order))
    local_stripe.decide_dispute(dispute, end)
    tell_all(deliver, local_stripe)
    row.refresh_from_db()
    assert (booked(order), row.done_at is not None, agrees_with(local_stripe)) == (lines, True, True)


def test_a_bank_that_only_asks_takes_nothing(local_stripe, by_token, deliver):
    local_stripe.dispute(money_of(by_token), "warning_needs_response")
    tell_all(deliver, local_stripe)
    assert (booked(by_token), by_token.refunds.count()) == ([40], 0)


# ── PayPal ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def by_paypal(local_paypal, bob, paid_ticket):
    paid_ticket.event.refresh_from_db()
    order = make_order((paid_ticket, 2), by=bob)
    payment = ask_paypal(order, by=bob, pages=PAGES)
    return execute_paypal(order, by=bob, payment_id=payment.reference, payer_id=local_paypal.approve(payment.reference))


@pytest.fixture
def tell(client, local_paypal, django_capture_on_commit_callbacks):
    def tell():
        body, headers = local_paypal.message({**local_paypal.events[-1], "id": f"WH-{timezone.now()}"})
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post("/payments/paypal/webhook", body, content_type="application/json", headers=headers)
        assert answer.status_code == 200

    return tell


def test_paypal_s_own_refunds_are_found_and_come_back(local_paypal, by_paypal, tell):
    given = local_paypal.refund_by_hand(money_of(by_paypal), "15.00")
    tell()
    tell()
    assert (booked(by_paypal), agrees_with(local_paypal)) == ([40, -15], True)
    local_paypal.fail_refund(given["id"])
    tell()
    tell()
    assert (booked(by_paypal), agrees_with(local_paypal)) == ([40, -15, 15], True)


def test_a_refund_whose_key_paypal_has_forgotten_is_given_once(local_paypal, ada, by_paypal):
    [refund] = refund_order(by_paypal, by=ada, amount=Decimal(15))
    local_paypal.mood = "lost"
    send_back(refund.pk)
    local_paypal.mood = ""
    local_paypal.forget_keys()
    Refund.objects.update(next_try_at=timezone.now())
    send_waiting_refunds()
    refund.refresh_from_db()
    assert (refund.state, booked(by_paypal), len(local_paypal.table("refunds"))) == ("done", [40, -15], 1)


def test_money_that_went_back_before_we_heard_that_it_came_is_booked_both_ways(local_paypal, bob, paid_ticket, tell):
    paid_ticket.event.refresh_from_db()
    order = make_order(paid_ticket, by=bob)
    payment = ask_paypal(order, by=bob, pages=PAGES)
    payer = local_paypal.approve(payment.reference)
    local_paypal.mood = "lost"
    with pytest.raises(ProviderAway):
        execute_paypal(order, by=bob, payment_id=payment.reference, payer_id=payer)
    local_paypal.mood = ""
    [sale] = local_paypal.table("sales")
    local_paypal.refund_by_hand(sale)
    tell()
    assert (booked(order), agrees_with(local_paypal)) == ([20, -20], True)
