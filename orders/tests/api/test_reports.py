"""The sales reports of the whole site, for those to whom their panel is open."""

import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.people import make_person
from events.tests.factories import make_event
from orders.models import EventInvoice, Order, TicketFee
from orders.services.states import mark_paid
from orders.tests.factories import make_discount, make_finished_order, make_ticket

NAMES = ("by-events", "by-organizers", "by-location", "by-marketer", "discounted", "invoices", "fees")


@pytest.fixture
def sold(ada, bob, cora, eve, event):
    """Of ada's 2 × 20 paid, 1 × 20 placed, 1 × 10 paid with cora's code; of eve's in the same place 1 × 5 paid."""
    TicketFee.objects.create(country="DE", currency="EUR", service_fee=Decimal(10), maximum_fee=Decimal(50))
    seat = make_ticket(event, price="20", is_fee_absorbed=True)
    code = make_discount(event, seat, percent=50, marketer=cora)
    for wanted, options in (((seat, 2), {}), (seat, {"discount": code})):
        mark_paid(make_finished_order(wanted, by=bob, mode="bank", **options), by=ada)
    make_finished_order(seat, by=bob, mode="bank")
    other = make_event(owner=eve, name="Mill Fair")
    mark_paid(make_finished_order(make_ticket(other, price="5", is_fee_absorbed=True), by=bob, mode="bank"), by=eve)
    return other


def report(client, name, **params):
    answer = client.get(f"/v1/admin/sales/{name}", params)
    return [row["attributes"] for row in answer.json()["data"]]


def sales(completed=(0, 0), placed=(0, 0)):
    states = {"completed": completed, "placed": placed, "pending": (0, 0)}
    return {state: {"ticket_count": count, "sales_total": money} for state, (count, money) in states.items()}


def test_by_event_with_its_owner_and_its_kind(api, root, ada, eve, event, sold):
    first, second = report(api(root), "by-events", sort="-completed-order-sales")
    assert (first["name"], first["owner"], first["owner-id"], first["type"]) == (
        *("Harbour Days", ada.email),
        *(str(ada.pk), "Venue"),
    )
    assert first["sales"] == sales(completed=(3, 50), placed=(1, 20))
    assert (first["completed-order-sales"], first["completed-order-tickets"], first["placed-order-sales"]) == (
        50,
        3,
        20,
    )
    assert (second["owner"], second["sales"]) == (eve.email, sales(completed=(1, 5)))


def test_reading_writes_nothing(api, root, sold):
    for name in NAMES:
        with CaptureQueriesContext(connection) as asked:
            assert api(root).get(f"/v1/admin/sales/{name}").status_code == 200
        assert [each["sql"] for each in asked if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []


def test_by_organizer_and_by_place(api, root, ada, eve, sold):
    rows = {row["email"]: row for row in report(api(root), "by-organizers", sort="email")}
    assert {email: row["sales"] for email, row in rows.items()} == {
        ada.email: sales(completed=(3, 50), placed=(1, 20)),
        eve.email: sales(completed=(1, 5)),
    }
    assert rows[ada.email]["first-name"] == "Ada"
    [place] = report(api(root), "by-location")
    assert (place["location-name"], place["sales"]) == ("Speicher 7", sales(completed=(4, 55), placed=(1, 20)))


def test_whoever_owns_no_event_any_more_is_in_the_trash_and_has_no_dates(api, root, eve, sold):
    sold.hide()
    address = f"/v1/admin/sales/by-organizers/{eve.pk}"
    assert api(root).get(address).status_code == 404
    answer = api(root).get(address, {"get_trashed": "true"})
    assert (answer.status_code, answer.json()["data"]["attributes"]["starts-at"]) == (200, None)


def test_by_marketer_and_by_code(api, root, cora, event, sold):
    [marketer] = report(api(root), "by-marketer")
    assert (marketer["fullname"], marketer["email"], marketer["sales"]) == (
        "Cora",
        cora.email,
        sales(completed=(1, 10)),
    )
    [code] = report(api(root), "discounted")
    assert (code["code"], code["email"], code["event-name"], code["payment-currency"]) == (
        *("HARBOUR", cora.email),
        *("Harbour Days", "EUR"),
    )
    assert code["sales"] == sales(completed=(1, 10))


def test_the_fees_that_each_event_has_brought(api, root, event, sold):
    first, second = report(api(root), "fees", sort="id")
    assert (first["name"], first["fee-percentage"], first["maximum-fee"]) == ("Harbour Days", 10, 50)
    assert (first["revenue"], first["ticket-count"], second["revenue"]) == (5, 3, 0.5)
    assert first["event-date"].startswith(f"{event.starts_at:%Y-%m-%dT%H:%M}")


def test_invoices_with_whom_they_went_to(api, root, ada, event):
    EventInvoice.objects.create(
        event=event, user=ada, identifier="202611U-000001", month="2026-10", amount=3, due_at=event.starts_at
    )
    [invoice] = report(api(root), "invoices")
    assert (invoice["identifier"], invoice["status"], invoice["amount"]) == ("202611U-000001", "due", 3)
    assert (invoice["event-name"], invoice["sent-to"]) == ("Harbour Days", ada.email)


def test_lists_are_filtered_sorted_and_paged_by_what_the_database_works_out(api, root, ada, eve, sold):
    def found(name, *conditions, **params):
        answer = api(root).get(f"/v1/admin/sales/{name}", {"filter": json.dumps(conditions), **params})
        assert answer.status_code == 200, answer.content
        return [row["id"] for row in answer.json()["data"]]

    more = {"name": "completed-order-sales", "op": "gt", "val": "10"}
    assert found("by-events", more) == [str(ada.events_roles.get().event_id)]
    assert found("by-events", {"name": "starts-at", "op": "ge", "val": "2020-01-01T00:00:00Z"}, more) != []
    assert found("by-events", **{"page[size]": 1, "page[number]": 2, "sort": "-placed-order-tickets"}) == [str(sold.pk)]
    soon = {"name": "starts-at", "op": "gt", "val": "2020-01-01T00:00:00Z"}
    assert found("by-organizers", soon, sort="-starts-at,email") == [str(eve.pk), str(ada.pk)]
    for junk in ("x", "\x00", [], "9" * 40, "NaN", "1e999"):
        for name, column in (("by-events", "completed-order-sales"), ("by-organizers", "ends-at")):
            condition = json.dumps([{"name": column, "op": "eq", "val": junk}])
            assert api(root).get(f"/v1/admin/sales/{name}", {"filter": condition}).status_code in (200, 400)


def test_sales_admins_read_them_and_organizers_do_not(api, ada, eve, sold):
    seller = make_person("sally", is_sales_admin=True)
    for name in NAMES:
        assert api(seller).get(f"/v1/admin/sales/{name}").status_code == 200
    rows = [len(report(api(seller), name)) for name in NAMES]
    assert rows == [2, 2, 1, 1, 1, 0, 2]
    for who in (ada, eve, None):
        assert [report(api(who), name) for name in NAMES] == [[]] * len(NAMES)


def test_deleted_orders_and_events_are_not_in_them(api, root, event, sold):
    Order.objects.filter(event=sold).update(deleted_at=event.starts_at)
    sold.hide()
    assert [row["name"] for row in report(api(root), "by-events")] == ["Harbour Days"]
    assert [row["sales"]["completed"]["ticket_count"] for row in report(api(root), "by-location")] == [3]
