"""A page of 50 in a short list, in a long one, and far down in it: `python -m benchmarks.growing`."""

from benchmarks.machine import ask_command, databases, prepare
from benchmarks.searching import sqlite
from benchmarks.tables import show


def measure(name, environment):
    prepare(environment)
    found = ask_command(environment, "growth_times")
    first, near, far = found.values()
    aims = {near: (near / first, "≤ 2×"), far: (far / near, "≤ 2× page 1")}
    for place, cost in found.items():
        ratio, aim = aims.get(cost, (1, ""))
        yield [f"{name}, {place}", f"{cost:.1f}", f"{ratio:.1f}×" if aim else "", aim]


def main():
    rows = []
    for name, place in (("PostgreSQL", databases), ("SQLite", sqlite)):
        with place() as environment:
            rows += measure(name, environment)
    show("Pages of 50 sessions, as their organizer", ("CPU ms, process and database", "median", "ratio", "aim"), rows)


if __name__ == "__main__":
    main()
