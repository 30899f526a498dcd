"""The house as it runs for people: one process on a laptop, several with Redis, and the days on which Redis dies."""

import asyncio
import json
import time
import urllib.request
from datetime import timedelta

import pytest
from celery import Celery
from django.conf import settings as house
from django.test import Client
from django.utils import timezone

from accounts.services.tokens import give_tokens
from benchmarks.windows import Closed, Window
from events.tests.factories import make_event
from notifications.models import QUEUED, SENT, Mail
from notifications.rooms import TRY_AGAIN
from notifications.tasks import send_waiting_mails
from openevent.tests.processes import MortalRedis, running, serving
from orders.models import Order
from orders.models.order import COMPLETED
from orders.tests.factories import make_order, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS_TO_HEAR = 60  # a worker may still be starting on a busy machine; a word that wakes nobody never comes
SECONDS_FOR_A_PAGE = 5


@pytest.fixture
def redis():
    redis = MortalRedis()
    yield redis
    redis.thaw()
    redis.kill()


@pytest.fixture
def event(ada):
    return make_event(owner=ada)


@pytest.fixture
def ticket(event):
    return make_ticket(event)


def cookie_of(user):
    client = Client()
    client.force_login(user, backend="accounts.backends.EmailBackend")
    return f"{house.SESSION_COOKIE_NAME}={client.cookies[house.SESSION_COOKIE_NAME].value}"


def room(address, event):
    return f"{address}/rooms/event/{event.identifier}"


def ask(address, path, user, body=None, method=None):
    """A call of a program that signed in as this user; what it took, and the answer."""
    kind = "application/vnd.api+json" if method == "PATCH" else "application/json"
    headers = {"Authorization": f"JWT {give_tokens(user)['access_token']}", "Content-Type": kind}
    request = urllib.request.Request(
        address + path, json.dumps(body).encode() if body else None, headers, method=method
    )
    began = time.monotonic()
    with urllib.request.urlopen(request, timeout=30) as answer:
        return time.monotonic() - began, answer.read().decode()


def buy(address, ticket, user):
    """The identifier of a free order, made and finished by the API; and how long both took."""
    making, answer = ask(address, "/v1/orders/create-order", user, {"tickets": [{"id": ticket.pk, "quantity": 1}]})
    order = json.loads(answer)["data"]
    change = {"data": {"type": "order", "id": order["id"], "attributes": {"status": "completed"}}}
    finishing, _ = ask(address, f"/v1/orders/{order['id']}", user, change, "PATCH")
    return order["attributes"]["identifier"], making + finishing


async def hear(window):
    async with asyncio.timeout(SECONDS_TO_HEAR):
        return await window.hear()


async def listening(address, cookie, event):
    window = await Window.open(room(address, event), cookie=cookie)
    assert (await hear(window))["meta"] == "WS connected"
    return window


def let_a_hold_end(ticket, user):
    order = make_order((ticket, 1), by=user)
    Order.objects.filter(pk=order.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def send_task(name, broker, **options):
    app = Celery(broker=broker, set_as_current=False)
    app.conf.broker_transport_options = options
    app.send_task(name)


def test_one_process_tells_what_its_pages_and_its_worker_do(ada, bob, event, ticket, tmp_path):
    let_a_hold_end(ticket, bob)
    cookie = cookie_of(ada)

    async def scene(address):
        window = await listening(address, cookie, event)
        code, _ = await asyncio.to_thread(buy, address, ticket, bob)
        heard = [await hear(window) for _ in range(2)]
        queue = {f"data_folder_{way}": str(tmp_path / "queue/in") for way in ("in", "out")}
        queue["control_folder"] = str(tmp_path / "queue/control")
        await asyncio.to_thread(send_task, "orders.tasks.release_expired_holds", "filesystem://", **queue)
        heard.append(await hear(window))
        await window.close()
        return code, heard

    with serving("daphne", folder=tmp_path) as address:
        code, heard = asyncio.run(scene(address))
    assert heard == [
        {"meta": "order.created", "order": code},
        {"meta": "order.completed", "order": code},
        {"meta": "order.expired", "count": 1},
    ]


def test_with_redis_a_window_hears_what_the_other_processes_do(ada, bob, event, ticket, tmp_path, redis):
    let_a_hold_end(ticket, bob)
    cookie = cookie_of(ada)

    async def scene(web, sockets):
        window = await listening(sockets, cookie, event)
        code, _ = await asyncio.to_thread(buy, web, ticket, bob)
        heard = [await hear(window) for _ in range(2)]
        await asyncio.to_thread(send_task, "orders.tasks.release_expired_holds", redis.url)
        heard.append(await hear(window))
        await window.close()
        return code, heard

    with (
        serving("daphne", folder=tmp_path, REDIS_URL=redis.url) as sockets,
        serving("gunicorn", folder=tmp_path, REDIS_URL=redis.url) as web,
        running("celery", "-A", "openevent", "worker", "--concurrency", "1", folder=tmp_path, REDIS_URL=redis.url),
    ):
        code, heard = asyncio.run(scene(web, sockets))
    assert heard == [
        {"meta": "order.created", "order": code},
        {"meta": "order.completed", "order": code},
        {"meta": "order.expired", "count": 1},
    ]


@pytest.mark.parametrize("mishap", ["kill", "freeze"])
def test_without_redis_people_buy_on_and_their_mails_wait_for_the_clock(mishap, bob, ticket, tmp_path, redis):
    with serving("gunicorn", folder=tmp_path, REDIS_URL=redis.url) as web:
        getattr(redis, mishap)()
        code, seconds = buy(web, ticket, bob)
        _, again = buy(web, ticket, bob)
    assert Order.objects.get(identifier=code).status == COMPLETED
    assert seconds < 2 * SECONDS_FOR_A_PAGE + 5  # the queue and the counts each find out once
    assert again < SECONDS_FOR_A_PAGE
    mail = Mail.objects.get(kind="order-completed", reference=code)
    assert mail.status == QUEUED
    Mail.objects.update(next_attempt_at=timezone.now())
    send_waiting_mails()
    mail.refresh_from_db()
    assert mail.status == SENT


def test_a_window_is_closed_when_redis_dies_and_comes_back_with_it(ada, bob, event, ticket, tmp_path, redis):
    cookie = cookie_of(ada)

    async def scene(address):
        window = await listening(address, cookie, event)
        await asyncio.to_thread(redis.kill)
        with pytest.raises(Closed) as closed:
            await hear(window)
        assert closed.value.code == TRY_AGAIN
        early = await Window.open(room(address, event), cookie=cookie)
        with pytest.raises(Closed) as closed:
            await hear(early)
        assert closed.value.code == TRY_AGAIN
        await asyncio.to_thread(redis.start)
        window = await listening(address, cookie, event)
        await window.close()

    with serving("daphne", folder=tmp_path, REDIS_URL=redis.url) as address:
        asyncio.run(scene(address))
