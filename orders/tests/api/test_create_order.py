"""The create-order flow as clients go through it, from the amount to the tickets."""

import io

import pytest
from pypdf import PdfReader

from events.tests.factories import in_days
from orders.models import Order
from orders.tests.api.client import address, attendee_document, error_of, order_document, sent_back
from orders.tests.factories import (
    make_access,
    make_discount,
    make_donation,
    make_finished_order,
    make_order,
    make_tax,
    make_ticket,
)

AMOUNT, CREATE = "/v1/orders/calculate-amount", "/v1/orders/create-order"


def cart(*tickets, **more):
    wishes = [{"id": str(ticket.pk), "quantity": quantity, "price": 0} for ticket, quantity in tickets]
    return {"tickets": wishes, **{name.replace("_", "-"): value for name, value in more.items()}}


def test_a_free_ticket_is_bought_as_the_web_client_does_it(api, bob, event, free_ticket):
    bobs = api(bob)
    assert bobs.post_json(AMOUNT, cart((free_ticket, 2))).json()["total"] == 0
    answer = bobs.post_json(CREATE, cart((free_ticket, 2)))
    assert answer.status_code == 200
    identifier = answer.json()["data"]["attributes"]["identifier"]
    order = bobs.get(f"/v1/orders/{identifier}", {"include": "attendees,event"}).json()
    assert order["data"]["attributes"]["status"] == "initializing"
    attendees = [row for row in order["included"] if row["type"] == "attendee"]
    assert [row["attributes"]["firstname"] for row in attendees] == [None, None]
    for row in attendees:
        shown = bobs.get(f"/v1/attendees/{row['id']}", {"include": "order,ticket,event"}).json()["data"]
        document = sent_back(shown, firstname="Bob", email="bob@example.org")
        assert bobs.patch(f"/v1/attendees/{row['id']}", document).status_code == 200
    answer = bobs.patch(f"/v1/orders/{identifier}", sent_back(order["data"], status="completed"))
    assert (answer.status_code, answer.json()["data"]["attributes"]["status"]) == (200, "completed")
    assert bobs.post_json(f"/v1/orders/{identifier}/verify").json() == {"payment_status": "completed"}
    papers = [bobs.get(f"/v1/tickets/{identifier}"), bobs.get(f"/v1/orders/{identifier}/tickets-pdf")]
    assert [len(PdfReader(io.BytesIO(paper.content)).pages) for paper in papers] == [2, 2]
    own = bobs.get(f"/v1/orders/attendees/{attendees[0]['id']}.pdf")
    assert (own.status_code, own["Content-Type"], own.content[:5]) == (200, "application/pdf", b"%PDF-")


def test_the_amount_says_how_it_came_about(api, event, paid_ticket):
    make_tax(event, 10)
    code = make_discount(event, paid_ticket, percent=25)
    answer = api().post_json(AMOUNT, cart((paid_ticket, 2), discount_code=str(code.pk)))
    assert answer.json() == {
        "tax": {"included": False, "amount": 3.0, "percent": 10.0, "name": "VAT"},
        "tax_included": False,
        "sub_total": 30.0,
        "total": 33.0,
        "discount": 10.0,
        "tickets": [
            {
                "id": paid_ticket.pk,
                "name": "Standard",
                "price": 20.0,
                "quantity": 2,
                "discount": {"code": "HARBOUR", "percent": 25.0, "amount": 5.0, "total": 10.0, "type": "percent"},
                "ticket_fee": 0,
                "sub_total": 30.0,
                "ticket_tax": 1.5,
                "discounted_tax": 3.0,
            }
        ],
    }


def test_nothing_that_a_buyer_sends_lowers_the_price(api, bob, event, paid_ticket):
    body = cart((paid_ticket, 2), amount=0.01, total=1, discount_verify=False, quantity_discount=99, is_paid=True)
    body["tickets"][0] |= {"price": 0.01, "quantity_discount": 5, "discount": 20}
    assert api(bob).post_json(AMOUNT, body).json()["total"] == 40
    api(bob).post_json(CREATE, body)
    assert Order.objects.get().amount == 40


def test_the_team_s_amount_is_final(api, cora, event, paid_ticket):
    api(cora).post_json(CREATE, cart((paid_ticket, 2), amount=15))
    order = Order.objects.get()
    assert (order.amount, order.status, sum(line.total for line in order.lines.all())) == (15, "initializing", 15)


def test_only_a_giver_s_price_counts(api, bob, event):
    gift = make_donation(event, least=5)
    body = {"tickets": [{"id": gift.pk, "quantity": 2, "price": 7.5}]}
    assert api(bob).post_json(AMOUNT, body).json()["total"] == 15
    body["tickets"][0]["price"] = 1
    assert error_of(api(bob).post_json(CREATE, body)) == (422, "/tickets/0/price")


BAD_BODIES = [
    ([], 400, ""),
    ({}, 422, "/tickets"),
    ({"tickets": "all"}, 422, "/tickets"),
    ({"tickets": [{"id": "x"}]}, 422, "/tickets/0/id"),
    ({"tickets": [{"id": 99999999}]}, 404, "/tickets/0/id"),
    ({"tickets": [{"id": 1, "quantity": -1}]}, 422, "/tickets/0/quantity"),
    ({"tickets": [{"id": 1, "quantity": 10**30}]}, 422, "/tickets/0/quantity"),
    ({"tickets": [{"id": 1, "price": -5}]}, 422, "/tickets/0/price"),
    ({"tickets": [{"id": 1}] * 101}, 422, "/tickets"),
    ({"tickets": [{"id": 1}], "amount": "much"}, 404, "/tickets/0/id"),
]


@pytest.mark.parametrize(("body", "status", "pointer"), BAD_BODIES, ids=[str(row[0])[:40] for row in BAD_BODIES])
def test_a_bad_body_is_refused_with_its_place(api, bob, body, status, pointer):
    for path in (AMOUNT, CREATE):
        assert error_of(api(bob).post_json(path, body)) == (status, pointer)


@pytest.mark.parametrize(
    "text", [b'{"tickets": [{"id": 1, "price": NaN}]}', b'{"tickets": [{"id": 1, "price": 1e309}]}', b"{"]
)
def test_what_is_not_json_is_refused(api, bob, text):
    client = api(bob)
    answer = client.client.generic("POST", CREATE, text, content_type="application/json", headers=client.headers)
    assert answer.status_code in (400, 422)
    assert Order.objects.count() == 0


def test_codes_that_do_not_hold_are_refused_with_their_place(api, bob, event, paid_ticket):
    late = make_discount(event, paid_ticket, valid_till=in_days(-0.5))
    assert error_of(api(bob).post_json(CREATE, cart((paid_ticket, 1), discount_code=late.pk))) == (
        422,
        "/discount-code",
    )
    assert error_of(api(bob).post_json(CREATE, cart((paid_ticket, 1), discount_code=987))) == (422, "/discount-code")
    assert error_of(api(bob).post_json(CREATE, cart((paid_ticket, 1), access_code=[1]))) == (422, "/access-code")


def test_a_hidden_ticket_is_bought_with_its_access_code(api, bob, event):
    hidden = make_ticket(event, is_hidden=True)
    make_access(event, hidden)
    assert api(bob).post_json(CREATE, cart((hidden, 1))).status_code == 404
    assert api(bob).post_json(CREATE, cart((hidden, 1), access_code="BACKDOOR")).status_code == 200


def test_sold_out_is_a_conflict(api, bob, event):
    seat = make_ticket(event, quantity=1)
    answer = api(bob).post_json(CREATE, cart((seat, 2)))
    assert (answer.status_code, answer.json()["errors"][0]["detail"]) == (409, f"Only 1 left of “{seat.name}”.")


def test_an_order_takes_few_queries(api, bob, free_ticket, django_assert_max_num_queries):
    client = api(bob)
    with django_assert_max_num_queries(15):
        assert client.post_json(CREATE, cart((free_ticket, 2))).status_code == 200


def test_an_account_may_try_many_orders_a_minute(api, bob, event):
    seat = make_ticket(event, quantity=1)
    statuses = {api(bob).post_json(CREATE, cart((seat, 2))).status_code for _ in range(125)}
    assert statuses == {409}


def test_an_order_needs_an_account(api, free_ticket):
    assert api().post_json(CREATE, cart((free_ticket, 1))).status_code == 401


def test_free_tickets_go_to_proven_addresses(api, bob, free_ticket, paid_ticket):
    bob.is_verified = False
    bob.save()
    answer = api(bob).post_json(CREATE, cart((free_ticket, 1)))
    assert (answer.status_code, answer.json()["errors"][0]["source"]["code"]) == (403, "unverified-user")
    assert api(bob).post_json(CREATE, cart((paid_ticket, 1))).status_code == 200


# ── What its buyer changes while it is unpaid ────────────────────────────────────────────────────


def test_the_buyer_brings_the_order_to_where_its_payment_leads(api, bob, paid_ticket):
    order = make_order(paid_ticket, by=bob)
    answer = api(bob).patch(address(order), order_document(order, status="pending", payment_mode="stripe"))
    attributes = answer.json()["data"]["attributes"]
    assert (attributes["status"], attributes["payment-url"]) == ("pending", "stripe")
    answer = api(bob).patch(address(order), order_document(order, status="placed", payment_mode="bank"))
    attributes = answer.json()["data"]["attributes"]
    assert (attributes["status"], attributes["payment-mode"], attributes["payment-url"]) == ("placed", "bank", None)


def test_the_buyer_changes_billing_notes_and_mode_and_nothing_else(api, bob, eve, paid_ticket):
    order = make_order(paid_ticket, by=bob)
    changes = {
        "company": "Acme",
        "address": "Quay 1",
        "city": "Kiel",
        "state": "SH",
        "country": "DE",
        "zipcode": "24103",
        "tax_business_info": "DE1",
        "order_notes": "Hello",
        "payment_mode": "bank",
        "is_billing_enabled": True,
    }
    ignored = {"amount": 0.01, "cancel_note": "x", "paid_via": "x", "last4": "1", "transaction_id": "x"}
    ignored |= {"completed_at": "2020-01-01T00:00:00Z", "identifier": "MINE", "tickets_pdf_url": "https://x.example"}
    answer = api(bob).patch(address(order), order_document(order, **changes, **ignored))
    order.refresh_from_db()
    assert answer.status_code == 200
    assert {name: getattr(order, name) for name in changes} == changes
    assert (order.amount, order.cancel_note, order.paid_via, order.completed_at) == (20, None, None, None)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"status": "completed"}, 403),
        ({"status": "expired"}, 403),
        ({"status": "placed", "payment_mode": "cheque"}, 422),
        ({"status": "placed", "payment_mode": "stripe"}, 422),
        ({"status": "pending", "payment_mode": "paypal"}, 422),
        ({"payment_mode": "alchemy"}, 422),
        ({"status": "sold"}, 422),
        ({"status": "placed", "payment_mode": "bank", "is_billing_enabled": True}, 422),
    ],
    ids=str,
)
def test_a_move_that_is_not_a_buyer_s_is_refused_and_changes_nothing(api, bob, paid_ticket, changes, status):
    order = make_order(paid_ticket, by=bob)
    assert api(bob).patch(address(order), order_document(order, **changes)).status_code == status
    again = Order.objects.get()
    assert (again.status, again.payment_mode, again.is_billing_enabled) == ("initializing", "free", False)


def test_an_offline_mode_has_nothing_to_be_pending_for_and_is_placed(api, bob, paid_ticket):
    order = make_order(paid_ticket, by=bob)
    answer = api(bob).patch(address(order), order_document(order, status="pending", payment_mode="bank"))
    attributes = answer.json()["data"]["attributes"]
    assert (attributes["status"], attributes["payment-mode"], attributes["payment-url"]) == ("placed", "bank", None)


def test_an_expired_order_is_shown_as_expired_and_cannot_be_changed(api, bob, free_ticket):
    order = make_order(free_ticket, by=bob)
    tag = api(bob).get(address(order))["ETag"]
    Order.objects.update(expires_at=in_days(-0.01))
    answer = api(bob).get(address(order), **{"If-None-Match": tag})
    assert (answer.status_code, answer.json()["data"]["attributes"]["status"]) == (200, "expired")
    assert api(bob).patch(address(order), order_document(order, status="completed")).status_code == 403
    assert api(bob).patch(address(order), order_document(order, company="Acme")).status_code == 403


def test_a_hold_that_ends_changes_the_tag_without_a_row_being_written(api, bob, free_ticket):
    order = make_order(free_ticket, by=bob)
    tag = api(bob).get("/v1/orders")["ETag"]
    Order.objects.filter(pk=order.pk).update_at(order.event_id, expires_at=in_days(-0.01))
    fresh = api(bob).get("/v1/orders")
    assert (fresh["ETag"] != tag, fresh.json()["data"][0]["attributes"]["status"]) == (True, "expired")
    found = api(bob).get("/v1/orders", {"filter": '[{"name":"status","op":"eq","val":"expired"}]'}).json()
    assert found["meta"]["count"] == 1


def test_a_finished_order_takes_back_what_clients_send_again(api, bob, free_ticket):
    order = make_finished_order(free_ticket, by=bob)
    shown = api(bob).get(address(order)).json()["data"]
    assert api(bob).patch(address(order), sent_back(shown)).status_code == 200
    assert error_of(api(bob).patch(address(order), order_document(order, company="Acme")))[0] == 403


def test_the_buyer_cancels_what_is_not_paid(api, bob, ada, paid_ticket):
    placed = make_finished_order(paid_ticket, by=bob, mode="bank")
    answer = api(bob).patch(address(placed), order_document(placed, status="cancelled", company="ignored"))
    assert answer.json()["data"]["attributes"]["status"] == "cancelled"
    paid = make_finished_order(paid_ticket, by=bob, mode="bank")
    api(ada).patch(address(paid), order_document(paid, status="completed"))
    assert api(bob).patch(address(paid), order_document(paid, status="cancelled")).status_code == 403


def test_another_s_attendee_is_not_there(api, bob, eve, free_ticket):
    attendee = make_order(free_ticket, by=bob).attendees.get()
    answer = api(eve).patch(f"/v1/attendees/{attendee.pk}", attendee_document(attendee, firstname="Eve"))
    assert answer.status_code == 404
