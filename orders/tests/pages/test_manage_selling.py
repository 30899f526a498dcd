"""Ways to pay, taxes and fees of an event on one page, which says what is missing before a paid ticket is sold."""

from decimal import Decimal

import pytest
from django.urls import reverse

from events.models import Event
from orders.models import StripeAuthorization, Tax, TicketFee
from orders.tests.factories import make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in, ada):
    return sign_in(ada)


def page_of(event, section="payment"):
    return reverse(f"manage-settings-{section}", args=[event.identifier])


def missing(desk, event):
    lines = desk.open(page_of(event)).answer.context["selling"].lines
    return {line.key: line.detail for line in lines if not line.is_done}


def set_event(event, **facts):
    Event.objects.filter(pk=event.pk).update(**facts)
    event.refresh_from_db()


def test_it_says_what_is_missing_before_a_paid_ticket_is_sold(desk, event):
    facts = {"payment_currency": None, "payment_country": None, "can_pay_by_bank": False, "can_pay_onsite": False}
    set_event(event, **facts, can_pay_by_stripe=True, is_tax_enabled=True, refund_policy=None)
    found = missing(desk, event)
    assert list(found) == ["costing", "currency", "country", "payment", "stripe", "tax", "refunds"]
    assert found["currency"] == "None is chosen, so prices are in USD."
    assert found["payment"] == "Paid tickets cannot be bought yet."
    assert "This site has no keys of Stripe" in desk.page
    make_ticket(event, price="5")
    assert "costing" not in missing(desk, event)


def test_with_keys_it_says_whose_account_the_money_goes_to(desk, event, local_stripe, local_paypal):
    assert "It is not linked to an account of yours" in missing(desk, event)["stripe"]
    assert "paypal" in missing(desk, event)
    StripeAuthorization.objects.create(event=event, stripe_auth_code="ac_1", stripe_user_id="acct_ada")
    set_event(event, paypal_email="ada@paypal.example", is_stripe_linked=True)
    assert {"stripe", "paypal"}.isdisjoint(missing(desk, event))
    assert "acct_ada" not in desk.answer.content.decode()


def test_offline_ways_without_a_word_of_how_are_named(desk, event):
    set_event(event, can_pay_by_cheque=True, cheque_details=" ")
    assert missing(desk, event)["payment"] == "Nobody learns how to pay by cheque: say it."


def test_both_addresses_show_both_forms_and_each_saves_its_own(desk, event):
    for section in ("payment", "taxes"):
        page = desk.open(page_of(event, section)).page
        assert ("Save payment" in page, "Save taxes" in page) == (True, True)
    sent = {"seen": desk.answer.context["form"]["seen"].value(), "is_tax_enabled": "on", "name": "VAT", "rate": "19"}
    page = desk.client.post(page_of(event, "taxes"), sent, follow=True).content.decode()
    event.refresh_from_db()
    assert ("Taxes: saved." in page, Tax.objects.get().rate, event.can_pay_by_bank) == (True, 19, True)


def test_providers_are_switched_on_here(desk, event):
    form = desk.open(page_of(event)).answer.context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    sent |= {"can_pay_by_paypal": "on", "paypal_email": "ada@paypal.example"}
    assert desk.client.post(page_of(event), sent).status_code == 302
    event.refresh_from_db()
    assert (event.can_pay_by_paypal, event.paypal_email) == (True, "ada@paypal.example")
    refused = desk.client.post(page_of(event), sent | {"paypal_email": "nobody"})
    assert "Enter a valid email address" in refused.content.decode()


def test_it_says_what_the_site_charges(desk, event):
    assert "This site charges no fee" in desk.open(page_of(event)).page
    facts = {"country": event.payment_country, "currency": event.currency}
    TicketFee.objects.create(**facts, service_fee=Decimal("2.5"), maximum_fee=Decimal(10))
    page = desk.open(page_of(event)).page
    assert "This site charges 2.5 % of each ticket’s price, at most €10.00 a ticket." in page
