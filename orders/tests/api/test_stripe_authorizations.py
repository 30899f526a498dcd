"""The link to Stripe: made and taken away by whoever owns the event; its secrets are sealed and never sent."""

import pytest
from django.db import connection

from accounts.models import Setting
from orders.models import StripeAuthorization
from orders.payments import payment_of
from orders.services.outbox import send_back
from orders.services.paying import pay_by_token
from orders.services.refunding import refund_order
from orders.tests.api.client import error_of, link
from orders.tests.factories import make_order

PATH, EVENT = "/v1/stripe-authorizations", "/data/relationships/event"


pytestmark = pytest.mark.usefixtures("local_stripe")


def document(event, code="ac_123", **more):
    attributes = {"stripe-auth-code": code} if code is not None else {}
    data = {"type": "stripe-authorization", "attributes": attributes, "relationships": {"event": link("event", event)}}
    return {"data": {**data, **more}}


def test_the_owner_links_an_event_once(api, ada, event):
    answer = api(ada).post(PATH, document(event))
    assert answer.status_code == 201
    own = StripeAuthorization.objects.get()
    assert answer.json()["data"]["attributes"] == {"stripe-publishable-key": f"pk_{own.stripe_user_id}"}
    event.refresh_from_db()
    assert event.is_stripe_linked
    assert error_of(api(ada).post(PATH, document(event)))[0] == 409


def test_what_is_kept_cannot_be_read_in_the_database(api, ada, event):
    api(ada).post(PATH, document(event))
    with connection.cursor() as cursor:
        cursor.execute("SELECT stripe_auth_code FROM orders_stripeauthorization")
        assert "ac_123" not in cursor.fetchone()[0]
    assert StripeAuthorization.objects.get().stripe_auth_code == "ac_123"


def test_taking_the_link_away_leaves_nothing(api, ada, event):
    address = api(ada).post(PATH, document(event))["Location"]
    assert api(ada).delete(address).status_code == 200
    event.refresh_from_db()
    assert (event.is_stripe_linked, StripeAuthorization.objects.count()) == (False, 0)
    answer = api(ada).get(f"/v1/events/{event.pk}/stripe-authorization")
    assert (answer.status_code, answer.json()["data"]) == (200, None)


def test_only_the_owner_links_and_unlinks(api, ada, cora, bob, eve, event):
    assert [api(who).post(PATH, document(event)).status_code for who in (None, eve, cora)] == [401, 403, 403]
    address = api(ada).post(PATH, document(event))["Location"]
    assert [api(who).delete(address).status_code for who in (None, eve, cora)] == [401, 404, 403]


def test_buyers_read_the_publishable_key_and_nothing_else(api, ada, bob, eve, event, paid_ticket):
    address = api(ada).post(PATH, document(event))["Location"]
    StripeAuthorization.objects.update(stripe_publishable_key="pk_1", stripe_secret_key="sk_2")
    assert api(bob).get(address).status_code == 404
    make_order(paid_ticket, by=bob)
    for path in (address, f"/v1/events/{event.identifier}/stripe-authorization"):
        answer = api(bob).get(path)
        assert answer.json()["data"]["attributes"] == {"stripe-publishable-key": "pk_1"}
        assert "sk_2" not in answer.content.decode()
    included = api(eve).get(f"/v1/events/{event.pk}", {"include": "stripe-authorization"}).json()
    assert included["included"] == []


def test_an_event_that_takes_no_stripe_and_a_site_without_an_account_are_not_linked(api, ada, event):
    event.can_pay_by_stripe = False
    event.save()
    assert error_of(api(ada).post(PATH, document(event))) == (403, EVENT)
    event.can_pay_by_stripe = True
    event.save()
    Setting.objects.update(stripe_secret_key=None)
    assert error_of(api(ada).post(PATH, document(event))) == (403, EVENT)
    assert not StripeAuthorization.objects.exists()


def test_a_code_is_needed(api, ada, event):
    assert error_of(api(ada).post(PATH, document(event, code=None))) == (422, "/data/attributes/stripe-auth-code")
    assert api(ada).post(PATH, document(event, code="x" * 2000)).status_code == 422


def test_no_filter_finds_out_the_secrets(api, ada, event):
    api(ada).post(PATH, document(event))
    for name in ("stripe-auth-code", "stripe_secret_key"):
        condition = f'[{{"name":"{name}","op":"startswith","val":"a"}}]'
        found = api(ada).get(
            "/v1/events", {"filter": f'[{{"name":"stripe-authorization","op":"has","val":{condition[1:-1]}}}]'}
        )
        assert found.status_code == 400


def test_a_code_that_stripe_refuses_links_nothing(api, ada, event, local_stripe):
    answer = api(ada).post(PATH, document(event, code="nonsense"))
    assert error_of(answer) == (422, "/data/attributes/stripe-auth-code")
    local_stripe.mood = "down"
    assert api(ada).post(PATH, document(event)).status_code == 503
    event.refresh_from_db()
    assert (event.is_stripe_linked, StripeAuthorization.objects.count()) == (False, 0)


def test_the_money_of_a_linked_event_goes_to_its_owner_and_comes_back_from_there(
    api, ada, bob, event, paid_ticket, local_stripe
):
    api(ada).post(PATH, document(event))
    account = StripeAuthorization.objects.get().stripe_user_id
    order = pay_by_token(make_order(paid_ticket, by=bob), by=bob, token="tok_visa")
    [charge] = local_stripe.table("charges").values()
    assert (order.status, charge["account"], order.payments.get().account) == ("completed", account, account)
    [refund] = refund_order(order, by=ada)
    send_back(refund.pk)
    assert [row["account"] for row in local_stripe.table("refunds").values()] == [account]


def test_a_link_without_an_account_takes_no_money_for_somebody_else(event, local_stripe):
    StripeAuthorization.objects.create(event=event, stripe_auth_code="ac_1")
    event.is_stripe_linked = True
    assert not payment_of("stripe").is_offered(event)
