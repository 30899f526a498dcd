"""Attendees: named by the buyer, checked in at the door, fixed to their order."""

import pytest

from events.tests.factories import give_role, in_days
from notifications.models import Mail
from orders.models import Attendee
from orders.tests.api.client import attendee_document, error_of, order_document
from orders.tests.factories import make_finished_order, make_order, make_ticket

NOW, LATER = "2026-11-21T09:00:00.000Z", "2026-11-21T17:30:00.000Z"


@pytest.fixture
def attendee(bob, free_ticket):
    return make_finished_order(free_ticket, by=bob).attendees.get()


@pytest.fixture
def door(event, eve):
    give_role(eve, event, "registrar")
    return eve


def path(attendee):
    return f"/v1/attendees/{attendee.pk}"


def test_the_buyer_and_the_team_change_who_comes(api, ada, bob, attendee):
    for who, name in ((bob, "Mira"), (ada, "Mina")):
        assert api(who).patch(path(attendee), attendee_document(attendee, firstname=name)).status_code == 200
        attendee.refresh_from_db()
        assert attendee.firstname == name


def test_a_changed_name_or_address_voids_the_ticket_and_mails_the_new_one(api, bob, attendee):
    before = attendee.code_hash
    api(bob).patch(path(attendee), attendee_document(attendee, job_title="Captain"))
    attendee.refresh_from_db()
    assert attendee.code_hash == before
    api(bob).patch(path(attendee), attendee_document(attendee, email="Mira@Example.org"))
    attendee.refresh_from_db()
    assert (attendee.code_hash == before, attendee.email) == (False, "mira@example.org")
    assert Mail.objects.filter(kind="ticket-for-holder", recipient="mira@example.org").count() == 1


def test_nobody_but_the_team_changes_names_once_the_event_has_begun(api, ada, bob, event, attendee):
    event.starts_at = in_days(-0.1)
    event.save()
    document = attendee_document(attendee, firstname="Late")
    assert [api(who).patch(path(attendee), document).status_code for who in (bob, ada)] == [403, 200]


def test_an_attendee_is_not_moved_to_another_order_ticket_event_or_user(api, ada, bob, root, eve, event, attendee):
    other = {
        "order": make_order(make_ticket(event), by=bob),
        "ticket": make_ticket(event),
        "user": eve,
    }
    for who in (bob, ada, root):
        for name, row in other.items():
            document = attendee_document(attendee)
            document["data"]["relationships"] = {name: {"data": {"type": name, "id": str(row.pk)}}}
            assert api(who).patch(path(attendee), document).status_code == 403
            link = {"data": {"type": name, "id": str(row.pk)}}
            assert api(who).patch(f"{path(attendee)}/relationships/{name}", link).status_code == 403


def test_the_door_checks_in_and_out_by_adding_times(api, door, attendee):
    answer = api(door).patch(path(attendee), attendee_document(attendee, checkin_times=NOW, is_checked_in=False))
    attributes = answer.json()["data"]["attributes"]
    assert (attributes["is-checked-in"], attributes["checkin-times"]) == (True, NOW)
    answer = api(door).patch(path(attendee), attendee_document(attendee, checkout_times=LATER))
    attributes = answer.json()["data"]["attributes"]
    assert (attributes["is-checked-in"], attributes["is-checked-out"]) == (False, True)


def test_two_devices_never_lose_each_other_s_entry(api, door, attendee):
    api(door).patch(path(attendee), attendee_document(attendee, checkin_times=NOW))
    api(door).patch(path(attendee), attendee_document(attendee, checkin_times=LATER))
    api(door).patch(path(attendee), attendee_document(attendee, checkin_times=f"{NOW},{LATER}"))
    api(door).patch(path(attendee), attendee_document(attendee, checkin_times=None))
    attendee.refresh_from_db()
    assert attendee.checkin_times == f"{NOW},{LATER}"


def test_check_in_fields_are_ignored_from_anyone_else(api, bob, attendee):
    sent = {"is_checked_in": True, "checkin_times": NOW, "is_registered": True, "tag_id": 7, "attendee_notes": "x"}
    assert api(bob).patch(path(attendee), attendee_document(attendee, **sent)).status_code == 200
    attendee.refresh_from_db()
    assert (attendee.is_checked_in, attendee.checkin_times, attendee.tag_id) == (False, None, None)


def test_the_door_does_not_change_names(api, door, attendee):
    document = attendee_document(attendee, firstname="Eve", checkin_times=NOW)
    assert api(door).patch(path(attendee), document).status_code == 403
    attendee.refresh_from_db()
    assert (attendee.firstname, attendee.checkin_times) == ("Bob", None)


@pytest.mark.parametrize("sent", ["noon", "2026-13-45T00:00:00Z", "x" * 500, "12,13"])
def test_what_is_not_a_time_is_refused_with_its_place(api, door, attendee, sent):
    answer = api(door).patch(path(attendee), attendee_document(attendee, checkin_times=sent))
    assert error_of(answer) == (422, "/data/attributes/checkin-times")


def test_a_check_in_says_when(api, door, attendee):
    answer = api(door).patch(path(attendee), attendee_document(attendee, is_checked_in=True))
    assert error_of(answer) == (422, "/data/attributes/checkin-times")


def test_a_ticket_that_is_cancelled_or_not_paid_does_not_check_in(api, ada, bob, door, paid_ticket, attendee):
    api(ada).patch(f"/v1/orders/{attendee.order.identifier}", order_document(attendee.order, status="cancelled"))
    unpaid = make_finished_order(paid_ticket, by=bob, mode="bank").attendees.get()
    at_the_door = make_finished_order(paid_ticket, by=bob, mode="onsite").attendees.get()
    answers = [
        api(door).patch(path(row), attendee_document(row, checkin_times=NOW)).status_code
        for row in (attendee, unpaid, at_the_door)
    ]
    assert answers == [409, 409, 200]


def test_a_refused_check_in_of_an_old_app_is_written_down_like_any_other(api, ada, door, attendee):
    api(ada).patch(f"/v1/orders/{attendee.order.identifier}", order_document(attendee.order, status="cancelled"))
    sent = {"checkin_times": NOW, "device_name_checkin": "Quay gate", "attendee_notes": "limps"}
    assert api(door).patch(path(attendee), attendee_document(attendee, **sent)).status_code == 409
    row = attendee.scans.get()
    assert (row.verdict, row.reason, row.gate, row.by) == ("refused", "order-cancelled", "Quay gate", door)
    attendee.refresh_from_db()
    assert (attendee.checkin_times, attendee.attendee_notes) == (None, None)


def test_taking_somebody_off_frees_the_seat(api, bob, free_ticket):
    order = make_finished_order((free_ticket, 2), by=bob)
    first = order.attendees.first()
    assert api(bob).delete(path(first)).status_code == 200
    free_ticket.refresh_from_db()
    assert (free_ticket.reserved, api(bob).get(path(first)).status_code) == (1, 404)
    api(bob).patch(f"/v1/orders/{order.identifier}", order_document(order, status="cancelled"))
    free_ticket.refresh_from_db()
    assert free_ticket.reserved == 0


def test_a_paid_ticket_is_taken_back_by_the_team_alone(api, ada, bob, paid_ticket):
    order = make_finished_order(paid_ticket, by=bob, mode="bank")
    api(ada).patch(f"/v1/orders/{order.identifier}", order_document(order, status="completed"))
    attendee = order.attendees.get()
    assert [api(who).delete(path(attendee)).status_code for who in (bob, ada)] == [403, 200]


def test_answers_are_a_flat_object(api, bob, attendee):
    for sent, status in (({"shoe-size": 44, "vegan": True}, 200), ({"a": {"b": 1}}, 422), (["a"], 422)):
        answer = api(bob).patch(path(attendee), attendee_document(attendee, complex_field_values=sent))
        assert answer.status_code == status
    assert Attendee.objects.get().complex_field_values == {"shoe_size": 44, "vegan": True}


def test_attendees_are_listed_as_the_organizer_s_page_asks(api, ada, event, attendee):
    params = {"include": "user,ticket", "filter": '[{"or":[]}]', "sort": "-order.completed_at", "page[size]": 10}
    answer = api(ada).get(f"/v1/events/{event.identifier}/attendees", params).json()
    assert [row["id"] for row in answer["data"]] == [str(attendee.pk)]
    condition = '[{"name":"order","op":"has","val":{"name":"status","op":"eq","val":"completed"}}]'
    assert api(ada).get(f"/v1/events/{event.pk}/attendees", {"filter": condition}).json()["meta"]["count"] == 1
    number = attendee.order_id
    by_order = f'[{{"name":"order","op":"has","val":{{"name":"id","op":"eq","val":"{number}"}}}}]'
    found = api(ada).get(f"/v1/tickets/{attendee.ticket_id}/attendees", {"filter": by_order}).json()
    assert found["meta"]["count"] == 1
