"""The worker in the web process does what a separate one does, and outlives what goes wrong."""

import os
import signal
import subprocess
import sys
from queue import Queue

import pytest
from celery import Celery

from openevent.celery import app as celery_app
from openevent.embedded_worker import EmbeddedWorker

pytestmark = pytest.mark.once


def a_queue_in(folder):
    for name in ("in", "control"):
        (folder / name).mkdir(exist_ok=True)
    return {
        "data_folder_in": str(folder / "in"),
        "data_folder_out": str(folder / "in"),
        "control_folder": str(folder / "control"),
        "polling_interval": 0.05,
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("queue")


@pytest.fixture(scope="module")
def app(folder):
    app = Celery("shop", broker="filesystem://localhost", set_as_current=False)
    app.conf.update(
        broker_transport_options=a_queue_in(folder),
        task_ignore_result=True,
        task_acks_late=True,
        beat_schedule={"tick": {"task": "tick", "schedule": 0.2}},
    )
    app.done, app.ticks = Queue(), Queue()
    app.set_default()  # the pool's threads ask for the process's own app
    yield app
    celery_app.set_default()


@pytest.fixture(scope="module")
def tasks(app):
    def task(**options):
        return app.task(shared=False, **options)

    @task(name="tick")
    def tick():
        app.ticks.put("tick")

    @task(name="note")
    def note(words):
        app.done.put(words)

    @task(name="fail")
    def fail(trouble):
        raise {"ValueError": ValueError, "SystemExit": SystemExit}[trouble]

    @task(name="deliver", bind=True, max_retries=1)
    def deliver(task):
        if task.request.retries == 0:
            raise task.retry(countdown=0)
        app.done.put("delivered at the second try")

    return {"note": note, "fail": fail, "deliver": deliver}


@pytest.fixture
def note(tasks):
    return tasks["note"]


def started(app):
    worker = EmbeddedWorker(app, threads=1)
    worker.start()
    return worker


def stop(worker):
    worker.stop()
    worker.worker.join(timeout=20)
    assert not worker.worker.is_alive()


@pytest.fixture(scope="module")
def _working(app, tasks):
    worker = started(app)
    yield
    stop(worker)


def done(app):
    return app.done.get(timeout=20)


@pytest.mark.usefixtures("_working")
class TestAtWork:
    def test_a_queued_task_is_done(self, app, note):
        note.delay("tickets sent")
        assert done(app) == "tickets sent"

    @pytest.mark.parametrize("trouble", ["ValueError", "SystemExit"])
    def test_a_task_that_fails_takes_nobody_with_it(self, app, note, tasks, trouble):
        tasks["fail"].delay(trouble)
        note.delay("next")
        assert done(app) == "next"

    def test_an_unreadable_file_in_the_queue_does_not_stop_the_work(self, app, note, folder):
        (folder / "in" / "0_half-written.celery.msg").write_bytes(b"")
        note.delay("next")
        assert done(app) == "next"

    def test_a_task_is_tried_again_when_it_asks_for_that(self, app, tasks):
        tasks["deliver"].delay()
        assert done(app) == "delivered at the second try"

    def test_the_clock_runs_what_is_scheduled(self, app):
        assert [app.ticks.get(timeout=20) for _ in range(2)] == ["tick", "tick"]


def test_what_is_queued_while_nobody_works_is_done_after_a_restart(app, note):
    stop(started(app))
    note.delay("between")
    worker = started(app)
    assert done(app) == "between"
    stop(worker)


SERVER = """
import signal, sys, threading
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts what runs in the background deaf to it
from celery import Celery
from openevent.embedded_worker import EmbeddedWorker

app = Celery("server", broker="filesystem://localhost")
app.conf.broker_transport_options = {options!r}
app.set_default()

@app.task(name="hello")
def hello():
    print("hello", flush=True)

EmbeddedWorker(app).start()
hello.delay()
threading.Event().wait()
"""


def test_a_server_with_it_ends_at_once_on_ctrl_c(tmp_path):
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER.format(options=a_queue_in(tmp_path))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "openevent.settings"},
    )
    try:
        assert server.stdout.readline() == "hello\n"
        server.send_signal(signal.SIGINT)
        _, complaints = server.communicate(timeout=20)
    finally:
        server.kill()
    assert complaints.rstrip().endswith("KeyboardInterrupt")
    assert complaints.count("Traceback") == 1  # the interrupt itself
