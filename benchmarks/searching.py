"""Search among 100,000 orders, at one event and spread over many, on both databases: `benchmarks.searching`."""

import tempfile
from contextlib import contextmanager
from pathlib import Path

from benchmarks.machine import ask_command, databases, prepare
from benchmarks.tables import show

ORDERS, EVENTS = 100_000, 200


@contextmanager
def sqlite():
    with tempfile.TemporaryDirectory(prefix="openevent-benchmark.") as folder:
        yield {"DATABASE_URL": f"sqlite:///{Path(folder) / 'db.sqlite3'}", "REDIS_URL": ""}


def measure(name, environment):
    prepare(environment, "--orders", str(ORDERS), "--events", str(EVENTS))
    yield from rows_of(f"{name}, one event", ask_command(environment, "search_times"))
    yield from rows_of(f"{name}, {EVENTS} events", ask_command(environment, "search_times", "--spread"))


def rows_of(where, found):
    for name in ("orders", "attendees"):
        times = found[name]
        figures = [f"{times[one]:.0f}" for one in ("p50", "p95", "cpu_p50", "cpu_p95")]
        yield [f"{name}, {where}", *figures, times["longest"]]


def main():
    rows = []
    for name, place in (("PostgreSQL", databases), ("SQLite", sqlite)):
        with place() as environment:
            rows += measure(name, environment)
    heads = (f"whole page, {ORDERS:,} orders", "p50 ms", "p95 ms", "CPU p50", "CPU p95", "slowest")
    show("searching an event's orders and attendees (aim: p95 ≤ 300 ms)", heads, rows)


if __name__ == "__main__":
    main()
