"""Money goes back after its organizer has read what that does: all of it, a part, or what tickets cost."""

from decimal import Decimal

import pytest
from django.urls import reverse

from notifications.models import Mail
from orders.models import Refund
from orders.services.outbox import left_of, send_back
from orders.services.paying import pay_by_token
from orders.services.refunding import refund_order
from orders.services.states import mark_paid
from orders.tests.factories import make_finished_order, make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in, ada):
    return sign_in(ada)


@pytest.fixture
def by_card(local_stripe, bob, paid_ticket):
    """Bob's two tickets, €40.00, paid by card."""
    return pay_by_token(make_order((paid_ticket, 2), by=bob), by=bob, token="tok_visa")


@pytest.fixture
def by_bank(ada, bob, paid_ticket):
    """The same, paid by transfer."""
    return mark_paid(make_finished_order((paid_ticket, 2), by=bob, mode="bank"), by=ada)


def page_of(order, name="manage-refund", query=""):
    return f"{reverse(name, args=[order.event.identifier, order.identifier])}?{query}"


def give(desk, order, **typed):
    """Look at what it does, then press the button."""
    desk.answer = desk.client.get(page_of(order), typed)
    seen = desk.answer.context["plan"]["seen"]
    desk.answer = desk.client.post(page_of(order), {"seen": seen, **typed}, follow=True)
    return desk


def amounts(order):
    return [(refund.amount, refund.provider, refund.state) for refund in order.refunds.order_by("pk")]


def test_all_of_it_goes_back_by_the_way_it_came(desk, by_card):
    page = desk.open(page_of(by_card, query="what=all")).page
    assert "€40.00 goes back to" in page
    assert "€40.00 by card, the way it was paid. €0.00 of what was paid stays with you." in page
    assert "All tickets stay as they are. bob@example.org gets a mail" in page
    assert not Refund.objects.exists()
    assert "€40.00 is on its way back." in give(desk, by_card, what="all", reason="Rain.").page
    by_card.refresh_from_db()
    assert (amounts(by_card), by_card.status) == ([(40, "stripe", "waiting")], "completed")
    assert "Rain." in Mail.objects.get(kind="payment-returned").text


def test_a_part_is_typed_with_a_comma_and_what_came_by_hand_goes_by_hand(desk, by_bank):
    page = desk.open(page_of(by_bank, query="what=amount&amount=12,50")).page
    assert "€12.50 by hand. You give €12.50 back yourself" in page
    page = give(desk, by_bank, what="amount", amount="12,50").page
    assert "To give back by hand" in page
    refund = by_bank.refunds.get()
    desk.answer = desk.client.post(
        page_of(by_bank, "manage-order"), {"verb": "given", "refund": refund.pk}, follow=True
    )
    assert ("€12.50 counts as given back." in desk.page, "To give back by hand" in desk.page) == (True, False)
    assert (left_of(by_bank), by_bank.ledger.count()) == (27.5, 2)


def test_tickets_are_taken_back_for_what_they_cost_and_with_the_last_the_order(desk, by_card, paid_ticket):
    first, last = by_card.attendees.order_by("pk")
    page = desk.open(page_of(by_card, query=f"what=tickets&ticket={first.identifier}")).page
    assert "€20.00 of what was paid stays with you. 1 ticket stops working, and its place is on sale again." in page
    give(desk, by_card, what="tickets", ticket=first.identifier)
    paid_ticket.refresh_from_db()
    by_card.refresh_from_db()
    assert (paid_ticket.reserved, by_card.status) == (1, "completed")
    page = desk.open(page_of(by_card, query=f"what=tickets&ticket={last.identifier}")).page
    assert "It was the last of the order, which is cancelled with it." in page
    give(desk, by_card, what="tickets", ticket=last.identifier)
    by_card.refresh_from_db()
    assert (by_card.status, left_of(by_card)) == ("cancelled", 0)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("what=amount&amount=40.01", "At most €40.00 can be given back."),
        ("what=amount&amount=0", "Say how much."),
        ("what=amount&amount=", "Say how much."),
        ("what=amount&amount=-1", "greater than or equal to 0"),
        ("what=amount&amount=1.005", "EUR has 2 digits behind the point."),
        ("what=amount&amount=nan", "Enter an amount like 12.50."),
        ("what=amount&amount=1e99", "digits"),
        ("what=tickets", "Choose at least one ticket."),
        ("what=tickets&ticket=theirs", "This ticket was given back already"),
        ("what=tickets&ticket=%00", "Null characters are not allowed."),
        ("what=everything", "Nothing is given back yet."),
    ],
)
def test_what_makes_no_sense_is_said_and_gives_nothing(desk, by_bank, typed, words):
    assert words in desk.open(page_of(by_bank, query=typed)).page
    assert desk.answer.context["plan"] is None
    desk.client.post(page_of(by_bank), typed, content_type="application/x-www-form-urlencoded")
    assert not Refund.objects.exists()


def test_the_second_of_two_who_give_back_has_to_look_again(desk, by_bank, cora):
    seen = desk.open(page_of(by_bank, query="what=amount&amount=10")).answer.context["plan"]["seen"]
    refund_order(by_bank, by=cora, amount=Decimal(10))
    answer = desk.client.post(page_of(by_bank), {"what": "amount", "amount": "10", "seen": seen, "reason": "Rain."})
    page = answer.content.decode()
    assert (answer.status_code, "It has changed since you looked." in page, "Rain.</textarea>" in page) == (
        409,
        True,
        True,
    )
    assert amounts(by_bank) == [(10, "bank", "waiting")]


def test_a_refund_that_was_given_up_stands_first_and_is_tried_again(desk, by_card, local_stripe, ada):
    refund_order(by_card, by=ada)
    Refund.objects.update(state="failed", error="Stripe could not give the money back.", next_try_at=None)
    page = desk.open(page_of(by_card, "manage-order")).page
    assert "Money was not given back." in page
    assert "Stripe could not give the money back." in page
    refund = by_card.refunds.get()
    desk.answer = desk.client.post(
        page_of(by_card, "manage-order"), {"verb": "again", "refund": refund.pk}, follow=True
    )
    assert "€40.00 is on its way back once more." in desk.page
    send_back(refund.pk)
    assert local_stripe.balance() == {"eur": 0}
    assert "Given back" in desk.open(page_of(by_card, "manage-order")).page


def test_what_is_on_its_way_is_not_said_to_be_given_and_strange_refunds_are_not_there(desk, by_card, by_bank, ada):
    refund_order(by_card, by=ada)
    press = {"verb": "given", "refund": by_card.refunds.get().pk}
    assert desk.client.post(page_of(by_card, "manage-order"), press).status_code == 409
    assert desk.client.post(page_of(by_bank, "manage-order"), press).status_code == 404
    assert desk.client.post(page_of(by_bank, "manage-order"), {"verb": "again", "refund": "x"}).status_code == 404
    assert amounts(by_card) == [(40, "stripe", "waiting")]


def test_where_nothing_was_paid_nothing_is_offered(desk, bob, free_ticket):
    order = make_finished_order(free_ticket, by=bob)
    assert "Give money back" not in desk.open(page_of(order, "manage-order")).page
    assert "Nothing is left to give back." in desk.open(page_of(order)).page
