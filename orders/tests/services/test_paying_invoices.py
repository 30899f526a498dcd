"""Invoices of the site are paid through the same providers as orders; the money is the site's own."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from openevent.core.refusals import Refused
from orders.models import EventInvoice, LedgerLine, Payment, StripeAuthorization
from orders.payments.base import Declined, Pages, ProviderAway
from orders.services.invoices import settle_invoice
from orders.services.ledger import paid_of
from orders.services.outbox import send_back
from orders.services.paying_invoices import (
    ask_paypal_for_invoice,
    execute_paypal_for_invoice,
    pay_invoice_by_page,
    pay_invoice_by_token,
)
from orders.tasks import reconcile

PAGES = Pages(success="http://shop.test/back", cancel="http://shop.test/list")


@pytest.fixture
def invoice(ada, event):
    now = datetime(2026, 11, 1, tzinfo=UTC)
    facts = {"identifier": "202611U-000001", "month": "2026-10", "amount": Decimal(40), "currency": "EUR"}
    return EventInvoice.objects.create(event=event, user=ada, issued_at=now, due_at=now, **facts)


def stands(invoice):
    invoice.refresh_from_db()
    return invoice.status, [line.amount for line in LedgerLine.objects.filter(invoice=invoice)]


def test_it_is_paid_by_card_on_the_provider_s_page(local_stripe, ada, event, invoice):
    StripeAuthorization.objects.create(event=event, stripe_auth_code="ac_1", stripe_user_id="acct_of_ada")
    event.is_stripe_linked = True
    event.save()
    page = pay_invoice_by_page(invoice, by=ada, mode="stripe", pages=PAGES)
    payment = invoice.payments.get()
    assert (page.startswith(local_stripe.address), payment.account) == (True, "")  # the site's account, not the owner's
    assert pay_invoice_by_page(invoice, by=ada, mode="stripe", pages=PAGES) == page
    local_stripe.pay(payment.reference)
    Payment.objects.update(next_look_at=timezone.now())
    reconcile()
    assert stands(invoice) == ("paid", [40])
    assert (invoice.paid_via, invoice.last4, invoice.exp_year, bool(invoice.completed_at)) == (
        "stripe",
        "4242",
        2034,
        True,
    )
    assert invoice.transaction_id == invoice.payments.get().money_reference
    assert (local_stripe.balance(), LedgerLine.objects.filter(event=event).count()) == ({"eur": 4000}, 0)
    [customer] = local_stripe.table("customers").values()
    assert (customer["email"], customer["metadata"]) == (ada.email, {"invoice": "202611U-000001"})
    with pytest.raises(Refused, match="nothing to pay"):
        pay_invoice_by_page(invoice, by=ada, mode="stripe", pages=PAGES)


def test_an_event_settles_it_once(local_stripe, ada, invoice, deliver):
    pay_invoice_by_page(invoice, by=ada, mode="stripe", pages=PAGES)
    local_stripe.pay(invoice.payments.get().reference)
    for event in [*local_stripe.events, *reversed(local_stripe.events)]:
        assert deliver(event) == 200
    assert stands(invoice) == ("paid", [40])


def test_it_is_paid_by_paypal_without_the_owner_s_address_there(local_paypal, ada, event, invoice):
    event.paypal_email = "ada@paypal.example"
    event.save()
    payment = ask_paypal_for_invoice(invoice, by=ada, pages=PAGES)
    assert "payee" not in local_paypal.table("payments")[payment.reference]["transactions"][0]
    payer = local_paypal.approve(payment.reference)
    for _ in range(2):
        execute_paypal_for_invoice(invoice, by=ada, payment_id=payment.reference, payer_id=payer)
    assert (stands(invoice), invoice.paid_via, local_paypal.balance()) == (("paid", [40]), "paypal", {"EUR": 4000})


def test_a_card_is_declined_and_another_pays(local_stripe, ada, invoice):
    with pytest.raises(Declined, match="declined"):
        pay_invoice_by_token(invoice, by=ada, token="tok_chargeDeclined")
    assert stands(invoice) == ("due", [])
    local_stripe.mood = "lost"
    with pytest.raises(ProviderAway):
        pay_invoice_by_token(invoice, by=ada, token="tok_visa")
    local_stripe.mood = ""
    Payment.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    pay_invoice_by_token(invoice, by=ada, token="tok_visa")
    assert (stands(invoice), local_stripe.balance()) == (("paid", [40]), {"eur": 4000})


def test_only_its_debtor_and_staff_pay_it(local_stripe, cora, bob, root, invoice):
    for who in (cora, bob):
        with pytest.raises(Refused) as refusal:
            pay_invoice_by_token(invoice, by=who, token="tok_visa")
        assert refusal.value.status == 403
    pay_invoice_by_token(invoice, by=root, token="tok_visa")
    assert stands(invoice)[0] == "paid"


def test_what_staff_had_marked_paid_meanwhile_goes_back(local_stripe, ada, root, invoice):
    pay_invoice_by_page(invoice, by=ada, mode="stripe", pages=PAGES)
    settle_invoice(invoice, by=root, changes={"status": "paid", "paid_via": "transfer"})
    local_stripe.pay(invoice.payments.get().reference)
    Payment.objects.update(next_look_at=timezone.now())
    reconcile()
    send_back(invoice.refunds.get().pk)
    assert (stands(invoice), invoice.paid_via, local_stripe.balance()) == (("paid", [40, -40]), "transfer", {"eur": 0})


def test_what_staff_give_back_at_the_provider_is_read_back(local_stripe, ada, invoice, deliver):
    pay_invoice_by_token(invoice, by=ada, token="tok_visa")
    given = local_stripe.refund_by_hand(invoice.payments.get().money_reference)
    assert deliver(local_stripe.events[-1]) == 200
    assert (stands(invoice), paid_of(invoice)) == (("refunded", [40, -40]), 0)
    local_stripe.fail_refund(given["id"])
    assert deliver(local_stripe.events[-1]) == 200
    assert stands(invoice) == ("paid", [40, -40, 40])
