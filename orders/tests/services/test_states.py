"""Who moves an order where, and what follows from it."""

import re

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Activity
from events.tests.factories import in_days
from openevent.core.refusals import Refused
from orders.models.order import CANCELLED, COMPLETED, EXPIRED, INITIALIZING, Order
from orders.services.checkout import finish_order
from orders.services.states import (
    SERVER,
    cancel_order,
    change_status,
    delete_order,
    explain,
    mark_paid,
)
from orders.services.stock import remove_loose_attendees, seats_left
from orders.tests.factories import make_discount, make_finished_order, make_order, make_ticket


def test_a_buyer_completes_and_gives_back_what_costs_nothing(bob, free_ticket):
    order = make_order(free_ticket, by=bob)
    assert change_status(order, COMPLETED, by=bob).status == COMPLETED
    assert cancel_order(order, by=bob).status == CANCELLED


def test_an_order_that_comes_back_takes_the_uses_of_its_code_again_or_is_refused(ada, bob, eve, event, paid_ticket):
    code = make_discount(event, paid_ticket, tickets_number=1)
    order = make_order(paid_ticket, by=bob, discount=code)
    Order.objects.update(expires_at=timezone.now())
    other = make_order(paid_ticket, by=eve, discount=code)
    with pytest.raises(Refused) as refusal:
        mark_paid(order, by=ada)
    assert (refusal.value.status, refusal.value.pointer) == (422, "/discount-code")
    cancel_order(other, by=eve)
    mark_paid(order, by=ada)
    code.refresh_from_db()
    paid_ticket.refresh_from_db()
    assert (code.used, paid_ticket.reserved) == (1, 1)


def test_a_move_that_is_not_theirs_changes_nothing(bob, eve, paid_ticket):
    order = make_order(paid_ticket, by=bob)
    for who, to in ((eve, CANCELLED), (bob, COMPLETED), (bob, EXPIRED)):
        with pytest.raises(Refused) as refusal:
            change_status(order, to, by=who)
        assert (refusal.value.status, refusal.value.pointer) == (403, "/data/attributes/status")
    order.refresh_from_db()
    assert order.status == INITIALIZING


def test_cancelling_gives_the_seats_back_once(ada, bob, paid_ticket):
    order = make_finished_order((paid_ticket, 2), by=bob, mode="bank")
    cancel_order(order, by=ada)
    cancel_order(order, by=ada)
    paid_ticket.refresh_from_db()
    assert paid_ticket.reserved == 0


def test_the_organizer_marks_a_placed_order_paid_and_it_keeps_its_seats(ada, bob, paid_ticket):
    order = mark_paid(make_finished_order(paid_ticket, by=bob, mode="bank"), by=ada)
    paid_ticket.refresh_from_db()
    assert (order.status, order.completed_at is None, paid_ticket.reserved) == (COMPLETED, False, 1)


def test_an_ended_hold_is_revived_with_the_seats_it_still_finds(ada, bob, event):
    seat = make_ticket(event, quantity=1, price="5")
    order = make_order(seat, by=bob)
    end_hold(order)
    assert mark_paid(order, by=ada).status == COMPLETED
    assert seats_left_of(seat) == 0


def test_an_ended_hold_is_not_revived_when_its_seats_are_sold(ada, bob, eve, event):
    seat = make_ticket(event, quantity=1, price="5")
    order = make_order(seat, by=bob)
    end_hold(order)
    make_order(seat, by=eve)
    with pytest.raises(Refused) as refusal:
        mark_paid(order, by=ada)
    order.refresh_from_db()
    assert (refusal.value.code, order.status) == ("sold-out", EXPIRED)


def test_staff_bring_back_a_cancelled_order_with_its_seats(root, bob, free_ticket):
    order = make_finished_order((free_ticket, 2), by=bob)
    cancel_order(order, by=bob)
    change_status(order, COMPLETED, by=root)
    free_ticket.refresh_from_db()
    assert free_ticket.reserved == 2


def test_a_hold_ends_after_order_expiry_time_and_half_an_hour_later_for_those_who_pay(bob, paid_ticket):
    order = make_order(paid_ticket, by=bob)
    assert (order.expires_at - order.created_at).total_seconds() == 15 * 60
    finish_order(order, by=bob, mode="stripe")
    assert (order.expires_at - order.created_at).total_seconds() == 45 * 60


def test_a_checkout_whose_time_is_over_cannot_be_finished(bob, free_ticket):
    order = make_order(free_ticket, by=bob)
    end_hold(order)
    with pytest.raises(Refused) as refusal:
        finish_order(order, by=bob)
    assert (refusal.value.code, refusal.value.status) == ("order-expired", 409)


def test_a_checkout_of_a_deleted_event_cannot_be_finished(bob, event, free_ticket):
    order = make_order(free_ticket, by=bob)
    event.hide()
    with pytest.raises(Refused) as refusal:
        finish_order(Order.objects.get(), by=bob)
    assert (refusal.value.code, refusal.value.status) == ("event-deleted", 409)
    assert cancel_order(order, by=bob).status == CANCELLED


def test_finishing_twice_is_finishing_once(bob, free_ticket, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        order = make_finished_order(free_ticket, by=bob)
        finish_order(order, by=bob)
    assert len(mail.outbox) == 1


def test_staff_delete_an_order_with_a_note_that_its_buyer_reads(
    root, bob, free_ticket, django_capture_on_commit_callbacks
):
    order = make_finished_order(free_ticket, by=bob)
    with django_capture_on_commit_callbacks(execute=True):
        delete_order(order, by=root, note="Sold by mistake.")
    free_ticket.refresh_from_db()
    [letter] = mail.outbox
    assert (free_ticket.reserved, letter.to, "Sold by mistake." in letter.body) == (0, [bob.email], True)
    assert Order.objects.get(pk=order.pk).deleted_at is not None
    with pytest.raises(Refused):
        change_status(order, COMPLETED, by=root)


def test_nobody_else_deletes_an_order(ada, bob, free_ticket):
    order = make_order(free_ticket, by=bob)
    for who in (ada, bob):
        with pytest.raises(Refused) as refusal:
            delete_order(order, by=who)
        assert refusal.value.status == 403


def test_an_order_says_why_it_is_in_its_state(ada, bob, paid_ticket, free_ticket):
    order = make_order(paid_ticket, by=bob)
    assert explain(order).startswith("Its seats are held until ")
    finish_order(order, by=bob, mode="bank")
    assert re.fullmatch("€20.00 by bank is awaited until .* 20..; the organizer marks it paid.", explain(order))
    assert explain(mark_paid(order, by=ada)) == "€20.00 was paid by bank, as confirmed by the organizer."
    assert explain(cancel_order(order, by=ada, note="No show.")) == "It was cancelled by the organizer: No show."
    assert explain(make_finished_order(free_ticket, by=bob)) == "There was nothing to pay, so it was completed at once."


def test_every_move_is_in_the_log(ada, bob, paid_ticket):
    order = make_finished_order(paid_ticket, by=bob, mode="bank")
    mark_paid(order, by=ada)
    lines = Activity.objects.filter(subject_type="order", subject_id=str(order.pk)).order_by("pk")
    assert [(line.actor, line.action) for line in lines] == [
        (bob, "order.created"),
        (bob, "order.filled-in"),
        (bob, "order.placed"),
        (bob, "order.invoiced"),
        (ada, "order.completed"),
    ]


def test_the_server_completes_what_a_provider_says_is_paid(bob, paid_ticket):
    order = make_finished_order(paid_ticket, by=bob, mode="stripe")
    assert mark_paid(order, by=SERVER).status == COMPLETED


def test_attendees_without_an_order_go_after_order_expiry_time(bob, free_ticket):
    old, new = (free_ticket.attendees.create(event=free_ticket.event, creator=bob) for _ in range(2))
    old.created_at = in_days(-1)
    old.save()
    remove_loose_attendees()
    assert list(free_ticket.attendees.all()) == [new]


def end_hold(order):
    order.expires_at = timezone.now()
    order.save()


def seats_left_of(ticket):
    ticket.refresh_from_db()
    return seats_left([ticket])[ticket.pk]
