"""Who lists, reads, changes and deletes orders."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Activity
from events.tests.factories import give_role, in_days, make_event
from notifications.models import Mail
from orders.models import Order
from orders.services.checkout import create_order, fill_in, finish_order
from orders.services.holders import change_holder
from orders.services.notes import note_order
from orders.services.states import GUEST, mark_paid
from orders.tests.api.client import address, error_of, order_document
from orders.tests.factories import cart_of, make_discount, make_finished_order, make_order, make_ticket


@pytest.fixture
def order(bob, paid_ticket):
    return make_finished_order(paid_ticket, by=bob, mode="bank")


def listed(client, path="/v1/orders", **params):
    return [row["attributes"]["identifier"] for row in client.get(path, params).json()["data"]]


def test_lists_show_the_orders_that_one_may_see(api, ada, cora, bob, eve, root, order):
    theirs = make_order(make_ticket(make_event(owner=eve)), by=eve)
    both = sorted([order.identifier, theirs.identifier])
    seen = [sorted(listed(api(who))) for who in (ada, cora, bob, eve, root)]
    assert seen == [[order.identifier]] * 3 + [[theirs.identifier], both]
    assert listed(api(eve), f"/v1/events/{order.event_id}/orders") == []


def test_an_order_is_reached_by_number_and_by_identifier(api, bob, order):
    for key in (order.pk, order.identifier):
        answer = api(bob).get(f"/v1/orders/{key}").json()["data"]
        assert (answer["id"], answer["links"]["self"]) == (str(order.pk), f"/v1/orders/{order.identifier}")
        for name in ("attendees", "tickets", "event"):
            assert api(bob).get(f"/v1/orders/{key}/{name}").status_code == 200


def test_a_stranger_s_order_is_not_there(api, eve, order):
    for path in (address(order), f"{address(order)}/attendees", f"{address(order)}/tickets-pdf"):
        assert api(eve).get(path).status_code == 404
        assert api().get(path).status_code == 404
    assert api(eve).patch(address(order), order_document(order, status="cancelled")).status_code == 404
    assert api(eve).delete(address(order)).status_code == 404


def test_the_team_changes_the_status_and_everything_else_is_left_as_it_was(api, ada, cora, bob, order):
    changes = {"amount": 1, "company": "Acme", "payment_mode": "cheque", "order_notes": "x", "cancel_note": "x"}
    for who, status in ((cora, "completed"), (ada, "cancelled")):
        answer = api(who).patch(address(order), order_document(order, status=status, **changes))
        assert (answer.status_code, answer.json()["data"]["attributes"]["status"]) == (200, status)
    order.refresh_from_db()
    assert (order.amount, order.company, order.payment_mode, order.order_notes) == (20, None, "bank", None)
    assert order.cancel_note is None


def test_the_team_does_not_delete_orders(api, ada, bob, order):
    assert [api(who).delete(address(order)).status_code for who in (ada, bob)] == [403, 403]


def test_staff_change_every_field_and_any_status_with_its_effect_on_stock(api, root, bob, paid_ticket, order):
    changes = {"amount": 12.5, "company": "Acme", "payment_mode": "cheque", "cancel_note": "Double."}
    answer = api(root).patch(address(order), order_document(order, status="cancelled", **changes))
    assert answer.status_code == 200
    order.refresh_from_db()
    paid_ticket.refresh_from_db()
    assert (order.amount, order.company, order.payment_mode) == (12.5, "Acme", "cheque")
    assert order.lines.get().total == 12.5
    assert (order.status, order.cancel_note, paid_ticket.reserved) == ("cancelled", "Double.", 0)
    api(root).patch(address(order), order_document(order, status="completed"))
    paid_ticket.refresh_from_db()
    assert paid_ticket.reserved == 1


def test_staff_delete_with_a_note_that_is_mailed_and_the_order_is_gone(api, root, bob, ada, order):
    document = {"meta": {"cancel-note": "The hall burned down."}}
    answer = api(root).delete(address(order), document)
    assert (answer.status_code, answer.json()["meta"]["message"]) == (200, "Object successfully deleted")
    assert [api(who).get(address(order)).status_code for who in (bob, ada, root)] == [404, 404, 404]
    letter = Mail.objects.about(order).get(kind="order-cancelled")
    assert "The hall burned down." in letter.text
    assert Order.objects.get(pk=order.pk).cancel_note == "The hall burned down."
    assert Activity.objects.filter(action="order.deleted", actor=root).exists()


def test_a_paid_order_of_a_deleted_event_stays_with_its_buyer(api, ada, bob, order):
    order.event.hide()
    assert [api(who).get(address(order)).status_code for who in (bob, ada)] == [200, 404]


def test_event_order_and_user_are_fixed(api, root, bob, eve, order):
    elsewhere = make_event()
    for name, row in (("event", elsewhere), ("user", eve)):
        document = order_document(order)
        document["data"]["relationships"] = {name: {"data": {"type": name, "id": str(row.pk)}}}
        assert api(root).patch(address(order), document).status_code == 403
        path = f"{address(order)}/relationships/{name}"
        assert api(root).patch(path, {"data": {"type": name, "id": str(row.pk)}}).status_code == 403
    document["data"]["relationships"] = {"user": {"data": {"type": "user", "id": str(bob.pk)}}}
    assert api(root).patch(address(order), document).status_code == 200


def test_a_holder_sees_the_order_without_what_it_cost_and_only_the_own_ticket(api, bob, eve, free_ticket):
    order = make_finished_order((free_ticket, 2), by=bob)
    first, second = order.attendees.order_by("pk")
    second.email = eve.email
    second.save()
    shown = api(eve).get(address(order), {"include": "attendees"}).json()
    assert "amount" not in shown["data"]["attributes"]
    assert [row["id"] for row in shown["included"]] == [str(second.pk)]
    assert [api(eve).get(f"/v1/attendees/{row.pk}").status_code for row in (first, second)] == [404, 200]
    assert [api(eve).get(f"/v1/orders/attendees/{row.pk}.pdf").status_code for row in (first, second)] == [404, 200]
    assert api(eve).patch(address(order), order_document(order, status="cancelled")).status_code == 403


def guest_order(ticket, email):
    order = create_order(cart_of(ticket, by=GUEST), by=GUEST)
    fill_in(order, by=GUEST, buyer={"first_name": "M", "last_name": "O", "email": email})
    return finish_order(order, by=GUEST)


def test_a_guest_s_order_is_in_the_account_once_its_address_is_proven(api, eve, free_ticket):
    eve.is_verified = False
    eve.save()
    order = guest_order(free_ticket, "Eve@Example.org")
    assert listed(api(eve)) == listed(api(eve), f"/v1/users/{eve.pk}/orders") == []
    eve.is_verified = True
    eve.save()
    assert listed(api(eve)) == listed(api(eve), f"/v1/users/{eve.pk}/orders") == [order.identifier]
    shown = api(eve).get(f"/v1/users/{eve.pk}", {"include": "orders"}).json()["included"]
    assert [row["attributes"]["identifier"] for row in shown] == [order.identifier]
    assert api(eve).get(f"{address(order)}/tickets-pdf").status_code == 200


def test_the_filters_of_the_organizer_s_page_find_orders(api, ada, bob, event, paid_ticket, order):
    code = make_discount(event, paid_ticket)
    reduced = make_order(paid_ticket, by=bob, discount=code)
    path = f"/v1/events/{event.identifier}/orders"

    def found(condition, **more):
        return sorted(listed(api(ada), path, filter=f"[{condition}]", include="tickets,user,attendees", **more))

    assert found('{"name":"discount_code_id","op":"isnot","val":null}') == [reduced.identifier]
    assert found('{"name":"status","op":"eq","val":"placed"}') == [order.identifier]
    by_mail = '{"name":"user","op":"has","val":{"name":"email","op":"ilike","val":"%bob@%"}}'
    assert found(by_mail, sort="-created-at") == sorted([order.identifier, reduced.identifier])
    assert listed(api(bob), f"/v1/users/{bob.pk}/orders", sort="event.starts-at") != []


def test_a_list_costs_the_same_number_of_queries_however_long_it_is(api, bob, free_ticket):
    counts = []
    for _ in range(3):
        make_finished_order(free_ticket, by=bob)
        with CaptureQueriesContext(connection) as queries:
            listed(api(bob), include="event,attendees.ticket,user")
        counts.append(len(queries))
    assert counts == [counts[0]] * 3


def test_a_registrar_sees_attendees_and_no_orders(api, eve, event, order):
    give_role(eve, event, "registrar")
    attendee = order.attendees.get()
    assert [api(eve).get(path).status_code for path in (f"/v1/attendees/{attendee.pk}", address(order))] == [200, 404]
    assert api(eve).get(f"/v1/orders/attendees/{attendee.pk}.pdf").status_code == 403


def test_papers_are_there_from_the_moment_it_is_placed_and_gone_when_it_is_cancelled(api, bob, ada, paid_ticket):
    order = make_order(paid_ticket, by=bob)
    assert error_of(api(bob).get(f"{address(order)}/tickets-pdf"))[0] == 409
    assert api(bob).get(address(order)).json()["data"]["attributes"]["tickets-pdf-url"] is None
    finish_order(order, by=bob, mode="bank")
    url = api(bob).get(address(order)).json()["data"]["attributes"]["tickets-pdf-url"]
    assert url.endswith(f"{address(order)}/tickets-pdf")
    api(ada).patch(address(order), order_document(order, status="cancelled"))
    assert error_of(api(bob).get(f"{address(order)}/tickets-pdf"))[0] == 409


def test_verify_says_how_an_order_stands_to_those_who_see_it(api, bob, eve, order):
    path = f"{address(order)}/verify"
    assert api(bob).post_json(path).json() == {"payment_status": "placed"}
    assert [api(eve).post_json(path).status_code, api().post_json(path).status_code] == [404, 401]
    assert api(bob).get(path).status_code == 405


def test_what_is_left_is_public_and_follows_the_clock(api, bob, event):
    seat = make_ticket(event, name="Balcony", quantity=5)
    make_ticket(event, name="Secret", is_hidden=True)
    make_order((seat, 2), by=bob)
    for key in (event.pk, event.identifier):
        answer = api().get(f"/v1/events/{key}/tickets/availability").json()
        assert answer == [{"id": seat.pk, "name": "Balcony", "quantity": 5, "available": 3}]
    Order.objects.update(expires_at=in_days(-0.01))
    assert api().get(f"/v1/events/{event.pk}/tickets/availability").json()[0]["available"] == 5


def test_what_is_left_of_a_hidden_event_is_not_said(api, event, free_ticket):
    event.state = "draft"
    event.save()
    assert api().get(f"/v1/events/{event.pk}/tickets/availability").status_code == 404
    event.state, event.privacy = "published", "private"
    event.save()
    found = [api().get(f"/v1/events/{key}/tickets/availability") for key in (event.pk, event.identifier)]
    assert [answer.status_code for answer in found] == [404, 200]
    assert [row["name"] for row in found[1].json()] == ["Community"]


def test_the_api_tells_the_team_all_the_buyer_the_outline_and_a_holder_nothing(api, ada, bob, eve, paid_ticket):
    order = mark_paid(make_finished_order(paid_ticket, by=bob, mode="bank"), by=ada)
    note_order(order, "Came by.", by=ada)
    address = f"/v1/orders/{order.identifier}/timeline"
    story = api(ada).get(address).json()
    assert (story["status"], story["why"]) == (
        "completed",
        "€20.00 was paid by bank, as confirmed by the organizer.",
    )
    assert story["next"] == "It can be set to await its payment or cancelled."
    assert {"kind": "notes", "words": "Came by."}.items() <= story["timeline"][0].items()
    assert {line["who"] for line in story["timeline"] if line["kind"] == "money"} == {"Ada"}
    outline = api(bob).get(address).json()["timeline"]
    assert "notes" not in {line["kind"] for line in outline}
    assert api(eve).get(address).status_code == 404
    change_holder(order.attendees.get(), by=ada, changes={"email": eve.email})
    assert api(eve).get(address).status_code == 403
