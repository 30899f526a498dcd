"""Servers and a Redis as programs of their own, beside a test and on its database."""

import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from urllib.error import HTTPError

from django.conf import settings
from django.db import connection
from redis import Redis
from redis.exceptions import RedisError

from benchmarks.machine import free_port

SECONDS_TO_START = 60


def database_url():
    """Where this test's rows are, for a process that is not this one."""
    place = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{place['NAME']}"
    user = place["USER"] + (f":{place['PASSWORD']}" if place["PASSWORD"] else "")
    return f"postgres://{user}@{place['HOST']}:{place['PORT']}/{place['NAME']}"


class MortalRedis:
    """It can be killed, come back empty, and be frozen: there, and deaf."""

    def __init__(self):
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self):
        command = ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _wait(lambda: Redis.from_url(self.url).ping(), RedisError)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)


@contextmanager
def serving(program, *, folder, **environment):
    """The address of a daphne or gunicorn that serves the house; its queue and files are in the folder."""
    port = free_port()
    commands = {
        "daphne": ["daphne", "--bind", "127.0.0.1", "--port", str(port), "openevent.asgi:application"],
        "gunicorn": ["gunicorn", "openevent.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1"],
    }
    with running(*commands[program], folder=folder, **environment):
        address = f"http://127.0.0.1:{port}"
        _wait(lambda: _answers(f"{address}/info"), OSError)
        yield address


@contextmanager
def running(*command, folder, **environment):
    """A program of the house, such as a worker, which ends with the block."""
    name = f"test-{secrets.token_hex(4)}"
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=settings.BASE_DIR,
        start_new_session=True,  # so that whatever it starts ends with it
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={
            **os.environ,
            "DATABASE_URL": database_url(),
            "PGAPPNAME": name,
            "REDIS_URL": "",
            "QUEUE_DIR": str(folder / "queue"),
            "MEDIA_ROOT": str(folder / "media"),
            "EMAIL_URL": "dummymail://",
            **environment,
        },
    )
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        _wait(lambda: _has_let_go(name), InUse)


class InUse(Exception):
    """A program that has ended still has the test's database open, which then could not be removed."""


def _has_let_go(name):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [name])
            if cursor.fetchone()[0]:
                raise InUse


def _answers(url):
    with suppress(HTTPError), urllib.request.urlopen(url, timeout=5):
        pass


def _wait(attempt, refusal):
    for _ in range(SECONDS_TO_START * 10):
        try:
            return attempt()
        except refusal:
            time.sleep(0.1)
    raise TimeoutError("It does not start.")
