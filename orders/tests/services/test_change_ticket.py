"""Another ticket type for one attendee: seats, prices, what is due or goes back, papers and mail."""

from decimal import Decimal

import pytest
from django.utils import timezone

from events.tests.factories import make_event
from notifications.models import Mail
from openevent.core.refusals import Refused
from orders.models import Order
from orders.payments.base import Pages
from orders.services.change_ticket import change_ticket, preview_change, receive_due
from orders.services.ledger import left_of, paid_of
from orders.services.outbox import send_back
from orders.services.paying import pay_by_page, pay_by_token, verify_payment
from orders.services.refunding import refund_order
from orders.services.shares import prices_of
from orders.services.states import cancel_order, change_status, explain, mark_paid
from orders.tests.factories import (
    make_access,
    make_discount,
    make_donation,
    make_finished_order,
    make_order,
    make_tax,
    make_ticket,
)

pytestmark = pytest.mark.django_db
PAGES = Pages(success="http://a.test/paid", cancel="http://a.test/left")


@pytest.fixture
def vip(event):
    return make_ticket(event, name="VIP", price="30.00", quantity=2)


@pytest.fixture
def paid(ada, bob, paid_ticket):
    """Bob's two Standard tickets, €40.00 by transfer."""
    return mark_paid(make_finished_order((paid_ticket, 2), by=bob, mode="bank"), by=ada)


def first(order):
    attendee = order.attendees.filter(deleted_at=None).order_by("pk").first()
    attendee.order = order
    return attendee


def again(order):
    return Order.objects.get(pk=order.pk)


def lines_of(order):
    return [(line.quantity, line.ticket.name, line.total) for line in order.lines.all()]


def reserved(*tickets):
    for ticket in tickets:
        ticket.refresh_from_db()
    return [ticket.reserved for ticket in tickets]


def is_square(order):
    """The lines sum to the amount, every ticket's part to the same; what came in and what is due are the amount."""
    order = again(order)
    assert sum(line.total for line in order.lines.all()) == order.amount == sum(prices_of(order).values())
    if order.status == "completed":
        assert left_of(order) + order.due == order.amount
    return True


def test_a_dearer_ticket_leaves_the_order_paid_and_its_difference_due(ada, bob, paid, paid_ticket, vip):
    code, mails = first(paid).code, Mail.objects.count()
    changed = change_ticket(first(paid), ticket=vip, by=ada)
    order = again(paid)
    assert (order.status, order.amount, order.due, paid_of(order)) == ("completed", 50, 10, 40)
    assert (lines_of(order), reserved(paid_ticket, vip)) == ([(1, "Standard", 20), (1, "VIP", 30)], [1, 1])
    assert is_square(order)
    assert (changed.ticket, changed.code == code, changed.voided_codes.count()) == (vip, False, 1)
    assert explain(order) == "€10.00 of €50.00 is still to be paid, since a ticket was changed."
    [mail] = Mail.objects.order_by("pk")[mails:]
    assert (mail.kind, mail.recipient, "€10.00 is still to be paid" in mail.text) == ("ticket-changed", bob.email, True)


def test_the_team_books_what_is_due_by_hand_once(ada, bob, paid, vip):
    change_ticket(first(paid), ticket=vip, by=ada)
    with pytest.raises(Refused) as refusal:
        receive_due(paid, by=bob)
    assert refusal.value.status == 403
    assert receive_due(paid, by=ada) == 10
    assert [(line.amount, line.provider, line.by_name) for line in paid.ledger.all()][1] == (10, "bank", "Ada")
    with pytest.raises(Refused) as refusal:
        receive_due(paid, by=ada)
    assert refusal.value.status == 409
    assert (again(paid).due, paid_of(paid)) == (0, 50)


def test_the_buyer_pays_what_is_due_online_and_only_that_once(ada, bob, local_stripe, paid_ticket, vip):
    order = pay_by_token(make_order(paid_ticket, by=bob), by=bob, token="tok_visa")
    change_ticket(first(order), ticket=vip, by=ada)
    pay_by_page(again(order), by=bob, mode="stripe", pages=PAGES)
    local_stripe.pay(order.payments.get(state="started").reference)
    order = verify_payment(again(order))
    assert (order.status, order.due, order.amount, paid_of(order)) == ("completed", 0, 30, 30)
    assert local_stripe.balance() == {"eur": 3000}
    with pytest.raises(Refused, match="is paid"):
        pay_by_page(again(order), by=bob, mode="stripe", pages=PAGES)


def test_what_is_paid_of_a_difference_that_is_no_longer_due_goes_back(ada, bob, local_stripe, paid_ticket, vip):
    order = pay_by_token(make_order(paid_ticket, by=bob), by=bob, token="tok_visa")
    change_ticket(first(order), ticket=vip, by=ada)
    pay_by_page(again(order), by=bob, mode="stripe", pages=PAGES)
    receive_due(again(order), by=ada)
    local_stripe.pay(order.payments.get(state="started").reference)
    verify_payment(again(order))
    assert (paid_of(order), left_of(order), [one.amount for one in order.refunds.all()]) == (40, 30, [10])


def test_a_cheaper_ticket_gives_the_difference_back_by_the_way_it_came(ada, bob, local_stripe, paid_ticket, vip):
    order = pay_by_token(make_order(vip, by=bob), by=bob, token="tok_visa")
    change = preview_change(first(order), ticket=paid_ticket)
    assert (change.difference, change.back, [(way.provider, amount) for way, amount in change.ways]) == (
        -10,
        10,
        [("stripe", 10)],
    )
    change_ticket(first(order), ticket=paid_ticket, by=ada)
    [refund] = order.refunds.all()
    assert (refund.amount, refund.reason, refund.attendee) == (10, "Standard instead of VIP", first(order))
    send_back(refund.pk)
    assert (again(order).amount, paid_of(order), local_stripe.balance()) == (20, 20, {"eur": 2000})
    assert is_square(order)
    assert "€10.00 is given back" in Mail.objects.get(kind="ticket-changed").text


def test_from_free_to_paid_and_back(ada, bob, free_ticket, vip):
    order = make_finished_order(free_ticket, by=bob)
    change_ticket(first(order), ticket=vip, by=ada)
    assert (again(order).status, again(order).due, is_square(order)) == ("completed", 30, True)
    change_ticket(first(again(order)), ticket=free_ticket, by=ada)
    order = again(order)
    assert (order.amount, order.due, order.refunds.count(), lines_of(order)) == (0, 0, 0, [(1, "Community", 0)])
    assert (reserved(free_ticket, vip), is_square(order)) == ([1, 0], True)


def test_what_is_due_is_taken_off_before_anything_goes_back(ada, paid, free_ticket, vip):
    change_ticket(first(paid), ticket=vip, by=ada)
    change = preview_change(first(again(paid)), ticket=free_ticket)
    assert (change.difference, change.waived, change.back) == (-30, 10, 20)
    change_ticket(first(again(paid)), ticket=free_ticket, by=ada)
    assert (again(paid).due, left_of(paid), is_square(paid)) == (0, 20, True)


def test_an_order_that_awaits_its_money_awaits_another_sum(ada, bob, free_ticket, paid_ticket, vip):
    order = make_finished_order(paid_ticket, by=bob, mode="bank")
    change_ticket(first(order), ticket=vip, by=ada)
    order = again(order)
    assert (order.status, order.amount, order.due) == ("placed", 30, 0)
    change_ticket(first(order), ticket=free_ticket, by=ada)
    assert (again(order).status, again(order).amount) == ("completed", 0)
    assert Mail.objects.filter(kind="order-completed").count() == 1


def test_the_team_may_leave_the_price_as_it_is(ada, paid, free_ticket, vip):
    change_ticket(first(paid), ticket=vip, by=ada, keep_price=True)
    order = again(paid)
    assert (order.amount, order.due, lines_of(order)) == (40, 0, [(1, "Standard", 20), (1, "VIP", 20)])
    assert (order.lines.last().price, order.lines.last().discount, is_square(order)) == (30, 10, True)


def test_the_orders_discount_counts_for_the_new_type_if_it_is_for_it(ada, bob, event, paid_ticket, vip):
    code = make_discount(event, paid_ticket, percent=50, tickets_number=5)
    order = mark_paid(make_finished_order((paid_ticket, 2), by=bob, mode="bank", discount=code), by=ada)
    change_ticket(first(order), ticket=vip, by=ada)
    code.refresh_from_db()
    order = again(order)
    assert (order.amount, code.used, order.discount_uses, is_square(order)) == (40, 1, 1, True)
    code.tickets.add(vip)
    change_ticket(order.attendees.order_by("pk").last(), ticket=vip, by=ada)
    code.refresh_from_db()
    assert (again(order).amount, code.used, is_square(order)) == (45, 1, True)


def test_a_code_that_is_used_up_is_no_reason_to_use_it_once_more(ada, bob, event, paid_ticket, vip):
    code = make_discount(event, vip, percent=50, tickets_number=1)
    order = mark_paid(make_finished_order(vip, paid_ticket, by=bob, mode="bank", discount=code), by=ada)
    standard = order.attendees.get(ticket=paid_ticket)
    with pytest.raises(Refused) as refusal:
        change_ticket(standard, ticket=vip, by=ada)
    assert refusal.value.code == "discount-code-exhausted"
    assert (again(order).amount, reserved(paid_ticket, vip)) == (35, [1, 1])


def test_who_loses_a_hidden_type_gives_back_the_use_of_its_access_code(ada, bob, event, paid_ticket):
    hidden = make_ticket(event, name="Crew", price="5.00", is_hidden=True)
    code = make_access(event, hidden, tickets_number=3)
    order = mark_paid(make_finished_order(hidden, by=bob, mode="bank", access=code), by=ada)
    change_ticket(first(order), ticket=paid_ticket, by=ada)
    code.refresh_from_db()
    assert (code.used, again(order).access_uses, is_square(order)) == (0, 0, True)


@pytest.mark.parametrize("included", [True, False])
def test_taxes_stay_right_to_the_last_cent(ada, bob, event, included):
    make_tax(event, "7.7", included=included)
    odd, even = make_ticket(event, name="Odd", price="3.33"), make_ticket(event, name="Even", price="9.99")
    order = mark_paid(make_finished_order((odd, 3), by=bob, mode="bank"), by=ada)
    for attendee in order.attendees.order_by("pk"):
        change_ticket(attendee, ticket=even, by=ada)
        assert is_square(order)
    for line in again(order).lines.all():
        assert line.total == line.price - line.discount + line.fee + (0 if included else line.tax)


def test_of_several_gifts_the_holders_own_is_changed(ada, bob, event, vip):
    gift = make_donation(event, least=1, most=100, name="Gift")
    order = make_order((gift, 1), by=bob)
    order.lines.create(ticket=gift, quantity=1, price=50, total=50)
    order.attendees.create(event=event, ticket=gift)
    Order.objects.filter(pk=order.pk).update(amount=51)
    order = mark_paid(again(order), by=ada)
    dear = order.attendees.order_by("pk").last()
    assert prices_of(order)[dear.pk] == 50
    change_ticket(dear, ticket=vip, by=ada)
    assert (lines_of(again(order)), again(order).refunds.get().amount) == ([(1, "Gift", 1), (1, "VIP", 30)], 20)


def test_a_changed_ticket_is_taken_back_for_what_it_cost_and_what_is_due_with_it(ada, bob, paid, paid_ticket, vip):
    change_ticket(first(paid), ticket=vip, by=ada)
    [refund] = refund_order(again(paid), by=ada, attendees=[first(paid)])
    assert (refund.amount, again(paid).due, left_of(paid)) == (20, 0, 20)
    cancel_order(again(paid), by=ada)
    assert (left_of(paid), reserved(paid_ticket, vip)) == (0, [0, 0])


def test_what_is_due_ends_with_the_order(ada, bob, paid, vip):
    change_ticket(first(paid), ticket=vip, by=ada)
    order = change_status(again(paid), "placed", by=ada)
    assert (order.due, order.amount, paid_of(order)) == (0, 50, 0)
    assert paid_of(mark_paid(order, by=ada)) == 50


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("eve", 403)])
def test_the_team_alone_changes_a_type(who, status, request, paid, vip):
    with pytest.raises(Refused) as refusal:
        change_ticket(first(paid), ticket=vip, by=request.getfixturevalue(who))
    assert refusal.value.status == status


def test_what_cannot_be_is_refused_and_changes_nothing(ada, bob, eve, event, paid, paid_ticket, vip):
    theirs = make_ticket(make_event(owner=eve), price="1")
    hold = make_order(paid_ticket, by=bob)
    gone = make_ticket(event, name="Gone", price="5")
    gone.hide()
    for attendee, ticket, code in (
        (first(paid), paid_ticket, "ticket-the-same"),
        (first(paid), theirs, "ticket-unknown"),
        (first(paid), gone, "ticket-unknown"),
        (first(hold), vip, "ticket-not-changeable"),
    ):
        with pytest.raises(Refused) as refusal:
            change_ticket(attendee, ticket=ticket, by=ada)
        assert refusal.value.code == code
    seen = preview_change(first(paid), ticket=vip).seen
    vip.price = Decimal("31")
    vip.save()
    with pytest.raises(Refused) as refusal:
        change_ticket(first(paid), ticket=vip, by=ada, seen=seen)
    assert (refusal.value.code, again(paid).amount, reserved(vip)) == ("order-changed", 40, [0])


def test_a_sold_out_type_is_refused_and_an_ended_hold_stands_in_nobodys_way(ada, eve, paid, vip):
    hold = make_order((vip, 2), by=eve)
    with pytest.raises(Refused) as refusal:
        change_ticket(first(paid), ticket=vip, by=ada)
    assert (refusal.value.code, again(paid).amount, lines_of(again(paid))) == ("sold-out", 40, [(2, "Standard", 40)])
    Order.objects.filter(pk=hold.pk).update(expires_at=timezone.now())
    change_ticket(first(paid), ticket=vip, by=ada)
    assert (again(hold).status, reserved(vip)) == ("expired", [1])
