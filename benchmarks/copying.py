"""What copying an event of 500 sessions takes, on both databases: `python -m benchmarks.copying`."""

from benchmarks.machine import ask_command, databases, prepare
from benchmarks.searching import sqlite
from benchmarks.tables import show

SESSIONS = 500


def main():
    rows = []
    for name, place in (("PostgreSQL", databases), ("SQLite", sqlite)):
        with place() as environment:
            prepare(environment, "--orders", "0", "--events", "1")
            found = ask_command(environment, "copy_times", "--sessions", str(SESSIONS))
            rows.append([name, f"{found['seconds']:.2f}", f"{found['cpu']:.2f}", str(found["queries"])])
    show(f"copying an event of {SESSIONS} sessions (aim: ≤ 2 s)", ("database", "best s", "CPU s", "queries"), rows)


if __name__ == "__main__":
    main()
