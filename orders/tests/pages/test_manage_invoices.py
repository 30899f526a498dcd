"""The page of invoices: for whoever they are addressed to, with the paper and the way to pay."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import EventInvoice


@pytest.fixture
def invoice(ada, event):
    facts = {"identifier": "202611U-000007", "month": "2026-10", "amount": Decimal(40), "currency": "EUR"}
    return EventInvoice.objects.create(event=event, user=ada, due_at=timezone.now() + timedelta(days=9), **facts)


def page_of(invoice, name="", **query):
    args = [invoice.event.identifier, *([invoice.identifier] if name else [])]
    return reverse(f"manage-invoice-{name}" if name else "manage-invoices", args=args)


def test_the_owner_sees_it_reads_it_and_pays_it_by_card(client, ada, invoice, local_stripe):
    client.force_login(ada)
    page = client.get(page_of(invoice)).content.decode()
    for said in ("October 2026", "202611U-000007", "€40.00", "To be paid", "Pay by card"):
        assert said in page
    assert "Pay with PayPal" not in page  # the site has no keys for it
    assert f'href="/v1/events/invoices/{invoice.identifier}"' in page
    assert client.get(f"/v1/events/invoices/{invoice.identifier}")["Content-Type"] == "application/pdf"
    away = client.post(page_of(invoice, "pay"), {"mode": "stripe"})
    assert away["Location"].startswith(local_stripe.address)
    local_stripe.pay(invoice.payments.get().reference)
    assert "data-go-on" in client.get(page_of(invoice, "paid")).content.decode()
    page = client.post(page_of(invoice, "paid"), follow=True).content.decode()
    assert "4242" in page
    assert "Pay by card" not in page
    invoice.refresh_from_db()
    assert invoice.status == "paid"


def test_paypal_leads_back_with_who_paid(client, ada, invoice, local_paypal):
    client.force_login(ada)
    client.post(page_of(invoice, "pay"), {"mode": "paypal"})
    reference = invoice.payments.get().reference
    payer = local_paypal.approve(reference)
    page = client.get(page_of(invoice, "paid"), {"paymentId": reference, "PayerID": payer}).content.decode()
    assert f'value="{payer}"' in page
    client.post(page_of(invoice, "paid"), {"payment": reference, "payer": payer})
    invoice.refresh_from_db()
    assert (invoice.status, local_paypal.balance()) == ("paid", {"EUR": 4000})


def test_who_turns_round_or_meets_a_bad_day_is_told_so(client, ada, invoice, local_stripe):
    client.force_login(ada)
    assert "not paid yet" in client.get(f"{page_of(invoice, 'paid')}?left=1", follow=True).content.decode()
    local_stripe.mood = "down"
    assert "does not answer" in client.post(page_of(invoice, "pay"), {"mode": "stripe"}, follow=True).content.decode()
    assert "Choose how" in client.post(page_of(invoice, "pay"), {"mode": "shells"}, follow=True).content.decode()


def test_the_rest_of_the_team_and_a_later_owner_see_none_of_it(client, cora, bob, invoice):
    client.force_login(cora)
    assert client.get(page_of(invoice)).status_code == 403
    EventInvoice.objects.update(user=bob)
    client.force_login(invoice.event.roles.get(role__name="owner").user)
    assert "No invoices yet" in client.get(page_of(invoice)).content.decode()
    assert client.get(page_of(invoice, "paid")).status_code == 404
    assert client.post(page_of(invoice, "pay"), {"mode": "stripe"}).status_code == 404
