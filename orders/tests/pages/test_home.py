"""Home: what is on, and from how much."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.tests.factories import make_event
from orders.tests.factories import make_donation, make_ticket

pytestmark = pytest.mark.django_db


def test_events_are_listed_with_date_place_and_lowest_price(guest, event):
    make_ticket(event, price="18.00")
    make_ticket(event, price="30.00")
    assert "Speicher 7 from €18" in guest.open("/").page


def test_a_range_from_free_says_both_ends(guest, event):
    make_ticket(event)
    make_ticket(event, price="30.00")
    assert "Free – €30" in guest.open("/").page


def test_a_gift_is_what_you_like(guest, event):
    make_donation(event)
    assert "Pay what you like" in guest.open("/").page


def test_the_last_places_are_counted_and_none_left_is_said(guest, event):
    seat = make_ticket(event, quantity=3)
    assert "3 places left" in guest.open("/").page
    type(seat).objects.filter(pk=seat.pk).update(reserved=3)
    assert "Sold out" in guest.open("/").page


def test_hidden_tickets_are_not_told_of(guest, event):
    make_ticket(event, price="1.00", is_hidden=True)
    assert "No tickets needed" in guest.open("/").page


def test_search_and_filters_work_together_and_keep_what_was_typed(guest, ada):
    make_event(name="Low Tide Orchestra", location_name="Kelder Hall")
    make_event(name="Rain Gardens", online=True, location_name=None)
    found = guest.open("/?q=orchestra&where=kelder&when=quarter")
    assert ("Low Tide Orchestra" in found.page, "Rain Gardens" in found.page) == (True, False)
    assert b'value="orchestra"' in found.answer.content


def test_a_search_without_a_hit_says_what_to_clear(guest, event):
    assert "Clear search and 1 filter" in guest.open("/?q=zebra&when=week").page


def test_free_events_can_be_asked_for(guest, event):
    make_ticket(event, price="5.00")
    make_ticket(make_event(name="Open garden"))
    page = guest.open("/?free=1").page
    assert ("Open garden" in page, "Harbour Days" in page) == (True, False)


def test_many_events_come_in_pages(guest):
    for number in range(25):
        make_event(name=f"Event {number:02}", starts_at=timezone.now() + timedelta(days=number + 1))
    assert "Event 24" in guest.open("/?page=2").page


def test_one_event_and_three_cost_the_same_number_of_queries(client, event, django_assert_num_queries):
    make_ticket(event)
    with django_assert_num_queries(20, exact=False) as one:
        client.get("/")
    for _ in range(2):
        make_ticket(make_event())
    with django_assert_num_queries(20, exact=False) as three:
        client.get("/")
    assert len(one) == len(three)
