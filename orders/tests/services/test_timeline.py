"""Everything that happens to an order is a line of the log, and every line of the log stands on its timeline."""

import ast
from decimal import Decimal
from pathlib import Path

import pytest

from accounts.models import Activity
from notifications.models import Mail
from orders.services import timeline
from orders.services.checkout import fill_in, finish_order
from orders.services.edit_order import edit_order
from orders.services.holders import change_holder
from orders.services.notes import note_order
from orders.services.outbox import send_back, try_refund_again
from orders.services.paying import pay_by_token
from orders.services.refunding import confirm_refund, refund_order
from orders.services.resending import send_again, send_receipts
from orders.services.states import cancel_order, mark_paid
from orders.services.terms import wait_longer
from orders.services.timeline import outline_of, timeline_of
from orders.tests.factories import make_finished_order, make_order

pytestmark = pytest.mark.django_db

KNOWN = {*timeline.STEPS, *timeline.MONEY_MOVED, *timeline.EDITED, timeline.NOTED}
ABOUT_ORDERS = ("order.", "attendee.", "refund.", "payment.", "ticket.reissued")
ORDERS = Path(timeline.__file__).parents[1]


def titles(lines):
    return [line.title for line in reversed(lines)]


def written_actions():
    """Every action that the code records, as it stands there."""
    for path in ORDERS.rglob("*.py"):
        if "tests" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record":
                    first = node.args[0]
                    if isinstance(first, ast.Constant):
                        yield first.value


@pytest.mark.once
def test_whatever_is_recorded_about_orders_has_its_words_on_the_timeline():
    about_orders = {action for action in written_actions() if action.startswith(ABOUT_ORDERS)}
    assert about_orders <= KNOWN
    assert len(about_orders) > 15


def test_an_order_by_hand_from_its_first_line_to_its_last(ada, bob, paid_ticket):
    order = make_order((paid_ticket, 2), by=bob)
    fill_in(order, by=bob, buyer={"first_name": "Bob", "last_name": "B"})
    finish_order(order, by=bob, mode="bank")
    edit_order(order, by=bob, changes={"company": "Bob Ltd"})
    wait_longer(order, by=ada)
    mark_paid(order, by=ada)
    send_again(order, by=ada)
    send_receipts(order, by=ada)
    change_holder(order.attendees.first(), by=bob, changes={"firstname": "Gil", "email": "gil@example.org"})
    note_order(order, "Came by.", by=ada)
    [refund] = refund_order(order, by=ada, amount=Decimal(5), reason="Rain.")
    confirm_refund(refund, by=ada)
    cancel_order(order, by=ada)
    told = [title for title in titles(timeline_of(order)) if title not in set(subjects(order))]
    invoice, part, rest = (f"{paper} issued" for paper in order.invoices.all())
    assert told == [
        "Places held",
        "Buyer and names filled in",
        "Order placed",
        invoice,
        "Order edited",
        "More time to pay",
        "€40.00 paid by bank",
        "Mail sent again",
        "Tickets sent again",
        "Ticket issued anew, its old code is void: Gil",
        "Ticket changed: Gil",
        "Ada wrote a note",
        "€5.00 is to be given back",
        part,
        "€5.00 given back",
        "€35.00 is to be given back",
        "Order cancelled",
        rest,
    ]
    who = {line.title: line.who for line in timeline_of(order)}
    assert (who["Order edited"], who["€40.00 paid by bank"]) == ("Bob", "Ada")


def subjects(order):
    return Mail.objects.about(order).values_list("subject", flat=True)


def test_what_a_provider_says_stands_there_too(ada, bob, local_stripe, paid_ticket):
    order = make_order(paid_ticket, by=bob)
    with pytest.raises(Exception, match="declined"):
        pay_by_token(order, by=bob, token="tok_chargeDeclined")
    pay_by_token(order, by=bob, token="tok_visa")
    [refund] = refund_order(order, by=ada)
    type(refund).objects.update(state="failed")
    try_refund_again(refund, by=ada)
    send_back(refund.pk)
    told = titles(timeline_of(order))
    invoice, credit_note = (f"{paper} issued" for paper in order.invoices.all())
    assert [title for title in told if title not in set(subjects(order))] == [
        "Places held",
        "Payment begun",
        "A payment of €20.00 failed",
        "€20.00 arrived",
        "€20.00 paid by card",
        invoice,
        "€20.00 is to be given back",
        credit_note,
        "A refund is tried again",
        "€20.00 given back",
    ]


def test_the_buyer_reads_the_outline_and_no_name(ada, bob, paid_ticket):
    order = mark_paid(make_finished_order(paid_ticket, by=bob, mode="bank"), by=ada)
    note_order(order, "Came by.", by=ada)
    lines = outline_of(order)
    assert "Ada wrote a note" not in titles(lines)
    assert titles(lines)[0] == "Places held"


def test_no_line_is_changed_or_removed(bob, paid_ticket):
    make_order(paid_ticket, by=bob)
    line = Activity.objects.first()
    for attempt in (line.save, line.delete, Activity.objects.all().delete, lambda: Activity.objects.update(action="")):
        with pytest.raises(TypeError, match="append-only"):
            attempt()
