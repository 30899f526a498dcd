"""What buyers do by themselves after buying, as far as the event lets them: by every door the same."""

import pytest
from django.urls import reverse

from events.models import Event
from events.tests.factories import in_days
from openevent.core.refusals import Refused
from orders.models.order import CANCELLED
from orders.services.holders import change_holder
from orders.services.states import GUEST, cancel_order, what_next
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
        "It can be marked paid or cancelled.",
        "It can be cancelled.",
        "",
    ]
    assert what_next(free, by=bob) == "It can be cancelled."
    assert what_next(held, by=ada) == "It can be set to await its payment, marked paid, cancelled or left to expire."
