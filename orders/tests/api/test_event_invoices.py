"""Invoices of the site: read by whoever owns the event and by staff, settled by staff."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from orders.models import EventInvoice, Order
from orders.tests.api.client import dashed, error_of
from orders.tests.documents.papers import words_of
from orders.tests.factories import make_finished_order, make_order


@pytest.fixture
def order(bob, paid_ticket):
    return make_finished_order(paid_ticket, by=bob, mode="bank")


@pytest.fixture
def invoice(ada, event, order):
    now = datetime(2026, 11, 1, tzinfo=UTC)
    invoice = EventInvoice.objects.create(
        event=event,
        user=ada,
        identifier="202611U-000001",
        month="2026-10",
        amount=Decimal(4),
        currency="EUR",
        issued_at=now,
        due_at=now,
    )
    Order.objects.filter(pk=order.pk).update(event_invoice=invoice)
    return invoice


def change(invoice, **attributes):
    return {"data": {"type": "event-invoice", "id": str(invoice.pk), "attributes": dashed(attributes)}}


def test_whoever_owes_it_reads_it_by_number_and_by_identifier(api, ada, invoice):
    for key in (invoice.pk, invoice.identifier):
        data = api(ada).get(f"/v1/event-invoices/{key}").json()["data"]
        assert (data["id"], data["attributes"]["amount"], data["attributes"]["status"]) == (str(invoice.pk), 4, "due")
        assert data["attributes"]["invoice-pdf-url"].endswith("/v1/events/invoices/202611U-000001")
        assert "stripe-token" not in data["attributes"]
        for name in ("event", "user"):
            assert api(ada).get(f"/v1/event-invoices/{key}/{name}").status_code == 200


def test_it_is_found_from_the_event_the_owner_and_the_order(api, ada, event, invoice, order):
    for address in (f"/v1/users/{ada.pk}/event-invoices", f"/v1/events/{event.identifier}/event-invoices"):
        [found] = api(ada).get(address, {"include": "event"}).json()["data"]
        assert found["id"] == str(invoice.pk)
    assert api(ada).get(f"/v1/orders/{order.identifier}/event-invoice").json()["data"]["id"] == str(invoice.pk)


def test_nobody_else_sees_it(api, cora, bob, eve, event, invoice, order):
    for who in (cora, bob, eve):
        assert api(who).get(f"/v1/event-invoices/{invoice.pk}").status_code == 404
        assert api(who).get(f"/v1/events/invoices/{invoice.identifier}").status_code == 404
        assert api(who).get(f"/v1/events/{event.pk}/event-invoices").json()["data"] == []
    assert api(bob).get(f"/v1/orders/{order.identifier}/event-invoice").status_code == 404
    assert api().get("/v1/event-invoices").status_code == 401


def test_whoever_owes_it_does_not_settle_it(api, ada, invoice):
    answer = api(ada).patch(f"/v1/event-invoices/{invoice.pk}", change(invoice, status="paid"))
    assert error_of(answer) == (403, None)


def test_staff_settle_it_and_its_amount_stays(api, root, invoice):
    sent = change(invoice, status="paid", paid_via="transfer", amount=1, identifier="X", due_at=None)
    answer = api(root).patch(f"/v1/event-invoices/{invoice.identifier}", sent).json()["data"]["attributes"]
    assert (answer["status"], answer["paid-via"], answer["amount"]) == ("paid", "transfer", 4)
    assert answer["completed-at"] is not None
    for wrong in ({"status": "gone"}, {"paid_via": "shells"}, {"exp_month": 13}, {"exp_year": 1999}):
        assert api(root).patch(f"/v1/event-invoices/{invoice.pk}", change(invoice, **wrong)).status_code == 422


def test_no_invoice_is_made_or_removed_by_hand(api, root, invoice):
    assert api(root).post("/v1/event-invoices", change(invoice)).status_code == 405
    assert api(root).delete(f"/v1/event-invoices/{invoice.pk}").status_code == 405
    sent = change(invoice, deleted_at="2026-11-02T00:00:00Z")
    assert api(root).patch(f"/v1/event-invoices/{invoice.pk}?permanent=true", sent).status_code in (200, 404)
    assert EventInvoice.objects.get(pk=invoice.pk).deleted_at is not None


def test_the_paper_is_the_debtor_s(api, ada, invoice):
    answer = api(ada).get(f"/v1/events/invoices/{invoice.identifier}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    words = words_of(answer.content)
    for said in ("Invoice 202611U-000001", "tickets sold in October 2026", "€4.00", ada.email):
        assert said in words


# ── Of an order ──────────────────────────────────────────────────────────────────────────────────


def test_the_buyer_and_the_team_get_the_invoice_of_an_order(api, ada, bob, eve, order):
    for who in (ada, bob):
        answer = api(who).get(f"/v1/orders/invoices/{order.identifier}")
        assert answer["Content-Type"] == "application/pdf"
        words = words_of(answer.content)
        for said in (f"Invoice {order.invoices.get().identifier}", order.identifier, "Standard", "€20.00"):
            assert said in words
    assert [api(who).get(f"/v1/orders/invoices/{order.identifier}").status_code for who in (eve, None)] == [404, 404]


def test_whoever_only_comes_on_an_order_does_not_read_who_pays(api, eve, order):
    order.attendees.update(user=eve)
    assert api(eve).get(f"/v1/orders/invoices/{order.identifier}").status_code == 403


def test_an_order_in_checkout_has_no_invoice_and_a_free_one_a_summary_in_its_place(api, bob, paid_ticket, free_ticket):
    order = make_order(paid_ticket, by=bob)
    assert error_of(api(bob).get(f"/v1/orders/invoices/{order.pk}")) == (409, None)
    free = make_finished_order(free_ticket, by=bob)
    assert "Community" in words_of(api(bob).get(f"/v1/orders/invoices/{free.pk}").content)


# ── Paying it ────────────────────────────────────────────────────────────────────────────────────


def address(invoice, verb):
    return f"/v1/event-invoices/{invoice.identifier}/{verb}"


def test_it_is_paid_by_paypal_as_orders_are(api, ada, cora, eve, invoice, local_paypal):
    back = {"data": {"attributes": {"return-url": "http://app.test/a", "cancel-url": "http://app.test/b"}}}
    create, charge = address(invoice, "create-paypal-payment"), address(invoice, "charge")
    assert [api(who).post_json(create, back).status_code for who in (None, eve, cora)] == [401, 404, 404]
    answer = api(ada).post_json(create, back).json()
    assert (answer["status"], answer["approval_url"].startswith(local_paypal.address)) == (True, True)
    attributes = {"paypal_payment_id": answer["payment_id"], "paypal_payer_id": "NOBODY", "stripe": None}
    sent = {"data": {"type": "charge", "attributes": attributes}}
    assert api(ada).post_json(charge, sent).status_code == 422
    attributes["paypal_payer_id"] = local_paypal.approve(answer["payment_id"])
    assert [api(who).post_json(charge, sent).status_code for who in (None, eve, cora)] == [401, 404, 404]
    for _ in range(2):
        paid = api(ada).post_json(charge, sent)
        assert (paid.status_code, paid.json()) == (
            200,
            {"status": "Charge Successful", "payment_id": answer["payment_id"]},
        )
    shown = api(ada).get(f"/v1/event-invoices/{invoice.pk}").json()["data"]["attributes"]
    assert (shown["status"], shown["paid-via"]) == ("paid", "paypal")
    assert local_paypal.balance() == {"EUR": 400}
    assert api(ada).post_json(create, back).status_code == 409


def test_it_is_paid_by_a_card_s_token(api, ada, invoice, local_stripe):
    wrong = {"data": {"attributes": {"stripe": "tok_chargeDeclined"}}}
    assert api(ada).post_json(address(invoice, "charge"), wrong).status_code == 422
    paid = api(ada).post_json(address(invoice, "charge"), {"data": {"attributes": {"stripe": "tok_visa"}}})
    assert (paid.status_code, local_stripe.balance()) == (200, {"eur": 400})
    assert api(ada).get(f"/v1/event-invoices/{invoice.pk}").json()["data"]["attributes"]["last4"] == "4242"


@pytest.mark.parametrize(
    "body", [{}, {"data": []}, {"data": {"attributes": {"stripe": 5}}}, {"data": {"attributes": {}}}]
)
def test_a_charge_that_says_nothing_is_refused(api, ada, invoice, local_stripe, body):
    assert api(ada).post_json(address(invoice, "charge"), body).status_code in (400, 422)
