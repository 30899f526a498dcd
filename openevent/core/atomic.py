"""The unit of work: all or nothing, version counters last, side effects after commit."""

import logging
import time
from contextlib import contextmanager

from django.db import connection, transaction

log = logging.getLogger(__name__)


@contextmanager
def atomic(*, savepoint=True):
    """A transaction whose last statement moves the version counters of everything it touched.

    Last, and in sorted order, so that the counters' row locks are held for no longer than the commit and
    two units of work can never wait for each other in a circle. Inside another unit of work it can be undone by
    itself; without a savepoint, which costs two more statements, only together with the outer one.
    """
    outermost = getattr(connection, "touched", None) is None
    if not outermost:
        with transaction.atomic(savepoint=savepoint):
            yield
        return
    connection.touched = set()
    try:
        with transaction.atomic():
            yield
            move_counters(connection.touched)
            connection.touched = None  # what is called after the commit is a unit of work of its own
    finally:
        connection.touched = None


def refuse_inside_work():
    """For whoever asks somebody else over the network: no row stays locked while we wait for them."""
    if getattr(connection, "touched", None) is not None:
        raise RuntimeError("Nobody is asked over the network within a unit of work.")


def touch(floor, shard):
    """Note that rows of an app at a shard have changed; the counter moves when the unit of work ends."""
    touched = getattr(connection, "touched", None)
    if touched is None:
        move_counters({(floor, shard)})
    else:
        touched.add((floor, shard))


def move_counters(touched):
    if not touched:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO core_version (floor, shard, number) VALUES (%s, %s, 1) "
            "ON CONFLICT (floor, shard) DO UPDATE SET number = core_version.number + 1",
            sorted(touched),
        )


def after_commit(task, *args):
    """Queue a Celery task once the transaction is safely in the database.

    A broker that is down must not fail what has been sold, nor keep its buyer waiting more than once in a while:
    every task sent this way has a sweeper (CELERY_BEAT_SCHEDULE) that finds its work again.
    """
    transaction.on_commit(lambda: Queue.take(task, args))


class Queue:
    """Hands tasks over, and remembers for a few seconds that nobody took them."""

    SECONDS_OF_REST = 5
    rests_until = 0.0

    @classmethod
    def take(cls, task, args):
        if time.monotonic() < cls.rests_until:
            return
        try:
            task.delay(*args)
        except task.OperationalError:
            cls.rests_until = time.monotonic() + cls.SECONDS_OF_REST
            log.warning("the queue is down; %s%r waits for its sweeper, as do others", task.name, args)
