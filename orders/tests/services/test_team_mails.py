"""What the team of an event hears by mail."""

from datetime import UTC, datetime, timedelta

import pytest

from events.models import EmailNotification
from events.rules import MODERATOR, ORGANIZER
from events.tests.factories import give_role, make_event
from notifications.models import Mail
from orders.models import Order, Ticket
from orders.services.states import GUEST, cancel_order
from orders.services.team_mails import IN_ONE_MAIL, tell_of_ending_sales, tell_of_sales
from orders.tests.factories import make_finished_order, make_order, make_ticket

pytestmark = pytest.mark.django_db
TODAY = datetime(2026, 10, 10, 5, 30, tzinfo=UTC)


def mails(kind):
    return list(Mail.objects.filter(kind=kind).order_by("pk"))


def test_all_that_was_sold_since_is_one_mail_to_each_of_the_team(event, paid_ticket, free_ticket, bob, eve):
    give_role(eve, event, MODERATOR)
    placed = make_finished_order((paid_ticket, 2), by=bob, mode="bank")
    free = make_finished_order((free_ticket, 1), by=bob)
    make_order((free_ticket, 1), by=GUEST)  # still checking out
    assert tell_of_sales() == 1
    to_ada, to_cora = mails("ticket-purchased-organizer")
    assert (to_ada.recipient, to_cora.recipient) == ("ada@example.org", "cora@example.org")
    assert to_ada.subject == "2 new orders for Harbour Days"
    assert [line for line in to_ada.text.splitlines() if bob.name in line] == [
        f"{placed.identifier}  €40.00  {bob.name}",
        f"{free.identifier}  €0.00  {bob.name}",
    ]
    assert tell_of_sales() == 0


def test_what_was_cancelled_before_is_not_told(event, free_ticket, ada, bob):
    cancel_order(make_finished_order((free_ticket, 1), by=bob), by=ada)
    assert tell_of_sales() == 0


def test_whoever_wants_no_mail_of_sales_gets_none(event, free_ticket, ada, bob):
    EmailNotification.objects.update_or_create(user=ada, event=event, defaults={"after_ticket_purchase": False})
    make_finished_order((free_ticket, 1), by=bob)
    tell_of_sales()
    assert [mail.recipient for mail in mails("ticket-purchased-organizer")] == ["cora@example.org"]


def test_of_a_rush_the_mail_lists_the_first(event, free_ticket, bob):
    order = make_finished_order((free_ticket, 1), by=bob)
    Order.objects.bulk_create(
        Order(event=event, status="completed", email=f"guest{n}@example.org") for n in range(IN_ONE_MAIL + 3)
    )
    tell_of_sales()
    mail = mails("ticket-purchased-organizer")[0]
    assert mail.subject == f"{IN_ONE_MAIL + 4} new orders for Harbour Days"
    assert order.identifier in mail.text
    assert "And 4 more." in mail.text
    assert mail.text.count("@example.org") == IN_ONE_MAIL - 1


@pytest.mark.parametrize(
    ("kind", "days", "subject"),
    [
        ("ticket-sales-end", -1, "Tickets for Harbour Days: the sale has ended"),
        ("ticket-sales-end-tomorrow", 1, "Tickets for Harbour Days: the sale ends tomorrow"),
        ("ticket-sales-end-next-week", 7, "Tickets for Harbour Days: the sale ends in a week"),
    ],
)
def test_owners_and_organizers_hear_once_when_a_sale_ends(kind, days, subject, event, eve, paid_ticket, free_ticket):
    give_role(eve, event, ORGANIZER)
    Ticket.objects.filter(pk=paid_ticket.pk).update(sales_ends_at=TODAY + timedelta(days=days, hours=12))
    Ticket.objects.filter(pk=free_ticket.pk).update(sales_ends_at=TODAY + timedelta(days=days + 30))
    assert [tell_of_ending_sales(TODAY), tell_of_ending_sales(TODAY)] == [2, 0]
    first, second = mails(kind)
    assert {first.recipient, second.recipient} == {"ada@example.org", "eve@example.org"}
    assert first.subject == subject
    assert "Standard, until" in first.text
    assert "Community" not in first.text


def test_a_draft_ends_no_sale(ada):
    ticket = make_ticket(make_event(owner=ada, state="draft"), name="Standard")
    Ticket.objects.filter(pk=ticket.pk).update(sales_ends_at=TODAY + timedelta(days=1))
    assert tell_of_ending_sales(TODAY) == 0
