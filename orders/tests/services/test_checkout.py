"""Buying, from the cart to the tickets."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail

from notifications.models import Mail
from openevent.core.refusals import Refused
from orders.models import Attendee
from orders.services.checkout import create_order, fill_in, finish_order, order_attendees
from orders.services.states import GUEST
from orders.tests.factories import cart_of, make_finished_order, make_order, make_ticket


def test_an_order_has_an_empty_attendee_for_each_seat_and_holds_them(bob, free_ticket):
    order = make_order((free_ticket, 2), by=bob)
    free_ticket.refresh_from_db()
    assert (order.status, order.amount, free_ticket.reserved) == ("initializing", 0, 2)
    assert [attendee.name for attendee in order.attendees.all()] == ["", ""]


def test_a_free_order_is_completed_when_its_buyer_is_done(bob, free_ticket):
    order = make_finished_order(free_ticket, by=bob)
    assert (order.status, order.payment_mode, order.completed_at is None) == ("completed", "free", False)


def test_an_offline_order_is_placed_until_it_is_marked_paid(bob, paid_ticket):
    order = make_finished_order(paid_ticket, by=bob, mode="bank")
    assert (order.status, order.amount, (order.expires_at - order.created_at).days) == ("placed", 20, 14)


def test_a_provider_keeps_the_order_pending_and_says_where_to_pay(bob, paid_ticket):
    order = make_finished_order(paid_ticket, by=bob, mode="stripe")
    assert (order.status, order.payment_url) == ("pending", "stripe")


def test_a_mode_that_the_event_does_not_enable_is_refused(bob, paid_ticket):
    order = make_order(paid_ticket, by=bob)
    with pytest.raises(Refused, match="cheque") as refusal:
        finish_order(order, by=bob, mode="cheque")
    assert (refusal.value.status, refusal.value.pointer) == (422, "/data/attributes/payment-mode")


def test_a_guest_buys_with_name_and_address(free_ticket):
    order = create_order(cart_of(free_ticket, by=AnonymousUser()), by=AnonymousUser())
    buyer = {"first_name": "Mira", "last_name": "Okafor", "email": "Mira@Example.org"}
    [attendee] = order.attendees.all()
    fill_in(order, by=GUEST, buyer=buyer, holders={attendee.pk: {"firstname": "Mira", "email": "Mira@Example.org"}})
    order = finish_order(order, by=GUEST)
    assert (order.user, order.email, order.status) == (None, "mira@example.org", "completed")


def test_another_order_s_attendee_cannot_be_filled_in(bob, eve, free_ticket):
    mine, hers = make_order(free_ticket, by=bob), make_order(free_ticket, by=eve)
    with pytest.raises(Refused) as refusal:
        fill_in(mine, by=bob, holders={hers.attendees.get().pk: {"firstname": "Bob"}})
    assert refusal.value.status == 404


def test_the_buyer_gets_a_mail_with_every_ticket_and_each_other_holder_their_own(
    bob, free_ticket, django_capture_on_commit_callbacks
):
    order = make_order((free_ticket, 2), by=bob)
    first, second = order.attendees.all()
    with django_capture_on_commit_callbacks(execute=True):
        fill_in(
            order,
            by=bob,
            holders={
                first.pk: {"firstname": "Bob", "email": bob.email},
                second.pk: {"firstname": "Mira", "email": "mira@example.org"},
            },
        )
        finish_order(order, by=bob)
    assert [(letter.to, sorted(name for name, _, _ in letter.attachments)) for letter in mail.outbox] == [
        ([bob.email], [f"order-{order.identifier}.pdf", f"tickets-{order.identifier}.pdf"]),
        (["mira@example.org"], [f"tickets-{order.identifier}-{second.identifier}.pdf"]),
    ]
    assert {row.status for row in Mail.objects.about(order)} == {"sent"}


def test_a_classic_order_is_answered_pending_and_completed_right_after_the_commit(
    bob, free_ticket, django_capture_on_commit_callbacks
):
    loose = Attendee.objects.create(event=free_ticket.event, ticket=free_ticket, creator=bob, firstname="Bob")
    with django_capture_on_commit_callbacks(execute=True):
        order = order_attendees(cart_of(free_ticket, by=bob), [loose], by=bob)
        assert order.status == "pending"
    order.refresh_from_db()
    loose.refresh_from_db()
    free_ticket.refresh_from_db()
    assert (order.status, loose.order, free_ticket.reserved) == ("completed", order, 1)


def test_a_classic_order_by_bank_is_placed_right_after_the_commit(bob, paid_ticket, django_capture_on_commit_callbacks):
    loose = Attendee.objects.create(event=paid_ticket.event, ticket=paid_ticket, creator=bob)
    with django_capture_on_commit_callbacks(execute=True):
        order = order_attendees(cart_of(paid_ticket, by=bob), [loose], by=bob, payment_mode="bank")
    order.refresh_from_db()
    assert (order.status, order.amount) == ("placed", 20)


def test_an_attendee_gets_one_order_only(bob, free_ticket):
    loose = Attendee.objects.create(event=free_ticket.event, ticket=free_ticket, creator=bob)
    order_attendees(cart_of(free_ticket, by=bob), [loose], by=bob)
    with pytest.raises(Refused) as refusal:
        order_attendees(cart_of(free_ticket, by=bob), [loose], by=bob)
    free_ticket.refresh_from_db()
    assert (refusal.value.status, free_ticket.reserved) == (409, 1)


def test_sold_out_is_a_conflict_that_says_what_is_left(bob, event):
    seat = make_ticket(event, name="Balcony", quantity=1)
    with pytest.raises(Refused, match="Only 1 left of “Balcony”") as refusal:
        make_order((seat, 2), by=bob)
    assert (refusal.value.status, refusal.value.code) == (409, "sold-out")
