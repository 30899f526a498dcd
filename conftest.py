"""Services that tests talk to for real: a Redis, an S3 and an SMTP server of their own, never skipped."""

import os
import socket
from collections import defaultdict
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern

import psycopg2
import pytest
from aiosmtpd.controller import Controller
from django.core import serializers
from django.db import connection, transaction
from moto.server import ThreadedMotoServer

pytest_plugins = ["accounts.tests.people", "orders.tests.doubles"]


def pytest_collection_modifyitems(items):
    """A test with real transactions empties every table behind it: what migrations put there comes back first.

    One that asks for no database is run once.
    """
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker is None and not {"db", "transactional_db", "live_server", "django_db_setup"} & set(item.fixturenames):
            item.add_marker(pytest.mark.once)
        real = marker is not None and marker.kwargs.get("transaction")
        if real or {"transactional_db", "live_server"} & set(item.fixturenames):
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """They come back with one statement a table; row by row, as Django does it, they take each test half a second."""
    connection.creation.deserialize_db_from_string = put_back


def put_back(text):
    tables, linked = defaultdict(list), []
    for row in serializers.deserialize("json", text):
        if row.m2m_data:
            linked.append(row)
        else:
            tables[type(row.object)].append(row.object)
    with transaction.atomic(), connection.constraint_checks_disabled():
        for model, rows in tables.items():
            model._base_manager.bulk_create(rows, ignore_conflicts=True)  # before the first flush all are there
        for row in linked:
            row.save()


def pytest_runtest_setup(item):
    if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.fail("This test needs PostgreSQL: script/test --postgres runs it there.", pytrace=False)


@pytest.fixture(scope="session")
def redis_url() -> str:
    if url := os.environ.get("TEST_REDIS_URL"):
        return url
    pytest.fail("This test needs Redis: set TEST_REDIS_URL, or run script/test, which starts one.", pytrace=False)


@pytest.fixture(scope="session")
def s3_address():
    """The address of an empty S3; make a bucket of your own in it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


class PostOffice:
    """What a mail server got, and whom it turns away (address: SMTP answer)."""

    def __init__(self, host: str, port: int):
        self.host, self.port = host, port
        self.mails: list[EmailMessage] = []
        self.refusals: dict[str, str] = {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(BytesParser(policy=modern).parsebytes(envelope.content))
        return "250 OK"


@pytest.fixture
def post_office():
    """A mail server with no mail in it yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host, port = probe.getsockname()
    office = PostOffice(host, port)
    controller = Controller(office, hostname=host, port=port)
    controller.start()
    yield office
    controller.stop()


@pytest.fixture
def somebody_else():
    """A connection of its own to PostgreSQL, which keeps what it locks."""
    settings = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    other = psycopg2.connect(**{name: settings[name] for name in names if settings.get(name)})
    with other.cursor() as cursor:
        yield cursor
    other.rollback()
    other.close()
