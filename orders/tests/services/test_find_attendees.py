"""Whose tickets are meant by a search, a state, a ticket type."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from events.tests.factories import make_event
from orders.models import Attendee, Order
from orders.services.check_in import check_in, check_out
from orders.services.door import added_up, counts_by_ticket
from orders.services.find_attendees import EVERYBODY, EXPECTED, GONE, HELD, IN, OUT, SOLD, STATES, Filters
from orders.services.states import cancel_order
from orders.tests.factories import make_finished_order, make_order, make_ticket


def found(event, query=""):
    return sorted(person.name for person in Filters.of(QueryDict(query)).rows(event))


def order_for(ticket, by, first, last, *, email="x@example.org", **options):
    names = {"firstname": first, "lastname": last, "email": email}
    return make_finished_order(ticket, by=by, names=names, **options)


@pytest.fixture
def crowd(event, bob, free_ticket, paid_ticket):
    """One in each state, called so."""
    order_for(free_ticket, bob, "Élodie", "Free", email="elodie.gross@fernpost.example")
    order_for(paid_ticket, bob, "Jan", "Placed", mode="bank")
    order_for(paid_ticket, bob, "Ona", "Onsite", mode="onsite")
    cancel_order(order_for(free_ticket, bob, "Carl", "Cancelled"), by=bob)
    for last, ends_in in (("Held", 5), ("Ended", -5)):
        order = make_order(free_ticket, by=bob)
        Order.objects.filter(pk=order.pk).update(expires_at=timezone.now() + timedelta(minutes=ends_in))
        order.attendees.update(firstname="Ida", lastname=last)


@pytest.mark.parametrize(
    ("state", "people"),
    [
        ("", ["Jan Placed", "Ona Onsite", "Élodie Free"]),
        (SOLD, ["Jan Placed", "Ona Onsite", "Élodie Free"]),
        ("paid", ["Élodie Free"]),
        ("awaiting", ["Jan Placed", "Ona Onsite"]),
        (HELD, ["Ida Held"]),
        (GONE, ["Carl Cancelled", "Ida Ended"]),
        (EXPECTED, ["Ona Onsite", "Élodie Free"]),
        (IN, []),
        (EVERYBODY, ["Carl Cancelled", "Ida Ended", "Ida Held", "Jan Placed", "Ona Onsite", "Élodie Free"]),
    ],
)
def test_a_state_is_as_the_clock_has_it(event, crowd, state, people):
    assert found(event, f"state={state}") == people


def test_the_door_counts_the_same_people(event, crowd, ada):
    for name in ("Élodie", "Ona"):
        check_in(Attendee.objects.get(firstname=name), by=ada)
    check_out(Attendee.objects.get(firstname="Ona"), by=ada)
    assert [found(event, f"state={state}") for state in (IN, OUT, EXPECTED)] == [["Élodie Free"], ["Ona Onsite"], []]
    door = added_up(counts_by_ticket(event))
    assert (door.inside, door.gone, door.to_come) == (1, 1, 0)


@pytest.mark.parametrize(
    "words", ["elodie", "ÉLODIE fr", "ree élo", "gross@fern", "FERNPOST.example", "  elodie \x00 free ", "%C3%89lodie"]
)
def test_people_are_found_by_parts_of_name_and_address(event, crowd, words):
    assert found(event, f"q={words}") == ["Élodie Free"]


def test_a_wildcard_is_a_letter_like_any_other(event, crowd):
    assert found(event, "q=%25") == found(event, "q=_") == []


def test_a_whole_order_code_finds_its_people(event, crowd, bob, free_ticket):
    order = make_finished_order((free_ticket, 2), by=bob)
    assert found(event, f"q={order.identifier.lower()}") == ["Bob Example", "Bob Example"]
    assert found(event, f"order={order.identifier.lower()}") == ["Bob Example", "Bob Example"]
    assert found(event, f"order={order.identifier}&q=elodie") == []


def test_a_ticket_type_narrows(event, crowd, paid_ticket):
    assert found(event, f"ticket={paid_ticket.pk}") == ["Jan Placed", "Ona Onsite"]


def test_nobody_of_another_event_is_found(event, crowd, ada, eve):
    there = make_event(owner=eve)
    order = order_for(make_ticket(there), eve, "Élodie", "There")
    assert found(event, "q=elodie") == ["Élodie Free"]
    assert found(event, f"q={order.identifier}") == []
    assert found(event, f"ticket={order.attendees.get().ticket_id}") == []


def test_who_is_deleted_or_has_no_order_is_nobody(event, crowd, ada, free_ticket):
    Attendee.objects.create(event=event, ticket=free_ticket, creator=ada, firstname="Loose")
    Attendee.objects.filter(firstname="Jan").update(deleted_at=timezone.now())
    Order.objects.filter(attendees__firstname="Ona").update(deleted_at=timezone.now())
    assert found(event, f"state={EVERYBODY}") == ["Carl Cancelled", "Ida Ended", "Ida Held", "Élodie Free"]


@pytest.mark.parametrize(
    "junk", ["ticket=x", "ticket=99999999999999999999", "state=nobody", "ticket=%00", "q=%00", "order=%00", "ticket=-1"]
)
def test_what_makes_no_sense_is_left_out(event, crowd, junk):
    assert len(found(event, junk)) == 3


def test_the_query_says_what_differs_from_nothing():
    filters = Filters.of(QueryDict("q=Élo die&state=in&ticket=7"))
    assert Filters.of(QueryDict(filters.query())) == filters
    assert filters.query(q="", ticket=None) == "state=in"
    assert Filters().query() == ""


def test_every_state_has_a_name(event, crowd):
    for state in STATES:
        assert Filters(state=state).rows(event).count() == len(found(event, f"state={state}"))
