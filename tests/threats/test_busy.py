"""A database that has no time says so: try again, instead of a fault or a wait without end."""

import json

import pytest
from django.db import OperationalError, connection

from events.tests.factories import make_event
from openevent.core.refusals import busy
from orders.models import Order
from orders.tests.api.client import Client as API
from orders.tests.factories import make_ticket
from orders.tests.together import together


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_whoever_waits_too_long_for_a_seat_is_told_to_try_again(client, bob, somebody_else):
    seat = make_ticket(make_event())
    somebody_else.execute("UPDATE orders_ticket SET position = 1 WHERE id = %s", [seat.pk])
    cart = {"tickets": [{"id": seat.pk, "quantity": 1}]}
    doors = [
        lambda: API(bob).post_json("/v1/orders/create-order", cart),
        lambda: client.post(f"/e/{seat.event.identifier}", {f"quantity-{seat.pk}": 1, "verb": "continue"}),
    ]
    answer, page = together(*doors)
    assert [(one.status_code, one["Retry-After"]) for one in (answer, page)] == [(409, "2")] * 2
    assert answer.json()["errors"][0]["status"] == 409
    assert "try again" in page.content.decode()
    seat.refresh_from_db()
    assert (Order.objects.count(), seat.reserved) == (0, 0)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_question_that_takes_too_long_is_given_up(bob, somebody_else):
    make_event()
    api = API(bob)
    with connection.cursor() as own:
        own.execute("SET statement_timeout = 300")
        try:
            somebody_else.execute("LOCK TABLE events_event IN ACCESS EXCLUSIVE MODE")
            answer = api.get("/v1/events", {"include": "sessions"})
        finally:
            own.execute("SET statement_timeout = 30000")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert json.loads(answer.content)["errors"][0]["detail"] == "This takes too long. Ask for less at a time."


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("canceling statement due to lock timeout", 409),
        ("deadlock detected", 409),
        ("database is locked", 409),
        ("canceling statement due to statement timeout", 503),
        ("server closed the connection unexpectedly", 503),
        ('connection to server at "127.0.0.1", port 5432 failed: Connection refused', 503),
        ("terminating connection due to administrator command", 503),
    ],
)
def test_what_a_database_says_becomes_a_refusal(words, status):
    assert busy(OperationalError(words)).status == status


@pytest.mark.parametrize("problem", [OperationalError("no such table"), ValueError("lock")])
def test_another_problem_stays_one(problem):
    assert busy(problem) is None
