"""The money of an event on one page: what moved, where it is, what is still to be given back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from events.tests.factories import make_event
from media_pipeline.storing import open_stored
from notifications.models import Job
from orders.models import Payment, Refund, TicketFee
from orders.services.ledger import book_payment
from orders.services.paying import pay_by_token
from orders.services.refunding import refund_order
from orders.services.states import mark_paid
from orders.tests.factories import make_finished_order, make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in, ada):
    return sign_in(ada)


@pytest.fixture
def moved(local_stripe, ada, bob, paid_ticket):
    """€40.00 by card; €20.00 by bank, of which €5.00 went back by hand."""
    by_card = pay_by_token(make_order((paid_ticket, 2), by=bob), by=bob, token="tok_visa")
    by_bank = mark_paid(make_finished_order(paid_ticket, by=bob, mode="bank"), by=ada)
    refund_order(by_bank, by=ada, amount=Decimal(5), reason="Rain.")
    return by_card, by_bank


def page_of(event, query=""):
    return f"{reverse('manage-ledger', args=[event.identifier])}?{query}"


def balances(desk):
    return [(one.provider, one.came, one.back, one.left) for one, _, _ in desk.answer.context["balances"]]


def test_it_says_what_came_where_it_is_and_what_is_owed(desk, event, moved, ada):
    page = desk.open(page_of(event)).page
    assert balances(desk) == [("bank", 20, 0, 20), ("stripe", 40, 0, 40)]
    assert "Together, EUR" in page and "€60.00" in page
    assert "With you: you took it by hand" in page
    assert "In this site’s account" in page
    assert "Still to be given back €5.00 To give back by hand" in page
    refund = Refund.objects.get()
    desk.client.post(
        reverse("manage-order", args=[event.identifier, refund.order.identifier]),
        {"verb": "given", "refund": refund.pk},
    )
    page = desk.open(page_of(event)).page
    assert balances(desk) == [("bank", 20, 5, 15), ("stripe", 40, 0, 40)]
    assert ("Given back" in page, "−€5.00" in page, "Still to be given back" in page) == (True, True, False)


@pytest.mark.parametrize(
    ("query", "amounts"),
    [
        ("provider=stripe", [40]),
        ("provider=bank", [20]),
        ("way=in", [20, 40]),
        ("way=out", []),
        ("currency=USD", []),
        ("since=2100-01-01", []),
        ("until=2001-01-01", []),
        ("way=junk&since=junk&provider=%00", [20, 40]),
    ],
)
def test_it_is_narrowed(desk, event, moved, query, amounts):
    desk.open(page_of(event, query))
    assert [line.amount for line in desk.answer.context["page"]] == amounts
    assert sum(one[1] for one in balances(desk)) == sum(amounts)


def test_days_are_those_of_the_event(desk, event, moved):
    event.timezone = "Pacific/Auckland"
    event.save()
    today = timezone.now().astimezone(event.zone).date()
    assert len(desk.open(page_of(event, f"since={today}&until={today}")).answer.context["page"]) == 2
    tomorrow = today + timedelta(days=1)
    assert len(desk.open(page_of(event, f"since={tomorrow}")).answer.context["page"]) == 0


@pytest.mark.django_db(transaction=True)
def test_it_is_taken_away_as_narrowed(desk, event, moved):
    export = desk.open(page_of(event, "provider=bank")).answer.context["export"]
    page = desk.open(export).page
    assert "Export ledger 1 line, narrowed as" in page
    desk.client.post(export.split("?")[0], {"query": "provider=bank", "form": "csv", "columns": ["order", "amount"]})
    with open_stored(Job.objects.get().file_key) as file:
        text = file.read().decode("utf-8-sig")
    assert text.split() == ["Order,Amount", f"{moved[1].identifier},20.00"]


def test_where_nothing_moved_it_says_so_and_money_of_other_events_is_not_there(desk, event, moved, ada):
    assert "No money has moved yet" in desk.open(page_of(make_event(owner=ada))).page
    assert "No amount is like that" in desk.open(page_of(event, "currency=USD")).page


def test_it_asks_as_often_for_one_amount_as_for_many(
    desk, event, moved, bob, ada, paid_ticket, django_assert_num_queries
):
    counts = []
    for _ in range(2):
        with django_assert_num_queries(40, exact=False) as asked:
            desk.open(page_of(event))
        counts.append(len(asked))
        for _ in range(3):
            refund_order(mark_paid(make_finished_order(paid_ticket, by=bob, mode="bank"), by=ada), by=ada)
    assert counts[0] == counts[1]


def test_it_says_what_is_yours_where_it_lies_and_who_pays_it_out(desk, event, moved, ada):
    by_card, _ = moved
    TicketFee.objects.create(currency="EUR", country="global", service_fee=5)
    refund_order(by_card, by=ada, amount=Decimal(10), reason="Rain.")
    page = desk.open(page_of(event)).page
    [one] = desk.answer.context["payouts"]
    assert (one.with_site, one.from_site, one.by_hand, one.owed, one.kept, one.fee) == (40, 30, 20, 15, 45, 3)
    assert (
        "With this site, whose operator pays it out to you €30.00 €10.00 on its way back to buyers is taken off" in page
    )
    assert "With you €20.00 Still to be given back, in all €15.00 Yours once that has gone back €45.00" in page
    assert "This site’s fee on it, which comes as a monthly invoice €3.00" in page
    assert "What is yours" not in desk.open(page_of(event, "provider=bank")).page


def test_what_is_in_ones_own_account_is_named_with_it(desk, event, bob, local_paypal, paid_ticket):
    order = make_order(paid_ticket, by=bob)
    payment = Payment.objects.create(
        order=order, provider="paypal", kind="page", account="ada@paypal.test", amount=20, currency="EUR", state="paid"
    )
    book_payment(payment)
    assert "In your own account ada@paypal.test with PayPal, which pays it out to you" in desk.open(page_of(event)).page
    [one] = desk.answer.context["payouts"]
    assert (one.with_site, one.with_providers, one.kept) == (0, 20, 20)
