"""Every cell of the table of moves, as every person: the table is the one in docs/orders.md, which people read."""

from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from accounts.models import Activity
from accounts.tests.people import make_person
from notifications.models import Mail, Notification
from openevent.core.refusals import Refused
from orders.models import Order
from orders.models.order import SEATED, STATUSES
from orders.services.edit_order import edit_order
from orders.services.ledger import by_hand_of, paid_of
from orders.services.moves import BOOKED, CLOCK, GUEST, NOT_THERE, OWED, SERVER, WAS_SOLD
from orders.services.outbox import left_of
from orders.services.states import change_status
from orders.tests.factories import make_order

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PAGE = (Path(__file__).parents[3] / "docs" / "orders.md").read_text()
MODES = {"pending": "stripe", "placed": "bank"}  # with which a buyer's client asks for these states


def table(head):
    """{first cell: the others} of the table whose head begins so."""
    lines = PAGE[PAGE.index(f"| {head} |") :].split("\n\n")[0].splitlines()[2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {first: others for first, *others in rows}


CELLS = table("from ↓ to →")
EFFECTS = table("state | seats")


@pytest.fixture
def people(ada, cora, bob, eve, root):
    """Each with their letters in the table."""
    return [
        *((bob, "buyer"), (GUEST, "buyer"), (ada, "T"), (cora, "T")),
        *((make_person("amy", is_admin=True), "S"), (root, "S"), (SERVER, "V"), (CLOCK, "C")),
        *((eve, "nobody"), (AnonymousUser(), "nobody")),
    ]


def is_theirs(letter, cell, *, costs):
    buyers = {"B", "e"} if costs else {"B", "b", "e", "f"}
    return bool(set(cell.split()) & (buyers if letter == "buyer" else {letter}))


def bring_to(order, status, by):
    """An order that came to be in this state, by the site's staff."""
    modes = {"pending": "stripe"}
    return order if status == "initializing" else change_status(order, status, by=by, mode=modes.get(status, "bank"))


def tried(move):
    """What the move came to, and what it left behind; then it is undone."""
    with transaction.atomic():
        before = {model: model.objects.count() for model in (Activity, Mail, Notification)}
        try:
            outcome = move()
        except Refused as refusal:
            outcome = refusal
        new = {model: list(model.objects.order_by("pk")[count:]) for model, count in before.items()}
        yield outcome, new
        transaction.set_rollback(True)


def check_effects(order, before, new, *, costs, ticket):
    """Everything that the table says of the state in which the order is now."""
    seats, _, money, mail, papers, bell, log, _ = EFFECTS[order.status]
    ticket.refresh_from_db()
    assert ticket.reserved == (0 if seats == "on sale again" else 2)
    assert (seats == "on sale again") == (order.status not in SEATED)
    if costs:
        booked = {
            "": True,
            BOOKED: paid_of(order) == order.amount,
            NOT_THERE: by_hand_of(order) == 0,
            OWED: left_of(order) == 0,
        }
        assert booked[money], money
    assert sum(paper.total for paper in order.invoices.all()) == (order.amount if order.status in WAS_SOLD else 0)
    about_it = [line.action for line in new[Activity] if line.action.startswith("order.")]
    assert [action for action in about_it if action != "order.invoiced"] == [log]
    told = order.status != "expired" or before in WAS_SOLD
    letters = [(letter.kind, letter.recipient) for letter in new[Mail]]
    to_others = [("ticket-for-holder", "gil@example.org")] if order.status == "completed" else []
    assert letters == ([(mail, order.email)] if mail and told else []) + to_others
    if mail and told:
        assert ", ".join(purpose for purpose, _ in new[Mail][0].attachments) == papers
    to_bob = [card.kind for card in new[Notification] if card.user == order.user]
    assert to_bob == ([bell] if bell and told else [])


@pytest.mark.parametrize("costs", [True, False], ids=["paid", "free"])
@pytest.mark.parametrize("before", STATUSES)
def test_each_moves_an_order_where_the_table_says_and_it_does_what_the_table_says(
    people, ada, bob, root, event, free_ticket, paid_ticket, before, costs
):
    ticket = paid_ticket if costs else free_ticket
    order = make_order((ticket, 2), by=bob)
    order.attendees.filter(pk=order.attendees.last().pk).update(firstname="Gil", email="gil@example.org")
    order = bring_to(order, before, by=root)
    for to, cell in zip(STATUSES, CELLS[before], strict=True):
        for who, letter in people:
            for outcome, new in tried(lambda who=who, to=to: change_status(Order.objects.get(), to, by=who)):
                name = f"{before} → {to} by {who}"
                if to == before:
                    assert (outcome.status, new[Activity], new[Mail]) == (before, [], []), name
                elif is_theirs(letter, cell, costs=costs):
                    assert not isinstance(outcome, Refused), name
                    check_effects(outcome, before, new, costs=costs, ticket=ticket)
                else:
                    assert isinstance(outcome, Refused), name
                    assert (outcome.status, bool(outcome.detail), new[Activity], new[Mail]) == (403, True, [], []), name


@pytest.mark.parametrize("is_classic", [True, False], ids=["classic", "create-order"])
@pytest.mark.parametrize("before", STATUSES)
def test_through_the_api_a_buyer_moves_an_order_of_the_create_order_flow_and_none_of_the_classic(
    bob, root, event, paid_ticket, before, is_classic
):
    event.can_pay_by_stripe = event.can_pay_by_bank = True
    event.save()
    bring_to(make_order((paid_ticket, 2), by=bob), before, by=root)
    Order.objects.update(is_classic=is_classic)
    for to, cell in zip(STATUSES, CELLS[before], strict=True):
        is_allowed = is_theirs("buyer", cell, costs=True) and not is_classic
        asked = {"status": to, **({"payment_mode": MODES[to]} if is_allowed and to in MODES else {})}
        for outcome, new in tried(lambda asked=asked: edit_order(Order.objects.get(), by=bob, changes=asked)):
            if is_allowed:
                assert outcome.status == to
            else:  # refused, or ignored where clients send it whatever the state: never applied
                assert (outcome.status in (403, before), new[Activity]) == (True, []), f"{before} → {to}"


def test_the_table_knows_every_state():
    assert list(CELLS) == list(EFFECTS) == list(STATUSES)
