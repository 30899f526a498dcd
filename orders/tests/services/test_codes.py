"""Discount and access codes: one skip, then four refusals, in their order."""

import pytest

from events.tests.factories import in_days, make_event
from openevent.core.refusals import Refused
from orders.models import Attendee
from orders.services.codes import find_access, find_discount
from orders.services.edit_order import edit_order
from orders.services.holders import remove_attendee, restore_attendee
from orders.services.pricing import price_cart
from orders.services.refunding import refund_order
from orders.services.states import cancel_order, mark_paid
from orders.tests.factories import cart_of, make_access, make_discount, make_order, make_ticket


def refusal_of(call):
    with pytest.raises(Refused) as refusal:
        call()
    return refusal.value.code, refusal.value.status, refusal.value.pointer


def break_in_every_way(code, event):
    """Inactive, too late, used up and of another event, all at once."""
    code.event, code.is_active, code.valid_till, code.tickets_number = event, False, in_days(-1), 0
    code.save()


def test_the_four_refusals_come_in_their_order(ada, bob, event, paid_ticket):
    code = make_discount(event, paid_ticket)
    break_in_every_way(code, make_event())

    def buy():
        return cart_of(paid_ticket, by=bob, discount=code)

    at = "/discount-code"
    assert refusal_of(buy) == ("discount-code-inactive", 422, at)
    code.is_active = True
    assert refusal_of(buy) == ("discount-code-out-of-time", 422, at)
    code.valid_till = in_days(1)
    assert refusal_of(buy) == ("discount-code-exhausted", 422, at)
    code.tickets_number = None
    assert refusal_of(buy) == ("discount-code-of-another-event", 422, at)
    code.event = event
    assert buy().discount == code


def test_a_co_organizer_s_discount_is_ignored_before_it_is_looked_at(cora, event, paid_ticket):
    code = make_discount(event, paid_ticket)
    break_in_every_way(code, make_event())
    cart = cart_of(paid_ticket, by=cora, discount=code)
    assert (cart.discount, price_cart(cart).total) == (None, 20)


def test_a_coupon_of_staff_is_applied_and_not_consumed(root, event, paid_ticket):
    code = make_discount(event, paid_ticket, percent=50, tickets_number=1)
    order = make_order(paid_ticket, by=root, discount=code)
    code.refresh_from_db()
    assert (order.amount, order.discount_code, code.used) == (10, code, 0)


def test_a_discount_is_for_its_own_ticket_types_and_counts_their_seats(bob, event, paid_ticket):
    other = make_ticket(event, price="10")
    code = make_discount(event, paid_ticket, amount=5)
    order = make_order((paid_ticket, 2), other, by=bob, discount=code)
    code.refresh_from_db()
    assert (order.amount, code.used) == (40, 2)
    assert sorted(order.attendees.values_list("ticket", "is_discount_applied")) == [
        (paid_ticket.pk, True),
        (paid_ticket.pk, True),
        (other.pk, False),
    ]


def test_a_code_s_uses_come_back_with_the_order(bob, event, paid_ticket):
    code = make_discount(event, paid_ticket, tickets_number=2)
    order = make_order((paid_ticket, 2), by=bob, discount=code)
    assert refusal_of(lambda: make_order(paid_ticket, by=bob, discount=code))[0] == "discount-code-exhausted"
    cancel_order(order, by=bob)
    code.refresh_from_db()
    assert (code.used, make_order(paid_ticket, by=bob, discount=code).discount_uses) == (0, 1)


def test_the_uses_of_one_ticket_come_back_with_it(ada, bob, root, event, paid_ticket):
    hidden = make_ticket(event, price="10", is_hidden=True)
    discount, access = make_discount(event, paid_ticket, tickets_number=2), make_access(event, hidden)
    order = mark_paid(make_order((paid_ticket, 2), hidden, by=bob, discount=discount, access=access), by=ada)

    def used():
        for row in (discount, access, order):
            row.refresh_from_db()
        assert (order.discount_uses, order.access_uses) == (discount.used, access.used)
        return discount.used, access.used

    first, _, behind = order.attendees.order_by("pk")
    assert used() == (2, 1)
    refund_order(order, by=ada, attendees=[first])
    assert used() == (1, 1)
    other = make_order(paid_ticket, by=bob, discount=discount)
    with pytest.raises(Refused, match="as often as it may be"):
        restore_attendee(first, by=root)
    assert Attendee.objects.filter(pk=first.pk, deleted_at=None).count() == 0
    cancel_order(other, by=bob)
    restore_attendee(first, by=root)
    assert used() == (2, 1)
    remove_attendee(behind, by=ada)
    assert used() == (2, 0)
    cancel_order(order, by=ada)
    assert used() == (0, 0)


def test_an_order_that_gets_another_code_from_staff_gives_back_the_uses_of_the_former(bob, root, event, paid_ticket):
    former, new = make_discount(event, paid_ticket), make_discount(event, paid_ticket, code="GIFT")
    order = make_order(paid_ticket, by=bob, discount=former)
    edit_order(order, by=root, changes={"discount_code": new})
    former.refresh_from_db()
    new.refresh_from_db()
    assert (order.discount_code, former.used, new.used, order.discount_uses) == (new, 0, 0, 0)


def test_an_order_holds_as_many_tickets_of_a_code_as_the_code_says(bob, event, paid_ticket):
    code = make_discount(event, paid_ticket, min_quantity=2, max_quantity=3)
    assert refusal_of(lambda: make_order(paid_ticket, by=bob, discount=code))[0] == "discount-code-too-few"
    assert refusal_of(lambda: make_order((paid_ticket, 4), by=bob, discount=code))[0] == "discount-code-too-many"
    assert make_order((paid_ticket, 3), by=bob, discount=code).discount_uses == 3


def test_a_hidden_ticket_is_not_there_without_its_access_code(bob, event):
    hidden = make_ticket(event, is_hidden=True)
    assert refusal_of(lambda: cart_of(hidden, by=bob)) == ("ticket-unknown", 404, "/tickets/0/id")
    order = make_order(hidden, by=bob, access=make_access(event, hidden))
    assert (order.access_uses, order.attendees.get().is_access_code_applied) == (1, True)


def test_an_access_code_opens_its_own_ticket_types_only(bob, event):
    hidden, more_hidden = make_ticket(event, is_hidden=True), make_ticket(event, is_hidden=True)
    code = make_access(event, hidden)
    assert refusal_of(lambda: cart_of(more_hidden, by=bob, access=code))[0] == "ticket-unknown"


def test_an_access_code_has_the_same_refusals(bob, event):
    hidden = make_ticket(event, is_hidden=True)
    code = make_access(event, hidden, is_active=False)
    assert refusal_of(lambda: cart_of(hidden, by=bob, access=code)) == ("access-code-inactive", 422, "/access-code")


def test_codes_are_found_by_their_exact_text_at_their_event(event, paid_ticket):
    discount, access = make_discount(event, paid_ticket), make_access(event)
    assert find_discount(" HARBOUR ", event) == discount
    assert find_access("BACKDOOR", event) == access
    assert (find_discount("harbour", event), find_discount("HARBOUR", make_event())) == (None, None)
