"""Giving back: never more than was paid, and never lost."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.models import Mail
from openevent.core.refusals import Refused
from orders.models import LedgerLine, Refund, TicketFee
from orders.services.cart import Wish, open_cart
from orders.services.checkout import create_order
from orders.services.edit_order import edit_order
from orders.services.ledger import paid_of
from orders.services.outbox import due_refunds, left_of, send_back, try_refund_again
from orders.services.paying import pay_by_token
from orders.services.refunding import confirm_refund, prices_of, refund_order
from orders.services.states import cancel_order, change_status, delete_order, mark_paid
from orders.tasks import send_waiting_refunds
from orders.tests.factories import make_donation, make_finished_order, make_order, make_tax, make_ticket


def paid_by_card(ticket, *, by):
    return pay_by_token(make_order(ticket, by=by), by=by, token="tok_visa")


def send_all():
    for refund in Refund.objects.filter(state="waiting").exclude(payment=None).order_by("pk"):
        send_back(refund.pk)


def test_a_part_and_then_the_rest(local_stripe, ada, bob, paid_ticket):
    order = paid_by_card((paid_ticket, 2), by=bob)
    refund_order(order, by=ada, amount=Decimal("12.50"))
    with pytest.raises(Refused, match=r"At most €27\.50") as refusal:
        refund_order(order, by=ada, amount=Decimal("27.51"))
    assert (refusal.value.status, refusal.value.pointer) == (422, "/data/attributes/amount")
    refund_order(order, by=ada)
    with pytest.raises(Refused, match="Nothing is left") as refusal:
        refund_order(order, by=ada)
    assert refusal.value.status == 409
    send_all()
    assert local_stripe.balance() == {"eur": 0}
    assert [line.amount for line in order.ledger.all()] == [40, Decimal("-12.5"), Decimal("-27.5")]
    order.refresh_from_db()
    assert order.status == "completed"


def test_a_ticket_is_given_back_once_with_its_seat(local_stripe, ada, bob, event):
    seat = make_ticket(event, price="10", quantity=3)
    order = paid_by_card((seat, 3), by=bob)
    first, *others = order.attendees.all()
    refund_order(order, by=ada, attendees=[first])
    with pytest.raises(Refused, match="given back already"):
        refund_order(order, by=ada, attendees=[first])
    seat.refresh_from_db()
    assert (seat.reserved, [(one.attendee, one.amount) for one in Refund.objects.all()]) == (2, [(first, 10)])
    refund_order(order, by=ada, attendees=others)
    seat.refresh_from_db()
    order.refresh_from_db()
    assert (seat.reserved, order.status, left_of(order)) == (0, "cancelled", 0)


def test_what_tickets_cost_sums_to_the_last_cent(local_stripe, ada, bob, event):
    seat = make_ticket(event, price="10")
    order = make_order((seat, 3), by=bob)
    line = order.lines.get()
    line.total = order.amount = Decimal("10.00")
    line.save()
    order.save()
    assert sorted(prices_of(order).values()) == [Decimal("3.33"), Decimal("3.33"), Decimal("3.34")]


def test_each_giver_of_an_order_gets_back_what_they_gave(bob, event):
    gift = make_donation(event)
    wishes = [Wish(ticket_id=gift.pk, quantity=2, price=Decimal(5)), Wish(ticket_id=gift.pk, price=Decimal(50))]
    order = create_order(open_cart(wishes, by=bob), by=bob)
    assert list(prices_of(order).values()) == [5, 5, 50]


def test_tickets_of_several_types_are_given_back_in_the_order_in_which_they_are_locked(ada, bob, event):
    first, second = make_ticket(event, price="10"), make_ticket(event, price="10")
    order = mark_paid(make_order(first, second, by=bob), by=ada)
    attendees = order.attendees.order_by("-ticket")
    with CaptureQueriesContext(connection) as asked:
        refund_order(order, by=ada, attendees=attendees)
    counters = [query["sql"] for query in asked if query["sql"].startswith('UPDATE "orders_ticket"')]
    assert [f'"id" = {ticket.pk}' in sql for ticket, sql in zip((first, second), counters, strict=True)] == [True] * 2


def test_staff_who_name_another_amount_leave_lines_that_sum_to_it(root, bob, event):
    make_tax(event, 19)
    TicketFee.objects.create(currency="EUR", service_fee=10)
    order = make_order(make_ticket(event, price="100"), by=bob)
    edit_order(order, by=root, changes={"amount": Decimal("59.50")})
    line = order.lines.get()
    assert (line.price - line.discount + line.fee, line.tax, line.total) == (50, Decimal("9.50"), Decimal("59.50"))


@pytest.mark.parametrize("undo", [cancel_order, delete_order])
def test_an_order_that_is_taken_back_is_refunded(local_stripe, root, bob, paid_ticket, undo):
    order = paid_by_card(paid_ticket, by=bob)
    undo(order, by=root, note="The hall burned down.")
    [refund] = Refund.objects.all()
    assert (refund.amount, refund.reason, refund.by) == (20, "The hall burned down.", root)
    assert "€20.00 is given back" in Mail.objects.about(order).get(kind="order-cancelled").text
    send_all()
    assert local_stripe.balance() == {"eur": 0}


def test_money_that_came_by_hand_goes_back_by_hand(ada, bob, paid_ticket):
    order = mark_paid(make_finished_order(paid_ticket, by=bob, mode="bank"), by=ada)
    assert [(line.provider, line.amount, line.by_name) for line in order.ledger.all()] == [("bank", 20, ada.name)]
    cancel_order(order, by=ada)
    [refund] = Refund.objects.all()
    assert (refund.is_by_hand, refund.state, refund.provider) == (True, "waiting", "bank")
    send_waiting_refunds()
    assert paid_of(order) == 20
    confirm_refund(refund, by=ada)
    assert paid_of(order) == 0
    refund.refresh_from_db()
    with pytest.raises(Refused, match="already"):
        confirm_refund(refund, by=ada)


def test_who_says_too_early_that_it_is_paid_can_take_that_back(ada, bob, root, paid_ticket):
    order = mark_paid(make_finished_order(paid_ticket, by=bob, mode="bank"), by=ada)
    change_status(order, "placed", by=ada)
    assert paid_of(order) == 0
    mark_paid(order, by=ada)
    assert [line.amount for line in order.ledger.all()] == [20, -20, 20]


def test_a_provider_that_is_away_is_tried_ever_less(local_stripe, ada, bob, paid_ticket):
    order = paid_by_card(paid_ticket, by=bob)
    [refund] = refund_order(order, by=ada)
    local_stripe.mood = "down"
    waits = []
    for _ in range(3):
        Refund.objects.update(next_try_at=timezone.now())
        send_waiting_refunds()
        refund.refresh_from_db()
        waits.append(round((refund.next_try_at - timezone.now()).total_seconds() / 60))
    assert (waits, refund.state, "does not answer" in refund.error) == ([1, 5, 15], "waiting", True)
    assert due_refunds() == []
    local_stripe.mood = ""
    Refund.objects.update(next_try_at=timezone.now())
    send_waiting_refunds()
    refund.refresh_from_db()
    assert (refund.state, local_stripe.balance()) == ("done", {"eur": 0})


def test_a_refund_whose_answer_got_lost_is_given_once(local_stripe, ada, bob, paid_ticket):
    order = paid_by_card(paid_ticket, by=bob)
    [refund] = refund_order(order, by=ada, amount=Decimal(8))
    local_stripe.mood = "lost"
    send_back(refund.pk)
    local_stripe.mood = ""
    Refund.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
    send_waiting_refunds()
    assert (local_stripe.balance(), paid_of(order)) == ({"eur": 1200}, 12)


def test_a_refund_that_the_provider_refuses_stays_to_be_seen_and_tried_again(local_stripe, ada, bob, paid_ticket):
    order = paid_by_card(paid_ticket, by=bob)
    [refund] = refund_order(order, by=ada)
    local_stripe.declining = True
    send_back(refund.pk)
    refund.refresh_from_db()
    assert (refund.state, "Insufficient funds" in refund.error, left_of(order)) == ("failed", True, 0)
    local_stripe.declining = False
    try_refund_again(refund, by=ada)
    send_back(refund.pk)
    refund.refresh_from_db()
    assert refund.state == "done"
    with pytest.raises(Refused, match="on its way"):
        try_refund_again(refund, by=ada)


def test_strangers_and_buyers_give_nothing_back(local_stripe, bob, eve, paid_ticket):
    order = paid_by_card(paid_ticket, by=bob)
    for who in (bob, eve):
        with pytest.raises(Refused) as refusal:
            refund_order(order, by=who)
        assert refusal.value.status == 403
    assert Refund.objects.count() == 0


def test_a_line_of_the_ledger_stays(ada, bob, paid_ticket):
    order = mark_paid(make_finished_order(paid_ticket, by=bob, mode="bank"), by=ada)
    line = order.ledger.get()
    for change in (
        line.save,
        line.delete,
        LedgerLine.objects.all().delete,
        lambda: LedgerLine.objects.update(amount=1),
    ):
        with pytest.raises(TypeError):
            change()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    wishes=st.lists(
        st.one_of(st.decimals("0.01", "60", places=2), st.just(None), st.sampled_from(["first", "second"])), max_size=6
    )
)
def test_whatever_is_asked_for_never_more_goes_back_than_was_paid(local_stripe, ada, bob, paid_ticket, wishes):
    order = paid_by_card((paid_ticket, 2), by=bob)
    before = local_stripe.balance()["eur"] - 4000
    holders = dict(zip(("first", "second"), order.attendees.all(), strict=True))
    for wish in wishes:
        wanted = {"attendees": [holders[wish]]} if isinstance(wish, str) else {"amount": wish}
        try:
            refund_order(order, by=ada, **wanted)
        except Refused:
            continue
    send_all()
    assert 0 <= paid_of(order) <= 40
    assert local_stripe.balance()["eur"] - before == paid_of(order) * 100
