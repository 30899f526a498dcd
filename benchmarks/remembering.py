"""What a web worker's memory grows to in 10,000 requests of all kinds: `python -m benchmarks.remembering`."""

import argparse
import json
from pathlib import Path

from benchmarks.machine import children_of, databases, hot_ticket, prepare, serving
from benchmarks.ordering import complete, create
from benchmarks.tables import show

REQUESTS = 10_000
MARKS = (0, 1, 10, 50, 100)  # percent of them
PAGES = ("/", "/e/harbour1", "/v1/events", "/v1/events/harbour1?include=sessions", "/v1/events/1/sessions")


def memory_of(server):
    """MiB that the worker has now."""
    [worker] = children_of(server.process.pid)
    lines = Path(f"/proc/{worker}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def ask(server, number, tokens, body):
    """One request: mostly somebody looks, every sixth is an order, made and then completed."""
    if number % 6 == 5:
        token = tokens[number % len(tokens)]
        status, order, _ = create(server, token, body)
        return complete(server, token, order)[0] if status == 200 else status
    return server.get(PAGES[number % 6])[0].status


def main():
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--requests", type=int, default=REQUESTS)
    requests = wanted.parse_args().requests
    with databases() as environment:
        prepare(environment)
        tokens = hot_ticket(environment, "--buyers", 100)
        [ticket] = hot_ticket(environment, "--quantity", requests)
        body = json.dumps({"tickets": [{"id": ticket, "quantity": 2}]})
        marks, rows, failed = {requests * mark // 100 for mark in MARKS}, [], 0
        with serving(environment, workers=1) as server:
            for number in range(requests + 1):
                if number in marks:
                    rows.append([f"{number:,}", f"{memory_of(server):.0f}", failed])
                failed += ask(server, number, tokens, body) != 200
    show("memory of a web worker (aim: ≤ 150 MiB after 10,000)", ("requests", "MiB", "failed"), rows)


if __name__ == "__main__":
    main()
