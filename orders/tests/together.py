"""Several things done at the same moment, each with a connection of its own."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection


def together(*acts):
    """What each of them gave."""
    start = threading.Barrier(len(acts))

    def run(act):
        start.wait(timeout=30)
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
