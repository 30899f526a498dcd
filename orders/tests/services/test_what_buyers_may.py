"""What buyers do by themselves after buying, as far as the event lets them: by every door the same."""

import pytest
from django.urls import reverse

from events.models import Event
from events.tests.factories import in_days
from openevent.core.refusals import Refused
from orders.models.order import CANCELLED
from orders.services.holders import change_holder
from orders.services.outbox import send_back
from orders.services.paying import pay_by_token
from orders.services.refunding import confirm_refund
from orders.services.states import GUEST, SERVER, cancel_order, mark_paid, what_next
from orders.tests.factories import make_finished_order, make_order

pytestmark = pytest.mark.django_db

TOO_LATE = [{"buyers_may_cancel": False}, {"buyers_cancel_until": in_days(-1)}, {"starts_at": in_days(-1)}]
IN_TIME = [{}, {"buyers_cancel_until": in_days(1)}, {"starts_at": in_days(-1), "buyers_cancel_until": in_days(1)}]


def set_event(order, **facts):
    Event.objects.filter(pk=order.event_id).update(**facts)
    order.event.refresh_from_db()
    return order


@pytest.mark.parametrize("facts", IN_TIME)
def test_a_free_order_is_cancelled_while_the_event_lets_buyers(bob, free_ticket, facts):
    order = set_event(make_finished_order(free_ticket, by=bob), **facts)
    assert cancel_order(order, by=bob).status == CANCELLED


@pytest.mark.parametrize("facts", TOO_LATE)
def test_not_after_that_neither_by_page_nor_by_api_but_by_the_team(client, bob, ada, free_ticket, facts):
    order = set_event(make_finished_order(free_ticket, by=bob), **facts)
    for by in (bob, GUEST):
        with pytest.raises(Refused) as refusal:
            cancel_order(order, by=by)
        assert (refusal.value.status, str(refusal.value).endswith(("ask the organizer.", "to cancel."))) == (403, True)
    client.force_login(bob)
    client.post(reverse("cancel-order", args=[order.identifier]))
    body = {"data": {"type": "order", "id": str(order.pk), "attributes": {"status": "cancelled"}}}
    answer = client.patch(f"/v1/orders/{order.pk}", body, content_type="application/vnd.api+json")
    order.refresh_from_db()
    assert (answer.status_code, order.status) == (403, "completed")
    assert cancel_order(order, by=ada).status == CANCELLED


@pytest.mark.parametrize("facts", TOO_LATE)
def test_a_checkout_is_given_up_whenever_its_buyer_likes(bob, paid_ticket, facts):
    order = set_event(make_order(paid_ticket, by=bob), **facts)
    assert cancel_order(order, by=bob).status == CANCELLED


def test_the_page_says_why_there_is_no_button(client, bob, free_ticket, paid_ticket):
    order = set_event(make_finished_order(free_ticket, by=bob), buyers_may_cancel=False)
    client.force_login(bob)
    page = client.get(reverse("order", args=[order.identifier])).content.decode()
    assert ("buyers do not cancel by themselves" in page, "Cancel order…" in page) == (True, False)


@pytest.mark.parametrize(
    ("facts", "settled"),
    [
        ({"holders_change_until": in_days(1)}, False),
        ({"holders_change_until": in_days(1), "starts_at": in_days(-1)}, False),
        ({"holders_change_until": in_days(-1)}, True),
        ({"starts_at": in_days(-1)}, True),
    ],
)
def test_names_are_changed_until_the_events_deadline(bob, ada, free_ticket, facts, settled):
    holder = set_event(make_finished_order(free_ticket, by=bob), **facts).attendees.get()
    try:
        change_holder(holder, by=bob, changes={"firstname": "Jonas"})
        refused = None
    except Refused as refusal:
        refused = refusal.code
    assert refused == ("names-are-settled" if settled else None)
    assert change_holder(holder, by=ada, changes={"firstname": "Mira"}).firstname == "Mira"


def test_what_may_come_next_is_said_to_each_by_their_right(ada, bob, eve, paid_ticket, free_ticket):
    paid, free = make_finished_order(paid_ticket, by=bob, mode="bank"), make_finished_order(free_ticket, by=bob)
    held = make_order(paid_ticket, by=bob)
    assert [what_next(paid, by=who) for who in (ada, bob, eve)] == [
        "It can be marked paid, cancelled or left to expire.",
        "It can be cancelled or left to expire.",
        "It can be left to expire.",
    ]
    assert what_next(free, by=bob) == "It can be cancelled."
    assert what_next(held, by=ada) == "It can be set to await its payment, marked paid, cancelled or left to expire."


# ── What is paid ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def paid(bob, ada, paid_ticket):
    """€40.00 by transfer, at an event that pays back."""
    order = mark_paid(make_finished_order((paid_ticket, 2), by=bob, mode="bank"), by=ada)
    return set_event(order, buyers_get_money_back=True)


def test_who_cancels_what_is_paid_sees_first_what_goes_back_and_gets_it(client, bob, paid):
    client.force_login(bob)
    page = client.get(reverse("cancel-order", args=[paid.identifier])).content.decode()
    assert "€40.00 goes back to you" in page
    assert "€40.00 you get from the organizer." in page
    shown = client.post(reverse("cancel-order", args=[paid.identifier]), follow=True).content.decode()
    paid.refresh_from_db()
    assert (paid.status, [refund.amount for refund in paid.refunds.all()]) == (CANCELLED, [40])
    assert ("Money back to you" in shown, "On its way" in shown) == (True, True)
    confirm_refund(paid.refunds.get(), by=SERVER)
    assert "Given back" in client.get(reverse("order", args=[paid.identifier])).content.decode()


def test_money_that_came_by_card_goes_back_to_the_card(client, local_stripe, bob, paid_ticket):
    order = pay_by_token(make_order(paid_ticket, by=bob), by=bob, token="tok_visa")
    set_event(order, buyers_get_money_back=True)
    client.force_login(bob)
    page = client.get(reverse("cancel-order", args=[order.identifier])).content.decode()
    assert "€20.00 goes back by card, the way you paid it." in page
    cancel_order(order, by=bob)
    for refund in order.refunds.all():
        send_back(refund.pk)
    assert local_stripe.balance() == {"eur": 0}


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"buyers_get_money_back": False}, "It is paid: ask the organizer to cancel it."),
        ({"buyers_may_cancel": False}, "buyers do not cancel by themselves"),
        ({"buyers_cancel_until": in_days(-1)}, "Buyers could cancel until"),
    ],
)
def test_what_is_paid_stays_where_the_event_says_so(client, bob, paid, facts, words):
    set_event(paid, **facts)
    with pytest.raises(Refused, match=words):
        cancel_order(paid, by=bob)
    client.force_login(bob)
    assert words in client.get(reverse("order", args=[paid.identifier])).content.decode()
    assert not paid.refunds.exists()


def test_who_has_come_in_does_not_get_the_money_back(client, bob, paid):
    paid.attendees.filter(pk=paid.attendees.first().pk).update(is_checked_in=True)
    for by in (bob, GUEST):
        with pytest.raises(Refused, match="Somebody has come in with it"):
            cancel_order(paid, by=by)


def test_the_api_gives_no_money_back_to_buyers(client, bob, paid):
    client.force_login(bob)
    body = {"data": {"type": "order", "id": str(paid.pk), "attributes": {"status": "cancelled"}}}
    answer = client.patch(f"/v1/orders/{paid.pk}", body, content_type="application/vnd.api+json")
    assert (answer.status_code, "Cancel it in the shop" in answer.content.decode()) == (403, True)


def test_a_payment_that_failed_says_why_where_it_is_tried_again(client, local_stripe, bob, paid_ticket):
    order = make_order(paid_ticket, by=bob)
    with pytest.raises(Refused):
        pay_by_token(order, by=bob, token="tok_chargeDeclined")
    client.force_login(bob)
    page = client.get(reverse("order", args=[order.identifier])).content.decode()
    assert ("The last try failed, and nothing was charged" in page, "Pay by card" in page) == (True, True)
