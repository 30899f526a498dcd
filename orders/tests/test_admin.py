"""Orders, tickets and the door in the admin: read as they are, moved by verbs, never removed."""

import pytest

from accounts.models import Activity
from notifications.models import Mail
from openevent.core.admin_site import list_address, row_address
from openevent.core.tests.admin import drawn, press, save, told
from openevent.core.versions import read_versions
from orders.models import Attendee, Order, Scan, Ticket
from orders.models.order import CANCELLED, COMPLETED, PLACED
from orders.services.stock import seats_left
from orders.tests.factories import make_finished_order, make_order, make_ticket


@pytest.fixture
def keeper(client, root):
    client.force_login(root)
    return client


@pytest.fixture
def order(paid_ticket, bob):
    return make_finished_order(paid_ticket, by=bob, mode="bank")


def the(order):
    return Order.objects.get(pk=order.pk)


def test_an_order_is_found_by_code_name_or_part_of_an_address(keeper, order, eve):
    other = make_finished_order(order.attendees.get().ticket, by=eve, mode="bank")
    for words in (order.identifier.lower(), "bob", "BOB@EXAM", "example bob"[8:]):
        assert list(keeper.get(list_address(Order), {"q": words}).context["cl"].queryset) == [order], words
    assert set(keeper.get(list_address(Order), {"q": "example.org"}).context["cl"].queryset) == {order, other}


def test_an_order_is_marked_paid_and_its_buyer_is_mailed(keeper, order, root):
    page = press(keeper, order, "mark_paid", sure=False)
    assert order.identifier.encode() in page.content
    assert the(order).status == PLACED
    assert told(press(keeper, order, "mark_paid")) == [f"Mark paid: done for {order.identifier}."]
    assert the(order).status == COMPLETED
    assert Mail.objects.filter(kind="order-completed", recipient=order.email).count() == 1
    assert Activity.objects.get(action="order.completed").actor == root


def test_an_order_is_cancelled_with_a_note_that_the_buyer_reads(keeper, order, paid_ticket):
    [left] = seats_left(Ticket.objects.filter(pk=paid_ticket.pk)).values()
    press(keeper, order, "cancel", note="The hall is flooded.")
    assert (the(order).status, the(order).cancel_note) == (CANCELLED, "The hall is flooded.")
    assert list(seats_left(Ticket.objects.filter(pk=paid_ticket.pk)).values()) == [left + 1]
    assert "The hall is flooded." in Mail.objects.get(kind="order-cancelled").text


def test_money_is_given_back_from_the_admin_too(keeper, order, root):
    press(keeper, order, "mark_paid")
    press(keeper, order, "give_back", note="It rains.")
    [refund] = order.refunds.all()
    assert (refund.amount, refund.reason, refund.by, the(order).status) == (20, "It rains.", root, COMPLETED)
    assert "give_back" not in [verb.name for verb in keeper.get(row_address(Order, order.pk)).context["verbs"]["all"]]


def test_a_deleted_order_stays_for_the_ledger(keeper, order):
    press(keeper, order, "delete_order", note="Made twice.")
    kept = the(order)
    assert (kept.status, kept.deleted_at is not None, kept.lines.count()) == (CANCELLED, True, 1)
    assert Activity.objects.filter(action="order.deleted").count() == 1
    assert b"Deleted" in keeper.get(row_address(Order, order.pk)).content
    assert "There is no such order" in told(press(keeper, order, "mark_paid"))[0]


def test_many_at_once_are_done_one_by_one_and_what_cannot_be_is_named(keeper, order, bob, event):
    last = make_ticket(event, price="5", quantity=1, max_order=1)
    gone = make_finished_order(last, by=bob, mode="bank")
    press(keeper, gone, "cancel")
    make_finished_order(last, by=bob, mode="bank")
    both = {"_selected_action": [order.pk, gone.pk]}
    said = told(press(keeper, order, "mark_paid", **both))
    assert [the(one).status for one in (order, gone)] == [COMPLETED, CANCELLED]
    assert any(gone.identifier in words for words in said)
    assert "Mark paid: done for 1 of 2." in said or f"Mark paid: done for {order.identifier}." in said


def test_saving_never_goes_round_the_services(keeper, order):
    sent = {"status": "completed", "amount": "1.00", "email": "eve@example.org", "seed": "x", "identifier": "X"}
    assert save(keeper, Order, order.pk, company="Ropeworks", **sent).status_code == 302
    now = the(order)
    assert (now.status, now.amount, now.email, now.seed) == (PLACED, order.amount, order.email, order.seed)
    assert now.company == "Ropeworks"
    assert [line.detail for line in Activity.objects.filter(action="order.edited")] == [{"fields": ["company"]}]


def test_lines_and_attendees_are_only_read(keeper, order):
    page = keeper.get(row_address(Order, order.pk))
    attendee, line = order.attendees.get(), order.lines.get()
    sent = drawn(page) | {
        "company": "Ropeworks",
        "lines-TOTAL_FORMS": 1,
        "lines-INITIAL_FORMS": 1,
        "lines-0-id": line.pk,
        "lines-0-total": "1.00",
        "lines-0-DELETE": "on",
        "attendees-TOTAL_FORMS": 1,
        "attendees-INITIAL_FORMS": 1,
        "attendees-0-id": attendee.pk,
        "attendees-0-email": "eve@example.org",
        "attendees-0-DELETE": "on",
    }
    assert keeper.post(row_address(Order, order.pk), sent).status_code == 302
    assert the(order).company == "Ropeworks"
    assert order.lines.get().total == line.total
    assert order.attendees.get().email == attendee.email


def test_no_secret_of_an_order_or_a_ticket_is_shown(keeper, order):
    attendee = order.attendees.get()
    pages = [keeper.get(row_address(type(row), row.pk)).content.decode() for row in (order, attendee)]
    for secret in (order.seed, order.secret, attendee.seed, attendee.code, attendee.code_hash):
        assert all(secret not in page for page in pages)


def test_what_the_admin_saves_moves_the_counters(keeper, order):
    before = read_versions(["orders"], order.event_id)
    save(keeper, Order, order.pk, company="Ropeworks")
    between = read_versions(["orders"], order.event_id)
    press(keeper, order, "mark_paid")
    assert before < between < read_versions(["orders"], order.event_id)


def test_the_status_filter_goes_by_the_clock(keeper, order, paid_ticket, bob):
    held = make_order(paid_ticket, by=bob)
    Order.objects.filter(pk=held.pk).update(expires_at=held.created_at)
    listed = {
        status: list(keeper.get(list_address(Order), {"status": status}).context["cl"].queryset)
        for status in ("initializing", "expired", "placed")
    }
    assert listed == {"initializing": [], "expired": [held], "placed": [order]}


def test_somebody_is_let_in_and_taken_back(keeper, order):
    press(keeper, order, "mark_paid")
    attendee = order.attendees.get()
    press(keeper, attendee, "let_in")
    assert Attendee.objects.get(pk=attendee.pk).is_checked_in
    press(keeper, attendee, "undo")
    assert not Attendee.objects.get(pk=attendee.pk).is_checked_in
    assert list(Scan.objects.values_list("verdict", "gate").order_by("pk")) == [("in", "admin"), ("undone", "admin")]
