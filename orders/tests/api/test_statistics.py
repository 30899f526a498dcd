"""Sales in numbers: of an event and a ticket type for the team, of the whole site for its staff."""

import pytest

from events.models import Session
from events.services.groups import create_group
from events.tests.factories import in_days, make_event
from notifications.models import Mail
from orders.models import Order
from orders.services.states import cancel_order, mark_paid
from orders.tests.factories import make_finished_order, make_order, make_ticket

NONE = {"total": 0, "draft": 0, "cancelled": 0, "pending": 0, "expired": 0, "placed": 0, "completed": 0}


@pytest.fixture
def sold(ada, bob, event):
    """Of the first type 2 seats paid, 1 placed, 1 cancelled, 1 in checkout, 1 expired; of the other 3 paid."""
    seat = make_ticket(event, price="20", quantity=50)
    other = make_ticket(event, price="5", quantity=10)
    mark_paid(make_finished_order((seat, 2), (other, 3), by=bob, mode="bank"), by=ada)
    make_finished_order(seat, by=bob, mode="bank")
    cancel_order(make_finished_order(seat, by=bob, mode="bank"), by=ada)
    make_order(seat, by=bob)
    ended = make_order(seat, by=bob)
    Order.objects.filter(pk=ended.pk).update(expires_at=in_days(-1))
    return seat, other


def test_the_team_reads_tickets_orders_and_sales_of_an_event_by_state(api, cora, event, sold):
    found = api(cora).get(f"/v1/events/{event.identifier}/order-statistics").json()["data"]
    assert (found["type"], found["id"]) == ("order-statistics-event", str(event.pk))
    assert found["attributes"]["identifier"] == event.identifier
    by_state = {"draft": 1, "cancelled": 1, "expired": 1, "placed": 1}
    assert found["attributes"]["tickets"] == {**NONE, **by_state, "completed": 5, "total": 9, "max": 60}
    assert found["attributes"]["orders"] == {**NONE, **by_state, "completed": 1, "total": 5, "max": 60}
    money = {"draft": 20, "cancelled": 20, "expired": 20, "placed": 20, "completed": 55, "total": 135, "max": 1050}
    assert found["attributes"]["sales"] == {**NONE, **money}


def test_and_of_each_ticket_type_alone(api, ada, sold):
    seat, other = (
        api(ada).get(f"/v1/tickets/{ticket.pk}/order-statistics").json()["data"]["attributes"] for ticket in sold
    )
    assert (seat["tickets"]["completed"], seat["orders"]["completed"], seat["sales"]["completed"]) == (2, 1, 40)
    assert (seat["tickets"]["total"], seat["orders"]["total"], seat["tickets"]["max"]) == (6, 5, 50)
    assert other["tickets"] == {**NONE, "completed": 3, "total": 3, "max": 10}
    assert other["sales"] == {**NONE, "completed": 15, "total": 15, "max": 50}


def test_an_event_that_sold_nothing_has_numbers_too(api, ada):
    event = make_event(owner=ada)
    found = api(ada).get(f"/v1/events/{event.pk}/order-statistics").json()["data"]["attributes"]
    assert [found[name] for name in ("tickets", "orders", "sales")] == [{**NONE, "max": 0}] * 3


def test_buyers_and_strangers_read_none_of_it(api, bob, eve, event, sold):
    for who in (bob, eve, None):
        assert api(who).get(f"/v1/events/{event.pk}/order-statistics").status_code == 404
        assert api(who).get(f"/v1/tickets/{sold[0].pk}/order-statistics").status_code == 404


def test_a_hold_that_ends_changes_the_tag_without_a_row_being_written(api, ada, bob, event):
    order = make_order(make_ticket(event, price="20"), by=bob)
    address = f"/v1/events/{event.pk}/order-statistics"
    tag = api(ada).get(address)["ETag"]
    assert api(ada).get(address, **{"If-None-Match": tag}).status_code == 304
    super(type(Order.objects.all()), Order.objects.filter(pk=order.pk)).update(expires_at=in_days(-1))
    answer = api(ada).get(address, **{"If-None-Match": tag})
    assert answer.json()["data"]["attributes"]["orders"]["expired"] == 1


# ── The whole site ───────────────────────────────────────────────────────────────────────────────

ASKED = {"filterOptions[name]": "id", "filterOptions[op]": "eq", "filterOptions[val]": "1"}


def numbers(client, name):
    data = client.get(f"/v1/admin/statistics/{name}", ASKED).json()["data"]
    assert data["id"] == "1"
    return {key: value for key, value in data["attributes"].items() if key != "deleted-at"}


def test_staff_read_the_site_in_numbers(api, root, ada, cora, bob, event, sold):
    make_event(owner=ada, state="draft")
    make_event(owner=ada, starts_at=in_days(-9), ends_at=in_days(-8))
    for state in ("accepted", "draft"):
        Session.objects.create(event=event, title=state, state=state)
    event.attendees.update(user=bob)
    assert numbers(api(root), "events") == {"draft": 1, "published": 1, "past": 1}
    assert numbers(api(root), "sessions") == {
        **dict.fromkeys(("confirmed", "pending", "rejected"), 0),
        **dict.fromkeys(("accepted", "draft", "submitted"), 1),
    }
    people = {"super-admin": 1, "admin": 1, "verified": 4, "unverified": 0, "owner": 1, "organizer": 0}
    more = {"coorganizer": 1, "track-organizer": 0, "attendee": 1}
    assert numbers(api(root), "users") == {**people, **more}


def test_groups_are_counted_with_their_events_and_followers(api, root, ada, bob, event):
    group = create_group(by=ada, name="Harbour", events=[event])
    group.followers.create(user=bob)
    create_group(by=ada, name="Gone", events=[]).hide()
    assert numbers(api(root), "groups") == {"groups": 1, "group-events": 1, "followers": 1}


def test_mails_are_counted_by_the_days_since_they_went_out(api, root, bob, sold):
    Mail.objects.update(status="sent")
    oldest, older = Mail.objects.order_by("pk")[:2]
    Mail.objects.filter(pk=oldest.pk).update(created_at=in_days(-40))
    Mail.objects.filter(pk=older.pk).update(created_at=in_days(-5))
    every = Mail.objects.count()
    found = numbers(api(root), "mails")
    assert list(found) == ["one-day", "three-days", "seven-days", "thirty-days"]
    assert list(found.values()) == [every - 2, every - 2, every - 1, every - 1]


def test_nobody_but_staff_reads_them(api, ada, eve):
    for who in (ada, eve, None):
        for name in ("events", "sessions", "users", "mails", "groups"):
            assert api(who).get(f"/v1/admin/statistics/{name}").status_code == 404
