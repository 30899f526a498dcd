"""Roles through the API: changed and removed by rank, and never given from outside."""

import pytest

from accounts.models import Activity
from events.models import Role, UsersEventsRoles
from tests.contract.world import resource_document


@pytest.fixture
def held(world):
    """A document that moves somebody's row to a role."""

    def ask(who, whose, role=None):
        row = UsersEventsRoles.objects.get(event=world.event, user=world.people[whose])
        address = f"/v1/users-events-roles/{row.pk}"
        if role is None:
            return world.api(who).delete(address).status_code
        named = Role.objects.get(name=role)
        document = resource_document("users-events-roles", key=row.pk, relationships={"role": named})
        return world.api(who).patch(address, document).status_code

    return ask


@pytest.mark.parametrize(
    ("who", "whose", "role", "status"),
    [
        ("owner", "registrar", "organizer", 200),
        ("organizer", "co-organizer", "organizer", 200),
        ("co-organizer", "registrar", "moderator", 200),
        ("co-organizer", "registrar", "organizer", 403),
        ("co-organizer", "organizer", "registrar", 403),
        ("co-organizer", "co-organizer", "owner", 403),
        ("owner", "organizer", "owner", 403),
        ("owner", "owner", "organizer", 403),
        ("superadmin", "owner", "organizer", 403),
        ("owner", "registrar", "attendee", 422),
        ("registrar", "registrar", "moderator", 403),
        ("moderator", "registrar", "moderator", 404),
        ("eve", "registrar", "moderator", 404),
    ],
)
def test_who_changes_whose_role_to_what(held, who, whose, role, status):
    assert held(who, whose, role) == status


@pytest.mark.parametrize(
    ("who", "whose", "status"),
    [
        ("owner", "organizer", 200),
        ("organizer", "co-organizer", 200),
        ("co-organizer", "organizer", 403),
        ("co-organizer", "registrar", 200),
        ("registrar", "registrar", 200),
        ("registrar", "moderator", 404),
        ("owner", "owner", 403),
        ("superadmin", "owner", 403),
        ("admin", "organizer", 200),
    ],
)
def test_who_removes_whose_role(held, who, whose, status):
    assert held(who, whose) == status


def test_changing_the_event_by_the_api_stands_in_the_same_log(world):
    document = resource_document("event", key=world.event.pk, name="Fair of all", payment_country="DE")
    assert world.api("co-organizer").patch(f"/v1/events/{world.event.pk}", document).status_code == 200
    line = Activity.objects.get(action="event.changed", actor=world.people["co-organizer"])
    assert line.detail["fields"] == ["name", "payment_country"]


def test_the_api_keeps_the_currency_of_what_was_sold(world):
    document = resource_document("event", key=world.event.pk, payment_currency="CHF")
    answer = world.api("owner").patch(f"/v1/events/{world.event.pk}", document)
    assert (answer.status_code, answer.json()["errors"][0]["source"]["pointer"]) == (
        409,
        "/data/attributes/payment-currency",
    )


def test_deleting_the_event_by_the_api_stands_in_the_log_too(world):
    assert world.api("owner").delete(f"/v1/events/{world.event.pk}").status_code == 200
    assert Activity.objects.get(action="event.deleted").actor == world.people["owner"]
