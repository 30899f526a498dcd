"""PostgreSQL is killed and restarted in the middle of a sale: no order is half done, and the sale goes on."""

import json
import subprocess
import tempfile
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import HTTPError

import pytest
from django.db import connection

from accounts.services.tokens import give_tokens
from accounts.tests.people import make_person
from benchmarks.machine import Postgres
from events.tests.factories import make_event
from notifications.models import Mail
from openevent.tests.processes import database_url, serving
from orders.models import Order
from orders.tests.books import check_books
from orders.tests.factories import make_discount, make_ticket

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

BUYERS, ORDERS, RESTARTS = 6, 10, 2
PATIENCE = 60  # seconds until a request must have worked


@pytest.fixture
def mortal_postgres():
    """A PostgreSQL of this test alone, with the tables of the others', to which all its questions go."""
    here = connection.settings_dict
    with tempfile.TemporaryDirectory(prefix="openevent-test.") as folder:
        postgres = Postgres(Path(folder))
        postgres.start("-c fsync=off")  # it is killed, and the machine is not
        dump = [postgres.binaries / "pg_dump", database_url()]
        tables = subprocess.run(dump, check=True, capture_output=True).stdout
        copy = [postgres.binaries / "psql", "--quiet", postgres.url]
        subprocess.run(copy, check=True, input=tables, stdout=subprocess.DEVNULL)
        connection.close()
        there = {"USER": "postgres", "PASSWORD": "", "HOST": "127.0.0.1", "PORT": postgres.port, "NAME": "postgres"}
        connection.settings_dict = {**here, **there}
        yield postgres
        connection.close()
        connection.settings_dict = here
        postgres.stop()


def ask(method, address, *, body=None, token="", kind="application/json"):
    """Status, headers and content, whatever they are."""
    headers = {"Content-Type": kind, **({"Authorization": f"JWT {token}"} if token else {})}
    request = urllib.request.Request(address, body and json.dumps(body).encode(), headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except HTTPError as refusal:
        return refusal.code, refusal.headers, refusal.read().decode()


class Buyer:
    """Orders again and again, and asks once more whenever told to."""

    def __init__(self, name, address, cart, sold):
        self.token = give_tokens(make_person(name))["access_token"]
        self.address, self.cart, self.sold = address, cart, sold
        self.refusals, self.completed = [], []

    def shop(self):
        for _ in range(ORDERS):
            order = self.insist("POST", "/v1/orders/create-order", self.cart)["data"]["id"]
            done = {"data": {"type": "order", "id": order, "attributes": {"status": "completed"}}}
            answer = self.insist("PATCH", f"/v1/orders/{order}", done, kind="application/vnd.api+json")
            assert answer["data"]["attributes"]["status"] == "completed"
            self.completed.append(int(order))
            self.sold.release()

    def insist(self, method, path, body, **options):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            status, headers, content = ask(method, self.address + path, body=body, token=self.token, **options)
            if status == 200:
                return json.loads(content)
            self.refusals.append((status, headers["Retry-After"] is not None))
        raise TimeoutError(content)


def test_a_database_that_is_killed_in_mid_sale_leaves_no_order_half_done(mortal_postgres, tmp_path):
    seat = make_ticket(make_event(), price="20", quantity=2 * BUYERS * ORDERS + 50)
    code = make_discount(seat.event, seat, percent=100, tickets_number=1000)
    cart = {"tickets": [{"id": seat.pk, "quantity": 2}], "discount-code": code.code}
    sold = threading.Semaphore(0)
    with serving("gunicorn", folder=tmp_path) as address, ThreadPoolExecutor(BUYERS) as crowd:
        buyers = [Buyer(f"buyer{number}", address, cart, sold) for number in range(BUYERS)]
        shopping = [crowd.submit(buyer.shop) for buyer in buyers]
        for _ in range(RESTARTS):
            for _ in range(BUYERS * ORDERS // (RESTARTS + 2)):
                assert sold.acquire(timeout=PATIENCE)
            mortal_postgres.control("restart", "-m", "immediate")
        for one in shopping:
            one.result()
        connection.close()  # it was cut, too
    assert {refusal for buyer in buyers for refusal in buyer.refusals} <= {(503, True), (409, True)}
    assert any(status == 503 for buyer in buyers for status, _ in buyer.refusals)
    completed = {order for buyer in buyers for order in buyer.completed}
    assert completed == set(Order.objects.filter(status="completed").values_list("pk", flat=True))
    assert len(completed) == BUYERS * ORDERS == Mail.objects.filter(kind="order-completed").count()
    for order in Order.objects.all():  # one that was kept and whose answer got lost is a hold as any other
        assert order.status in ("initializing", "completed")
        assert (order.attendees.count(), order.lines.get().quantity, order.discount_uses) == (2, 2, 2)
    check_books()


def test_while_the_database_is_away_everybody_is_told_so_and_then_all_goes_on(mortal_postgres, tmp_path):
    event = make_event()
    with serving("gunicorn", folder=tmp_path) as address:
        page, api = f"{address}/e/{event.identifier}", f"{address}/v1/events/{event.identifier}"
        assert [ask("GET", one)[0] for one in (page, api)] == [200, 200]
        mortal_postgres.stop()
        for _ in range(2):  # its connection is cut; and nobody takes a new one
            status, headers, words = ask("GET", page)
            assert (status, headers["Retry-After"]) == (503, "5")
            assert "Back in a moment" in words and "Nothing was half done" in words
            status, headers, words = ask("GET", api)
            assert (status, headers["Retry-After"]) == (503, "5")
            assert json.loads(words)["errors"][0]["code"] == "database-away"
        mortal_postgres.start("-c fsync=off")
        connection.close()
        assert [ask("GET", one)[0] for one in (page, api)] == [200, 200]
