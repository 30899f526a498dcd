"""What opens something is in no log: neither a token, nor a link that somebody was sent."""

import logging

import pytest
from django.utils import timezone

from accounts.services.tokens import give_tokens
from events.tests.factories import make_event
from orders.models import Order
from orders.tests.factories import make_order, make_ticket


@pytest.fixture
def console():
    """What the configured console handler writes."""
    written = []
    [handler] = [one for one in logging.getLogger().handlers if one.get_name() == "console"]
    former = handler.stream

    class Stream:
        def write(self, text):
            written.append(text)

        def flush(self):
            pass

    handler.setStream(Stream())
    yield lambda: "".join(written)
    handler.setStream(former)


@pytest.fixture
def order(db):
    return make_order(make_ticket(make_event()), by="guest")


def test_a_secret_link_is_not_logged_when_it_fails(client, order, console):
    address = f"/orders/{order.identifier}/{order.secret}"
    assert client.get(f"{address}/tickets.pdf").status_code == 409
    assert client.put(f"{address}/mail").status_code == 405
    Order.objects.update(deleted_at=timezone.now())
    assert client.get(address).status_code == 404
    assert f"/orders/{order.identifier}/…/tickets.pdf" in console()
    assert order.secret not in console()


@pytest.mark.parametrize("name", ["jwt", "token", "access_token"])
def test_a_token_in_an_address_is_not_logged(client, ada, console, name):
    token = give_tokens(ada)["access_token"]
    assert client.get(f"/v1/users/{ada.pk}?{name}={token}").status_code == 401
    logging.getLogger("django.request").error("GET /v1/users/1?a=b&%s=%s HTTP/1.1", name, token)
    assert f"a=b&{name}=…" in console()
    assert token not in console()


@pytest.mark.parametrize("path", ["/accounts/verify/{}", "/accounts/password/new/{}"])
def test_a_link_of_the_account_is_not_logged(db, console, path):
    logging.getLogger("django.request").warning("Gone: %s", path.format("3-MQ:1xcgtZ:yQh-7_secret"))
    assert console().endswith(f"Gone: {path.format('…')}\n")


def test_a_fault_is_logged_with_its_trace_and_without_secrets(console):
    try:
        raise ValueError("a fault")
    except ValueError:
        logging.getLogger("openevent").exception("at /orders/AB/%s", "A" * 26)
    assert "at /orders/AB/…" in console()
    assert "ValueError: a fault" in console()


def test_django_writes_through_the_same_console():
    assert [logging.getLogger(name).handlers for name in ("django", "django.request", "django.security")] == [[]] * 3
