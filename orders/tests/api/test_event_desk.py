"""Finding an event's people by name or address, and taking away codes that nobody used."""

import pytest

from events.tests.factories import give_role, make_event
from orders.models import DiscountCode
from orders.tests.factories import make_discount, make_finished_order, make_ticket


@pytest.fixture
def order(bob, paid_ticket):
    names = {"firstname": "Élodie", "lastname": "Gross", "email": "elodie@mill.example"}
    return make_finished_order(paid_ticket, by=bob, mode="bank", names=names)


def found(client, event, **asked):
    answer = client.get(f"/v1/events/{event.identifier}/attendees/search", asked)
    return [attendee["firstname"] for attendee in answer.json()["attendees"]]


def test_people_are_found_by_any_part_of_their_name_or_address(api, cora, event, order):
    for asked in ({"name": "elodie gr"}, {"name": "GROSS"}, {"email": "mill.ex"}, {"name": "lod", "email": "elodie"}):
        assert found(api(cora), event, **asked) == ["Élodie"]
    assert found(api(cora), event, name="bob") == found(api(cora), event, name="gross", email="bob@") == []
    [attendee] = api(cora).get(f"/v1/events/{event.pk}/attendees/search").json()["attendees"]
    assert (attendee["id"], attendee["order_id"]) == (order.attendees.get().pk, order.pk)
    assert (attendee["email"], attendee["is_checked_in"]) == ("elodie@mill.example", False)


def test_nobody_of_another_event_is_found(api, ada, bob, event, order):
    other = make_event(owner=ada)
    make_finished_order(make_ticket(other), by=bob)
    assert found(api(ada), other) == ["Bob"]


def test_only_the_door_and_the_team_search(api, bob, eve, event, order):
    address = f"/v1/events/{event.pk}/attendees/search"
    assert [api(who).get(address).status_code for who in (None, eve, bob)] == [401, 403, 403]
    give_role(eve, event, "registrar")
    assert found(api(eve), event, name="gross") == ["Élodie"]
    assert api(eve).get(address, {"name": "\x00"}).status_code == 400


def test_codes_that_nobody_used_are_hidden_and_the_others_stay(api, ada, cora, bob, event, paid_ticket):
    used = make_discount(event, paid_ticket, code="USED")
    make_finished_order(paid_ticket, by=bob, mode="bank", discount=used)
    make_discount(event, paid_ticket, code="FRESH")
    elsewhere = make_discount(make_event(owner=ada), code="ELSEWHERE")
    answer = api(cora).delete(f"/v1/events/{event.identifier}/discount-codes/delete-unused")
    assert answer.json() == {"success": True, "deletes": 1}
    live = DiscountCode.objects.filter(deleted_at=None).order_by("code")
    assert list(live.values_list("code", flat=True)) == ["ELSEWHERE", "USED"]
    assert elsewhere in live
    assert DiscountCode.objects.get(code="FRESH").deleted_at is not None


def test_only_the_team_takes_codes_away(api, bob, eve, event):
    address = f"/v1/events/{event.pk}/discount-codes/delete-unused"
    assert [api(who).delete(address).status_code for who in (None, eve, bob)] == [401, 403, 403]
