"""What taking a list of 100,000 away costs, with the usual columns: `python -m benchmarks.exporting`."""

import tempfile

from benchmarks.machine import ask_command, databases, prepare
from benchmarks.searching import sqlite
from benchmarks.tables import show

ORDERS = 100_000
FILES = [(what, form) for what in ("orders", "attendees") for form in ("csv", "xlsx")]


def measure(name, environment):
    prepare(environment, "--orders", str(ORDERS))
    for what, form in FILES:
        yield row_of(name, what, form, ask_command(environment, "export_times", what, form))


def row_of(name, what, form, found):
    size = f"{found['rows']:,} × {found['columns']}"
    times = [f"{found[one]:.1f}" for one in ("seconds", "cpu")]
    return [f"{what} as {form}, {name}", size, *times, *(f"{found[one]:.0f}" for one in ("before", "peak"))]


def main():
    rows = []
    for name, place in (("PostgreSQL", databases), ("SQLite", sqlite)):
        with place() as environment, tempfile.TemporaryDirectory() as media:
            rows += measure(name, {**environment, "MEDIA_ROOT": media})
    heads = ("list", "rows × columns", "seconds", "CPU seconds", "MiB before", "MiB at most")
    show("Exports (aim: 100,000 rows ≤ 60 s, ≤ 200 MB)", heads, rows)


if __name__ == "__main__":
    main()
