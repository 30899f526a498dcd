"""Mails of an order once more, for whoever may ask for them, and not too often."""

import pytest

from events.tests.factories import give_role
from notifications.models import Mail
from orders.models import Order
from orders.services.states import mark_paid
from orders.tests.api.client import error_of
from orders.tests.factories import make_finished_order

RESEND, RECEIPT = "/v1/orders/resend-email", "/v1/attendees/send-receipt"


@pytest.fixture
def order(ada, bob, paid_ticket):
    return mark_paid(make_finished_order((paid_ticket, 2), by=bob, mode="bank"), by=ada)


def resend(client, order):
    return client.post_json(RESEND, {"data": {"order": order.identifier, "user": "bob@example.org"}})


def receipt(client, order):
    return client.post_json(RECEIPT, {"order-identifier": order.identifier})


def test_the_team_has_the_buyer_s_mail_sent_again(api, cora, bob, order):
    before = Mail.objects.filter(kind="order-completed").count()
    answer = resend(api(cora), order)
    assert answer.json() == {"status": True, "message": "The mail is on its way to bob@example.org."}
    again = Mail.objects.filter(kind="order-completed").order_by("-pk").first()
    assert (Mail.objects.filter(kind="order-completed").count(), again.recipient) == (before + 1, bob.email)
    assert api(cora).post_json(RESEND, {"data": {"order": str(order.pk)}}).status_code == 200


def test_nobody_else_has_it_sent(api, bob, eve, order):
    assert [resend(api(who), order).status_code for who in (None, eve, bob)] == [401, 404, 403]


def test_six_times_in_a_minute_is_too_often(api, cora, order):
    assert [resend(api(cora), order).status_code for _ in range(6)] == [200] * 5 + [429]


def test_an_order_that_came_to_nothing_has_no_mail_to_send(api, cora, order):
    Order.objects.filter(pk=order.pk).update(status="cancelled")
    assert error_of(resend(api(cora), order)) == (422, "/data/order")


@pytest.mark.parametrize("body", [None, [], {}, {"data": []}, {"data": {"order": None}}, {"data": {"order": [1]}}])
def test_a_body_without_an_order_is_refused(api, cora, body):
    assert api(cora).post_json(RESEND, body).status_code == 422


def test_an_order_that_is_not_there_is_not_found(api, cora):
    for key in ("ABCDEFGH", "99", "\x00", "9" * 30):
        assert api(cora).post_json(RESEND, {"data": {"order": key}}).status_code == 404
        assert api(cora).post_json(RECEIPT, {"order-identifier": key}).status_code == 404


def test_everybody_who_comes_gets_their_ticket_again(api, bob, order):
    second = order.attendees.order_by("pk").last()
    second.email = "eve@example.org"
    second.save()
    answer = receipt(api(bob), order)
    assert (answer.status_code, answer.json()) == (200, {"message": "2 tickets sent."})
    sent = Mail.objects.filter(kind="ticket-for-holder").order_by("pk").values_list("recipient", flat=True)
    assert list(sent)[-2:] == ["bob@example.org", "eve@example.org"]


def test_the_door_may_send_tickets_and_strangers_may_not(api, eve, order):
    assert [receipt(api(who), order).status_code for who in (None, eve)] == [401, 404]
    give_role(eve, order.event, "registrar")
    assert receipt(api(eve), order).status_code == 200


def test_tickets_of_an_order_that_is_not_completed_are_not_sent(api, bob, order):
    Order.objects.filter(pk=order.pk).update(status="placed")
    answer = receipt(api(bob), order)
    assert (answer.status_code, answer.json()["error"]) == (409, "Tickets are sent once the order is completed.")
    assert api(bob).post_json(RECEIPT, {}).status_code == 422
