"""What may be put into a cart, and what of it may be bought."""

import pytest
from django.contrib.auth.models import AnonymousUser

from events.tests.factories import in_days, make_event
from openevent.core.refusals import Refused
from orders.services.cart import check_sale
from orders.tests.factories import cart_of, make_order, make_ticket

ANYBODY = AnonymousUser()


def refusal_of(call):
    with pytest.raises(Refused) as refusal:
        call()
    return refusal.value.code, refusal.value.status, refusal.value.pointer


def sale_refusal(*wanted, by):
    return refusal_of(lambda: check_sale(cart_of(*wanted, by=by), by=by))


def test_tickets_of_two_events_do_not_go_into_one_cart(free_ticket):
    other = make_ticket(make_event())
    assert refusal_of(lambda: cart_of(free_ticket, other, by=ANYBODY)) == ("mixed-events", 422, "/tickets/1/id")


def test_a_ticket_that_is_gone_is_not_there(free_ticket):
    free_ticket.hide()
    assert refusal_of(lambda: cart_of(free_ticket, by=ANYBODY)) == ("ticket-unknown", 404, "/tickets/0/id")


def test_a_deleted_event_sells_nothing(ada, event, free_ticket):
    event.hide()
    assert refusal_of(lambda: cart_of(free_ticket, by=ada))[:2] == ("ticket-unknown", 404)


def test_a_draft_sells_to_its_team_alone(ada, bob, event, free_ticket):
    event.state = "draft"
    event.save()
    assert refusal_of(lambda: cart_of(free_ticket, by=bob))[:2] == ("ticket-unknown", 404)
    assert make_order(free_ticket, by=ada).status == "initializing"


def test_nothing_is_sold_outside_its_sales_window(bob, event):
    early = make_ticket(event, sales_starts_at=in_days(1))
    late = make_ticket(event, sales_ends_at=in_days(-0.5))
    assert sale_refusal(early, by=bob) == ("not-on-sale", 409, "/tickets/0/id")
    assert sale_refusal(late, by=bob) == ("not-on-sale", 409, "/tickets/0/id")


def test_nothing_is_sold_after_the_event(bob, event, free_ticket):
    event.starts_at, event.ends_at = in_days(-2), in_days(-1)
    event.save()
    free_ticket.refresh_from_db()
    assert sale_refusal(free_ticket, by=bob)[0] == "event-is-over"


def test_an_order_holds_no_fewer_and_no_more_of_a_type_than_it_says(bob, event):
    pair = make_ticket(event, min_order=2, max_order=4)
    assert sale_refusal(pair, by=bob) == ("too-few", 422, "/tickets/0/quantity")
    assert sale_refusal((pair, 3), (pair, 2), by=bob) == ("too-many", 422, "/tickets/0/quantity")
    check_sale(cart_of((pair, 3), by=bob), by=bob)


def test_the_team_is_not_bound_to_windows_and_limits(cora, event):
    late = make_ticket(event, sales_ends_at=in_days(-0.5), max_order=1)
    assert make_order((late, 3), by=cora).attendees.count() == 3
