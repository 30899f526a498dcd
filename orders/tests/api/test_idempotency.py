"""`Idempotency-Key`: who sends a request again, because its answer got lost, has not done it twice."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from openevent.core.idempotency import IN_HAND, forget_old_answers
from openevent.core.models import StoredAnswer
from openevent.core.refusals import Refused
from orders.models import Attendee, Order
from orders.tests.api.client import classic_order
from orders.tests.factories import make_order, make_ticket

CREATE = "/v1/orders/create-order"


@pytest.fixture
def cart(paid_ticket):
    return {"tickets": [{"id": str(paid_ticket.pk), "quantity": 1}]}


def send(client, cart, key="a-key", path=CREATE):
    client.headers = {**client.headers, "Idempotency-Key": key}
    return client.post_json(path, cart) if path.startswith(CREATE) else client.post(path, cart)


def test_the_same_request_again_has_the_same_answer(api, bob, cart):
    first, again = send(api(bob), cart), send(api(bob), cart)
    assert (first.status_code, first.content, first["Content-Type"]) == (
        again.status_code,
        again.content,
        again["Content-Type"],
    )
    assert Order.objects.count() == 1
    assert send(api(bob), cart, "another-key").content != first.content
    assert Order.objects.count() == 2


def test_a_key_is_ones_own(api, bob, eve, cart):
    assert send(api(bob), cart).content != send(api(eve), cart).content
    assert Order.objects.count() == 2


def test_another_body_or_address_under_the_same_key_is_refused(api, bob, cart, paid_ticket):
    send(api(bob), cart)
    other = {"tickets": [{"id": str(paid_ticket.pk), "quantity": 2}]}
    assert send(api(bob), other).status_code == 422
    assert send(api(bob), cart, path=f"{CREATE}?x=1").status_code == 422
    assert Order.objects.count() == 1


def test_a_request_in_flight_is_a_conflict(api, bob, cart):
    send(api(bob), cart)
    StoredAnswer.objects.update(status=None, body="", made="")
    answer = send(api(bob), cart)
    assert (answer.status_code, answer["Retry-After"]) == (409, "1")
    StoredAnswer.objects.update(began_at=timezone.now() - timedelta(seconds=11))  # whoever was at it has died
    assert send(api(bob), cart).status_code == 200


def dies_before_its_answer():
    """What a process leaves behind that is killed after the commit."""
    StoredAnswer.objects.update(status=None, body="", headers={})


@pytest.mark.parametrize("flow", ["create-order", "classic"])
def test_an_order_whose_answer_was_never_given_is_answered_at_once_and_not_made_twice(api, bob, cart, event, flow):
    path = CREATE
    if flow == "classic":
        ticket = event.tickets.get()
        attendee = Attendee.objects.create(event=event, ticket=ticket, creator=bob, email=bob.email)
        path, cart = "/v1/orders", classic_order(event, attendee, payment_mode="bank")
    first = send(api(bob), cart, path=path)
    dies_before_its_answer()
    again = send(api(bob), cart, path=path)
    assert (again.status_code, again.json()["data"]["id"]) == (first.status_code, first.json()["data"]["id"])
    assert Order.objects.count() == 1
    assert send(api(bob), cart, path=path).content == again.content


def test_a_charge_whose_answer_was_never_given_is_not_repeated(api, bob, cart, local_stripe):
    order = send(api(bob), cart).json()["data"]["attributes"]["identifier"]
    path, body = f"/v1/orders/{order}/charge", {"data": {"type": "charge", "attributes": {"stripe": "tok_visa"}}}
    Order.objects.update(payment_mode="stripe")
    first = send(api(bob), body, "pay", path)
    assert first.json()["data"]["attributes"] == {"status": True, "message": "Paid."}
    dies_before_its_answer()
    assert send(api(bob), body, "pay", path).status_code == 409
    StoredAnswer.objects.update(began_at=timezone.now() - timedelta(seconds=11))
    again = send(api(bob), body, "pay", path)
    assert (again.status_code, again.json()["data"]["attributes"]) == (201, {"status": True, "message": "Paid."})
    assert local_stripe.balance() == {"eur": 2000}


def test_who_has_lost_the_key_to_somebody_faster_makes_nothing(bob, paid_ticket):
    """A request that hangs for longer than a key is kept for it: its order would be the second one."""
    kept = StoredAnswer.objects.create(principal=str(bob.pk), key_hash="x", asked="x", began_at=timezone.now())
    StoredAnswer.objects.update(began_at=timezone.now() + timedelta(seconds=11))
    token = IN_HAND.set(kept)
    try:
        with pytest.raises(Refused, match="being answered"):
            make_order(paid_ticket, by=bob)
    finally:
        IN_HAND.reset(token)
    assert Order.objects.count() == 0
    paid_ticket.refresh_from_db()
    assert paid_ticket.reserved == 0


def test_after_a_day_a_key_is_new(api, bob, cart):
    send(api(bob), cart)
    StoredAnswer.objects.update(began_at=timezone.now() - timedelta(hours=25))
    assert send(api(bob), {**cart, "amount": None}).status_code == 200
    assert Order.objects.count() == 2
    StoredAnswer.objects.update(began_at=timezone.now() - timedelta(hours=25))
    assert forget_old_answers() == 1


def test_a_refusal_is_kept_and_what_is_worth_another_try_is_not(api, bob, event, monkeypatch):
    gone = make_ticket(event, price="5", quantity=1, reserved=1)
    cart = {"tickets": [{"id": str(gone.pk), "quantity": 1}]}
    first = send(api(bob), cart)
    gone.reserved = 0
    gone.save()
    assert (first.status_code, send(api(bob), cart).content) == (409, first.content)
    monkeypatch.setattr("orders.api.checkout.TRIES", "0/m")
    assert send(api(bob), cart, "new").status_code == 429
    monkeypatch.undo()
    assert send(api(bob), cart, "new").status_code == 200


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_that_is_none_is_refused(api, bob, cart, key):
    assert send(api(bob), cart, key).status_code == 400


def test_what_is_kept_is_sealed(api, bob, cart):
    answer = send(api(bob), cart)
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM core_storedanswer")
        assert bob.email not in cursor.fetchone()[0]
    assert StoredAnswer.objects.get().body.encode() == answer.content


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_ten_at_once_make_one_order(api, bob, cart):
    start = threading.Barrier(10)

    def run(number):
        start.wait(timeout=30)
        try:
            return send(api(bob), cart)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(run, range(10)))
    done = [answer for answer in answers if answer.status_code == 200]
    assert len({answer.content for answer in done}) == 1
    assert {(answer.status_code, answer["Retry-After"]) for answer in answers if answer not in done} <= {(409, "1")}
    assert Order.objects.count() == 1
