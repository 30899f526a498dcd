"""The classic flow: attendees first, then the order that relates them."""

import pytest

from events.tests.factories import in_days, make_event
from orders.models import Attendee, Order
from orders.tests.api.client import address, classic_order, error_of, link, order_document, sent_back
from orders.tests.factories import make_discount, make_order, make_ticket

ORDERS, ATTENDEES = "/v1/orders", "/v1/attendees"


def loose(ticket, by, **attributes):
    return Attendee.objects.create(event=ticket.event, ticket=ticket, creator=by, **attributes)


def attendee_for(ticket, **attributes):
    relationships = {"event": link("event", ticket.event), "ticket": link("ticket", ticket)}
    return {"data": {"type": "attendee", "attributes": attributes, "relationships": relationships}}


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """What happens right after the commit happens at the end of this block."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_attendees_first_and_then_their_order(api, bob, free_ticket, commits):
    answer = api(bob).post(ATTENDEES, attendee_for(free_ticket, firstname="Bob", email="bob@example.org"))
    assert answer.status_code == 201
    attendee = Attendee.objects.get(pk=answer.json()["data"]["id"])
    assert (attendee.order, attendee.creator, attendee.firstname) == (None, bob, "Bob")
    with commits():
        answer = api(bob).post(ORDERS, classic_order(free_ticket.event, attendee, status="completed", amount=99))
        data = answer.json()["data"]
        assert (answer.status_code, answer["Location"]) == (201, f"/v1/orders/{data['attributes']['identifier']}")
        assert (data["attributes"]["status"], data["attributes"]["amount"]) == ("pending", 0)
    order, attendee = Order.objects.get(), Attendee.objects.get()
    free_ticket.refresh_from_db()
    assert (order.status, attendee.order, free_ticket.reserved) == ("completed", order, 1)


def test_an_attendee_without_an_order_holds_no_seat_and_is_its_creator_s(api, bob, eve, free_ticket):
    api(bob).post(ATTENDEES, attendee_for(free_ticket))
    attendee = Attendee.objects.get()
    free_ticket.refresh_from_db()
    assert free_ticket.reserved == 0
    assert [api(who).get(f"{ATTENDEES}/{attendee.pk}").status_code for who in (bob, eve)] == [200, 404]


def test_offline_modes_are_placed_and_providers_stay_pending(api, bob, paid_ticket, commits):
    statuses = {}
    for mode in ("bank", "stripe"):
        with commits():
            answer = api(bob).post(ORDERS, classic_order(paid_ticket.event, loose(paid_ticket, bob), payment_mode=mode))
        attributes = answer.json()["data"]["attributes"]
        assert (attributes["status"], attributes["amount"]) == ("pending", 20)
        order = Order.objects.get(identifier=attributes["identifier"])
        statuses[mode] = (order.status, attributes["payment-url"])
    assert statuses == {"bank": ("placed", None), "stripe": ("pending", "stripe")}


def test_its_buyer_changes_nothing_on_it_afterwards(api, bob, paid_ticket):
    order = made(api, bob, paid_ticket, payment_mode="stripe")
    shown = api(bob).get(address(order)).json()["data"]
    assert api(bob).patch(address(order), sent_back(shown)).status_code == 200
    for changes in ({"status": "cancelled"}, {"status": "completed"}, {"company": "Acme"}, {"payment_mode": "bank"}):
        assert error_of(api(bob).patch(address(order), order_document(order, **changes)))[0] == 403
    order.refresh_from_db()
    assert (order.status, order.company, order.payment_mode) == ("pending", None, "stripe")


def test_a_mode_that_is_not_enabled_or_missing_is_refused(api, bob, paid_ticket):
    for mode in ("cheque", "free", "omise"):
        answer = api(bob).post(ORDERS, classic_order(paid_ticket.event, loose(paid_ticket, bob), payment_mode=mode))
        assert error_of(answer) == (422, "/data/attributes/payment-mode")


def test_a_discount_is_checked_and_applied(api, bob, event, paid_ticket):
    code = make_discount(event, paid_ticket, percent=50, tickets_number=1)
    order = made(api, bob, paid_ticket, payment_mode="bank", discount=code)
    code.refresh_from_db()
    assert (order.amount, code.used) == (10, 1)
    again = classic_order(event, loose(paid_ticket, bob), payment_mode="bank", discount=code)
    assert error_of(api(bob).post(ORDERS, again)) == (422, "/data/relationships/discount-code")


def test_the_team_says_status_and_amount_and_their_discount_is_ignored(api, cora, event, paid_ticket):
    code = make_discount(event, paid_ticket, valid_till=in_days(-0.5))
    order = made(api, cora, paid_ticket, status="completed", amount=3, payment_mode="bank", discount=code)
    assert (order.status, order.amount, order.discount_code) == ("completed", 3, None)
    assert made(api, cora, paid_ticket, payment_mode="bank", status="placed").amount == 20


def test_staff_s_coupon_is_not_consumed(api, root, event, paid_ticket):
    code = make_discount(event, paid_ticket, percent=50, tickets_number=1)
    order = made(api, root, paid_ticket, status="completed", payment_mode="bank", discount=code)
    code.refresh_from_db()
    assert (order.amount, code.used) == (10, 0)


def test_an_organizer_elsewhere_is_an_ordinary_buyer_here(api, eve, paid_ticket):
    make_event(owner=eve)
    order = made(api, eve, paid_ticket, status="completed", amount=0, payment_mode="bank")
    assert (order.status, order.amount) == ("pending", 20)


@pytest.mark.parametrize("missing", ["event", "attendees"])
def test_an_order_needs_its_event_and_its_attendees(api, bob, free_ticket, missing):
    document = classic_order(free_ticket.event, loose(free_ticket, bob))
    del document["data"]["relationships"][missing]
    assert error_of(api(bob).post(ORDERS, document)) == (422, f"/data/relationships/{missing}")


def test_only_own_waiting_attendees_can_be_ordered(api, bob, eve, free_ticket):
    hers = loose(free_ticket, eve)
    assert error_of(api(bob).post(ORDERS, classic_order(free_ticket.event, hers)))[0] == 404
    taken = make_order(free_ticket, by=bob).attendees.get()
    assert error_of(api(bob).post(ORDERS, classic_order(free_ticket.event, taken)))[0] == 409
    other = loose(make_ticket(make_event()), bob)
    assert error_of(api(bob).post(ORDERS, classic_order(free_ticket.event, other)))[0] == 422


def test_an_attendee_cannot_be_put_into_an_order_by_hand(api, bob, eve, free_ticket):
    order = make_order(free_ticket, by=bob)
    document = attendee_for(free_ticket)
    document["data"]["relationships"]["order"] = link("order", order)
    assert api(bob).post(ATTENDEES, document).status_code == 403
    assert order.attendees.count() == 1


def test_seats_are_taken_when_the_order_is_made(api, bob, event):
    seat = make_ticket(event, quantity=1)
    first, second = loose(seat, bob), loose(seat, bob)
    assert api(bob).post(ORDERS, classic_order(event, first)).status_code == 201
    answer = api(bob).post(ORDERS, classic_order(event, second))
    second.refresh_from_db()
    assert (answer.status_code, second.order) == (409, None)


def test_orders_need_an_account(api, free_ticket):
    assert api().post(ORDERS, classic_order(free_ticket.event)).status_code == 401
    assert api().get(ORDERS).status_code == 401


def made(api, who, ticket, discount=None, **attributes):
    answer = api(who).post(ORDERS, classic_order(ticket.event, loose(ticket, who), discount=discount, **attributes))
    assert answer.status_code == 201, answer.json()
    return Order.objects.get(identifier=answer.json()["data"]["attributes"]["identifier"])
