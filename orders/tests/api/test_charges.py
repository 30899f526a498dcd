"""Paying an order as clients of the API do: against a Stripe of our own; and what is refused before one is asked."""

import json

import pytest

from accounts.models import Setting
from orders.models import Attendee, Order
from orders.services.checkout import finish_order
from orders.tests.api.client import address, error_of
from orders.tests.factories import make_finished_order, make_order, make_ticket

CHARGE = {"data": {"type": "charge"}}


@pytest.fixture
def order(bob, paid_ticket):
    return finish_order(make_order(paid_ticket, by=bob), by=bob, mode="stripe")


def charge(client, order, **attributes):
    return client.post(f"{address(order)}/charge", {"data": {"type": "charge", "attributes": attributes}})


def test_a_token_pays_the_order_at_once(api, bob, order, local_stripe):
    answer = charge(api(bob), order, stripe="tok_visa")
    assert (answer.status_code, answer["Content-Type"]) == (201, "application/vnd.api+json")
    data = answer.json()["data"]
    assert (data["type"], data["id"]) == ("charge", str(order.pk))
    assert data["attributes"] == {"status": True, "message": "Paid."}
    [shown] = answer.json()["included"]
    assert (shown["type"], shown["attributes"]["status"]) == ("order", "completed")
    order.refresh_from_db()
    assert order.status == "completed"
    assert error_of(charge(api(bob), order, stripe="tok_visa")) == (409, None)


def test_without_a_token_the_client_gets_what_its_own_page_needs(api, bob, order, local_stripe):
    attributes = api(bob).post(f"{address(order)}/charge", CHARGE).json()["data"]["attributes"]
    intent = json.loads(attributes["message"])
    assert (attributes["status"], intent["amount"]) == (True, 2000)
    assert intent["client_secret"].startswith(intent["id"])
    local_stripe.pay(intent["id"])
    answer = api(bob).post_json(f"{address(order)}/verify")
    assert answer.json() == {"payment_status": "completed"}


def test_a_card_that_is_declined_is_refused_with_its_reason(api, bob, order, local_stripe):
    answer = charge(api(bob), order, stripe="tok_chargeDeclined")
    assert error_of(answer) == (422, "/data/attributes/stripe")
    assert answer.json()["errors"][0]["detail"] == "Your card was declined."
    order.refresh_from_db()
    assert order.current_status == "pending"


def test_a_site_without_keys_for_the_provider_offers_it_to_nobody(api, bob, order):
    Setting.objects.update(stripe_secret_key=None, stripe_test_secret_key=None)
    assert error_of(charge(api(bob), order, stripe="tok_visa")) == (409, None)


def test_nothing_is_charged_that_is_over_free_or_switched_off(api, bob, order, local_stripe):
    rows = Order.objects.filter(pk=order.pk)
    for status in ("cancelled", "expired", "completed"):
        rows.update(status=status)
        assert charge(api(bob), order, stripe="tok_visa").status_code == 409
    rows.update(status="pending", amount=0)
    assert charge(api(bob), order, stripe="tok_visa").status_code == 409
    rows.update(amount=20)
    order.event.can_pay_by_stripe = False
    order.event.save()
    answer = charge(api(bob), order, stripe="tok_visa")
    assert "does not take payments by stripe" in answer.json()["errors"][0]["detail"]
    assert local_stripe.balance() == {}


def test_money_that_does_not_go_through_here_is_not_charged(api, bob, paid_ticket):
    placed = make_finished_order(paid_ticket, by=bob, mode="bank")
    assert error_of(charge(api(bob), placed)) == (409, None)


def test_paypal_needs_who_paid_and_which_payment(api, bob, order):
    Setting.objects.update(paypal_mode="sandbox", paypal_sandbox_client="a", paypal_sandbox_secret="b")
    Order.objects.filter(pk=order.pk).update(payment_mode="paypal")
    order.event.can_pay_by_paypal = True
    order.event.save()
    assert error_of(charge(api(bob), order)) == (422, "/data/attributes/paypal-payment-id")
    assert error_of(charge(api(bob), order, paypal_payment_id="P")) == (422, "/data/attributes/paypal-payer-id")
    nonsense = charge(api(bob), order, **{"paypal-payer-id": "P", "paypal_payment_id": "X"})
    assert error_of(nonsense) == (422, "/data/attributes/payment-id")


def test_an_order_of_the_classic_flow_needs_a_token(api, bob, order, local_stripe):
    Order.objects.filter(pk=order.pk).update(is_classic=True)
    answer = charge(api(bob), order)
    assert error_of(answer) == (422, "/data/attributes/stripe")
    assert answer.json()["errors"][0]["detail"] == "stripe token is missing"
    assert charge(api(bob), order, stripe="tok_visa").status_code == 201


def test_a_classic_order_by_paypal_names_the_page_and_is_charged_with_nothing(api, bob, event, local_paypal):
    seat = make_ticket(event, price="20")
    attendee = Attendee.objects.create(event=event, ticket=seat, creator=bob)
    links = {
        "event": {"data": {"type": "event", "id": str(event.pk)}},
        "attendees": {"data": [{"type": "attendee", "id": str(attendee.pk)}]},
    }
    new = {"data": {"type": "order", "attributes": {"payment-mode": "paypal"}, "relationships": links}}
    made = api(bob).post("/v1/orders", new).json()["data"]["attributes"]
    assert made["payment-url"].startswith(f"{local_paypal.address}/checkoutnow")
    order = Order.objects.get(identifier=made["identifier"])
    assert charge(api(bob), order).status_code == 422
    local_paypal.approve(order.payments.get().reference)
    assert charge(api(bob), order).json()["included"][0]["attributes"]["status"] == "completed"


def test_a_charge_that_is_sent_again_is_answered_as_the_first_time(api, bob, order, local_stripe):
    client = api(bob)
    client.headers = {**client.headers, "Idempotency-Key": "a-key"}
    first, again = (charge(client, order, stripe="tok_visa") for _ in range(2))
    assert (first.status_code, again.status_code, first.content) == (201, 201, again.content)
    assert local_stripe.balance() == {"eur": 2000}


def test_only_the_buyer_and_the_team_pay_an_order(api, ada, bob, cora, eve, order, local_stripe):
    order.attendees.update(user=cora)
    order.event.roles.filter(user=cora).delete()
    answers = [charge(api(who), order, stripe="tok_visa").status_code for who in (None, eve, cora, ada)]
    assert answers == [401, 404, 403, 201]


@pytest.mark.parametrize(
    ("document", "status"),
    [
        ([], 400),
        ({}, 400),
        ({"data": {}}, 400),
        ({"data": {"type": "order"}}, 409),
        ({"data": {"type": "charge", "attributes": "x"}}, 400),
        ({"data": {"type": "charge", "attributes": {"stripe": 7}}}, 422),
        ({"data": {"type": "charge", "attributes": {"stripe": "x" * 2000}}}, 422),
    ],
)
def test_a_document_that_is_no_charge_is_refused(api, bob, order, document, status):
    assert api(bob).post(f"{address(order)}/charge", document).status_code == status
