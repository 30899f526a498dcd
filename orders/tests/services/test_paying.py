"""Paying by card: against a Stripe of our own, with its good days and its bad ones."""

import json
from decimal import Decimal

import pytest

from accounts.models import Setting
from notifications.models import Mail
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused
from orders.demo.providers.stripe import GOOD, SCA
from orders.models import LedgerLine, Payment
from orders.models.payment import STARTED, new_key
from orders.payments import stripe as door
from orders.payments.base import Declined, Pages, ProviderAway
from orders.services.paying import pay_by_intent, pay_by_page, pay_by_token, verify_payment
from orders.tests.factories import make_order

PAGES = Pages(success="http://shop.test/back", cancel="http://shop.test/pay")


def kinds_of_mail(order):
    return sorted(Mail.objects.about(order).values_list("kind", flat=True))


def ledger_of(order):
    return [(line.provider, line.amount) for line in LedgerLine.objects.filter(order=order)]


def session_of(order):
    return order.payments.get(kind="checkout").reference


def test_the_hosted_page_takes_the_money_and_verifying_completes_the_order(local_stripe, bob, paid_ticket):
    order = make_order((paid_ticket, 2), by=bob)
    address = pay_by_page(order, by=bob, mode="stripe", pages=PAGES)
    assert address.startswith(local_stripe.address)
    order.refresh_from_db()
    assert (order.status, order.payment_mode) == ("pending", "stripe")
    assert verify_payment(order).status == "pending"
    local_stripe.pay(session_of(order))
    order = verify_payment(order)
    assert (order.status, order.paid_via, order.last4, order.brand) == ("completed", "stripe", "4242", "visa")
    assert ledger_of(order) == [("stripe", 40)]
    assert kinds_of_mail(order) == ["order-completed"]
    [customer] = local_stripe.table("customers").values()
    [charge] = local_stripe.table("charges").values()
    assert (customer["email"], charge["amount"], charge["currency"]) == (bob.email, 4000, "eur")


def test_whoever_comes_again_is_sent_to_the_same_page(local_stripe, bob, paid_ticket):
    order = make_order(paid_ticket, by=bob)
    first = pay_by_page(order, by=bob, mode="stripe", pages=PAGES)
    assert pay_by_page(order, by=bob, mode="stripe", pages=PAGES) == first
    assert len(local_stripe.table("sessions")) == 1


def test_a_client_with_a_page_of_its_own_gets_the_secret_of_an_intent(local_stripe, bob, paid_ticket):
    order = make_order(paid_ticket, by=bob)
    told = json.loads(pay_by_intent(order, by=bob))
    assert told["client_secret"].startswith(told["id"])
    assert json.loads(pay_by_intent(order, by=bob)) == told
    assert local_stripe.pay(told["id"], SCA) == "requires_action"
    assert verify_payment(order).status == "pending"
    local_stripe.pay(told["id"])
    assert verify_payment(order).status == "completed"


def test_a_token_is_charged_at_once(local_stripe, bob, paid_ticket):
    order = make_order(paid_ticket, by=bob)
    assert pay_by_token(order, by=bob, token="tok_visa").status == "completed"
    with pytest.raises(Refused, match="is paid"):
        pay_by_token(order, by=bob, token="tok_visa")
    assert local_stripe.balance() == {"eur": 2000}


def test_a_declined_card_says_why_keeps_the_hold_and_another_card_pays(local_stripe, bob, paid_ticket):
    order = make_order(paid_ticket, by=bob)
    with pytest.raises(Declined, match="Your card was declined") as refusal:
        pay_by_token(order, by=bob, token="tok_chargeDeclined")
    assert refusal.value.status == 422
    order.refresh_from_db()
    assert order.current_status == "pending"
    assert pay_by_token(order, by=bob, token="tok_visa").status == "completed"
    assert local_stripe.balance() == {"eur": 2000}


@pytest.mark.parametrize("mood", ["down", "slow", "garbage", "lost"])
def test_on_a_bad_day_of_the_provider_the_hold_stays_and_nothing_is_charged_twice(
    local_stripe, bob, paid_ticket, mood, monkeypatch
):
    monkeypatch.setattr(door, "SECONDS", (1, 0.3))
    local_stripe.seconds_when_slow = 0.5
    order = make_order(paid_ticket, by=bob)
    local_stripe.mood = mood
    with pytest.raises(ProviderAway) as refusal:
        pay_by_page(order, by=bob, mode="stripe", pages=PAGES)
    assert (refusal.value.status, refusal.value.retry_after) == (503, 30)
    local_stripe.mood = ""
    with pytest.raises(Declined):  # now only the charge will get lost
        pay_by_token(order, by=bob, token="tok_chargeDeclined")
    Payment.objects.filter(kind="token").update(state=STARTED, key=new_key(), reference="")
    customer = next(row for row in local_stripe.table("customers").values() if row.get("source"))
    customer["card"] = GOOD
    local_stripe.mood = mood
    with pytest.raises(ProviderAway):
        pay_by_token(order, by=bob, token="tok_visa")
    assert verify_payment(order).current_status == "pending"
    local_stripe.mood = ""
    order = pay_by_token(order, by=bob, token="tok_visa")
    assert (order.status, local_stripe.balance(), ledger_of(order)) == ("completed", {"eur": 2000}, [("stripe", 20)])


@pytest.mark.parametrize(
    ("amount", "currency", "number"),
    [("12.34", "EUR", 1234), ("500", "JPY", 500), ("5.120", "KWD", 5120), ("7", "ISK", 700), ("7", "UGX", 700)],
)
def test_amounts_go_out_in_the_lowest_unit_and_come_back_the_same(amount, currency, number):
    assert door.units(Decimal(amount), currency) == number
    assert door.amount_of(number, currency) == Decimal(amount)


def test_a_third_digit_that_stripe_does_not_take_is_refused():
    with pytest.raises(Declined, match="three digits"):
        door.units(Decimal("5.123"), "KWD")


def test_nobody_is_asked_within_a_unit_of_work(local_stripe, bob, paid_ticket):
    order = make_order(paid_ticket, by=bob)
    with pytest.raises(RuntimeError, match="unit of work"), atomic():
        pay_by_page(order, by=bob, mode="stripe", pages=PAGES)


def test_what_goes_wrong_with_our_keys_charges_nothing(local_stripe, bob, paid_ticket):
    order = make_order(paid_ticket, by=bob)
    keys = Setting.current()
    for key, words in (("", "no keys"), ("wrong", "not set up")):
        keys.stripe_secret_key = key
        keys.save()
        with pytest.raises(Declined, match=words):
            pay_by_page(order, by=bob, mode="stripe", pages=PAGES)
    order.refresh_from_db()
    assert order.current_status == "pending"
