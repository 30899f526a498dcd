"""Codes: kept by the team, looked up by anybody who knows the exact text."""

import pytest

from events.tests.factories import in_days, make_event
from orders.tests.api.client import error_of
from orders.tests.factories import make_access, make_discount, make_ticket


@pytest.fixture
def discount(event, paid_ticket):
    return make_discount(event, paid_ticket, tickets_number=50, max_quantity=10)


def test_a_discount_code_is_looked_up_as_the_web_client_does_it(api, event, paid_ticket, discount):
    path = f"/v1/events/{event.identifier}/discount-codes/HARBOUR"
    answer = api().get(path, {"eventIdentifier": event.identifier, "code": "HARBOUR", "include": "event,tickets"})
    document = answer.json()
    assert (answer.status_code, document["data"]["id"]) == (200, str(discount.pk))
    assert document["data"]["attributes"]["tickets-number"] == 50
    linked = document["data"]["relationships"]
    assert linked["tickets"]["data"] == [{"type": "ticket", "id": str(paid_ticket.pk)}]
    included = {row["type"]: row["attributes"] for row in document["included"]}
    assert (included["event"]["identifier"], included["ticket"]["name"]) == (event.identifier, "Standard")


def test_an_access_code_opens_its_hidden_tickets_by_its_links(api, event):
    hidden = make_ticket(event, name="Crew", is_hidden=True)
    make_access(event, hidden)
    found = api().get(f"/v1/events/{event.identifier}/access-codes/BACKDOOR").json()["data"]
    tickets = api().get(found["relationships"]["tickets"]["links"]["related"]).json()
    assert [row["attributes"]["name"] for row in tickets["data"]] == ["Crew"]
    assert api().get(f"/v1/tickets/{hidden.pk}").status_code == 404
    assert api().get(f"/v1/access-codes/{found['id']}").status_code == 404


@pytest.mark.parametrize(
    ("change", "discount_status", "access_status"),
    [({"is_active": False}, 405, 404), ({"valid_till": in_days(-0.5)}, 405, 404), ({"code": "OTHER"}, 404, 404)],
    ids=["inactive", "too late", "another text"],
)
def test_a_code_that_does_not_hold_is_not_shown(api, event, change, discount_status, access_status):
    make_discount(event, **{"code": "SAVE", **change})
    make_access(event, **{"code": "OPEN", **change})
    base = f"/v1/events/{event.pk}"
    assert api().get(f"{base}/discount-codes/SAVE").status_code == discount_status
    assert api().get(f"{base}/access-codes/OPEN").status_code == access_status


def test_a_code_of_another_event_is_not_found_here(api, discount):
    assert api().get(f"/v1/events/{make_event().pk}/discount-codes/HARBOUR").status_code == 404


def test_nobody_finds_codes_by_trying(api, event, discount):
    path = f"/v1/events/{event.pk}/discount-codes"
    for _ in range(70):
        assert api().get(f"{path}/HARBOUR").status_code == 200
    tries = [api().get(f"{path}/GUESS{number}").status_code for number in range(61)]
    assert tries == [404] * 60 + [429]
    assert api().get(f"{path}/HARBOUR")["Retry-After"].isdigit()


def test_only_the_team_lists_and_edits_codes(api, ada, cora, bob, root, event, discount):
    path = f"/v1/events/{event.pk}/discount-codes"
    counts = [api(who).get(path).json()["meta"]["count"] for who in (ada, cora, bob, root)]
    assert counts == [1, 1, 0, 1]
    document = {"data": {"type": "discount-code", "id": str(discount.pk), "attributes": {"is-active": False}}}
    answers = [api(who).patch(f"/v1/discount-codes/{discount.pk}", document).status_code for who in (bob, cora)]
    assert answers == [404, 200]


def test_a_guessed_number_of_a_code_uses_up_the_tries(api, bob, paid_ticket):
    body = {"tickets": [{"id": paid_ticket.pk}], "discount-code": 424242}
    statuses = [api(bob).post_json("/v1/orders/calculate-amount", body).status_code for _ in range(61)]
    assert statuses == [422] * 60 + [429]


def test_the_number_of_a_code_cannot_be_lower_than_its_uses(api, ada, event, discount):
    discount.used = 60
    discount.tickets_number = 100
    discount.save()
    document = {"data": {"type": "discount-code", "id": str(discount.pk), "attributes": {"tickets-number": 10}}}
    answer = api(ada).patch(f"/v1/discount-codes/{discount.pk}", document)
    assert error_of(answer) == (422, "/data/attributes/tickets-number")


def test_the_team_changes_and_removes_a_code_by_its_text(api, event, discount, ada, eve):
    path = f"/v1/events/{event.identifier}/discount-codes/HARBOUR"
    document = {"data": {"type": "discount-code", "id": str(discount.pk), "attributes": {"value": 12}}}
    assert [api(who).patch(path, document).status_code for who in (None, eve, ada)] == [401, 404, 200]
    discount.refresh_from_db()
    assert discount.value == 12
    assert api(ada).delete(path).status_code == 200
    assert api(ada).get(path).status_code == 404


def test_a_code_that_lowers_the_site_s_invoices_is_given_by_the_site_alone(api, ada, root, event):
    attributes = {"code": "WELCOME", "type": "percent", "value": 25, "used-for": "event"}
    relationships = {"event": {"data": {"type": "event", "id": str(event.pk)}}}
    sent = {"data": {"type": "discount-code", "attributes": attributes, "relationships": relationships}}
    assert api(ada).post("/v1/discount-codes", sent).status_code == 403
    made = api(root).post("/v1/discount-codes", sent)
    assert made.status_code == 201
    address = f"/v1/discount-codes/{made.json()['data']['id']}"
    more = {"data": {"type": "discount-code", "id": made.json()["data"]["id"], "attributes": {"value": 100}}}
    assert [api(ada).patch(address, more).status_code, api(ada).delete(address).status_code] == [403, 403]
    assert [api(root).patch(address, more).status_code, api(root).delete(address).status_code] == [200, 200]
