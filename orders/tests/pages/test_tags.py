"""The event page answers 304 to visitors who have read it, and never when anything on it has changed."""

import pytest
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from events.models import Event, Session
from events.tests.factories import in_days
from orders.models import Order, Ticket
from orders.tests.factories import make_order, make_tax, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(event):
    return reverse("event", args=[event.identifier])


def status(client, page, tag):
    return client.get(page, headers={"If-None-Match": tag}).status_code


def test_a_page_that_was_read_is_not_written_again(client, page, event, django_assert_max_num_queries):
    make_ticket(event)
    client.get(page)  # brings the cookies
    tag = client.get(page)["ETag"]
    with django_assert_max_num_queries(6):
        answer = client.get(page, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize(
    "happens",
    [
        lambda event, ticket, bob: make_order(ticket, by=bob),
        lambda event, ticket, bob: make_tax(event),
        lambda event, ticket, bob: Event.objects.filter(pk=event.pk).update(name="Renamed"),
        lambda event, ticket, bob: Ticket.objects.filter(pk=ticket.pk).update(price=5),
        # The clock alone, without a row being written that the counters count:
        lambda event, ticket, bob: QuerySet(Ticket).filter(pk=ticket.pk).update(sales_ends_at=in_days(-1)),
        lambda event, ticket, bob: QuerySet(Event).filter(pk=event.pk).update(ends_at=in_days(-1)),
    ],
    ids=["a seat is held", "a tax", "a name", "a price", "the sale ends", "the event ends"],
)
def test_no_tag_outlives_what_the_page_shows(client, page, event, bob, happens):
    ticket = make_ticket(event)
    client.get(page)
    tag = client.get(page)["ETag"]
    happens(event, ticket, bob)
    assert status(client, page, tag) == 200


def test_a_hold_that_ends_by_the_clock_changes_the_page(client, page, event, bob):
    order = make_order(make_ticket(event), by=bob)
    client.get(page)
    tag = client.get(page)["ETag"]
    QuerySet(Order).filter(pk=order.pk).update(expires_at=timezone.now())
    assert status(client, page, tag) == 200


def test_the_page_of_somebody_who_is_signed_in_has_no_tag(client, page, event, bob):
    client.force_login(bob)
    assert "ETag" not in client.get(page)


def test_what_stands_below_the_tickets_is_written_again_when_it_changes_and_not_when_tickets_are_sold(
    client, page, event, bob, django_assert_max_num_queries
):
    ticket = make_ticket(event)
    talk = Session.objects.create(
        event=event, title="Ropes", state="accepted", starts_at=event.starts_at, ends_at=event.ends_at
    )
    assert "Ropes" in client.get(page).content.decode()
    make_order(ticket, by=bob)
    with django_assert_max_num_queries(12):
        assert "Ropes" in client.get(page).content.decode()
    talk.title = "Knots"
    talk.save()
    assert "Knots" in client.get(page).content.decode()


def test_another_theme_is_another_page(client, page, event):
    client.get(page)
    tag = client.get(page)["ETag"]
    client.cookies["theme"] = "dark"
    assert status(client, page, tag) == 200
