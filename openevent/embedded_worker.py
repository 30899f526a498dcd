"""A Celery worker and its clock inside the web process, so that a laptop needs to start one program only.

It is the real worker, reading the real queue: files in var/queue, so tasks survive a restart and
`manage.py` may queue some too. A task that was being worked on when the process was killed is lost, as its
file is gone; every such task has a sweeper in CELERY_BEAT_SCHEDULE that finds its work again. For one web
process only: with REDIS_URL set, workers and beat are programs of their own (docs/operating.md).
"""

import atexit
import logging
from threading import Event, Thread

from celery.beat import EmbeddedService, Scheduler
from celery.worker import WorkController, state

log = logging.getLogger(__name__)


class EmbeddedWorker:
    """Starts both, keeps the worker running, and stops them when asked or when Python ends."""

    def __init__(self, app, *, threads=2):
        self.app, self.threads = app, threads
        self.leaving = Event()

    def start(self):
        # The schedule begins anew with each start, so nothing of it needs a file.
        self.clock = EmbeddedService(self.app, thread=True, scheduler_cls=Scheduler)
        self.worker = Thread(target=self.work, name="worker", daemon=True)
        self.clock.start()
        self.worker.start()
        atexit.register(self.stop)

    def stop(self):
        """Take no new tasks; whoever must know that all is quiet joins `worker`.

        At the end of the process nobody has to: Python waits for the pool's running tasks, and what was taken
        from the queue but not begun is put back.
        """
        atexit.unregister(self.stop)
        self.leaving.set()
        state.should_stop = 0  # an exit code: how Celery's consumers are asked to leave
        self.clock.service.stop()

    def work(self):
        """Work until asked to leave; an unreadable queue file ends a controller, never the work."""
        while not self.leaving.is_set():
            state.should_stop = None
            controller = WorkController(
                self.app,
                pool="threads",
                concurrency=self.threads,
                without_mingle=True,
                without_gossip=True,
                without_heartbeat=True,
            )
            controller.start()
            if not self.leaving.wait(1):
                log.error("The embedded worker starts again.")
