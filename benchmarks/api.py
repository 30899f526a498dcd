"""What `/v1` and the event page cost, ours and the reference's in one run: `python -m benchmarks.api`."""

import json
import time
from statistics import quantiles
from typing import NamedTuple

from benchmarks.machine import databases, prepare, serving
from benchmarks.tables import show

ROUNDS = 3  # of which the best counts
INCLUDE = "include=track,speakers,microlocation&page%5Bsize%5D=200"
HEADS = ("", "the reference", "openevent", "ratio", "aim", "req/s", "p50 ms", "p99 ms", "queries")


class Task(NamedTuple):
    """`body` is sent to both; the addresses differ."""

    name: str
    house: str
    reference: str | None
    times: int
    aim: str
    method: str = "GET"
    body: dict | None = None
    conditional: bool = False
    who: str | None = "rosa"  # at the door: a role, and the attributes that the reference shows


def tasks(event, long_event, session):
    row = {
        "type": "session",
        "attributes": {"title": "A talk", "short-abstract": "What it is about.", "level": "Expert"},
    }
    new = {**row, "relationships": {"event": {"data": {"type": "event", "id": event}}}}
    return [
        Task("50 events", "/v1/events?page%5Bsize%5D=50", "/reference/events?page%5Bsize%5D=50", 40, "≥ 8×, ≤ 15 ms"),
        Task(
            "200 sessions with track, speakers, room",
            f"/v1/events/{long_event}/sessions?{INCLUDE}",
            f"/reference/sessions?event={long_event}&{INCLUDE}",
            8,
            "≥ 6×, ≤ 5 queries",
        ),
        Task("one event", f"/v1/events/{event}", f"/reference/events/{event}", 300, "≥ 2.5×"),
        Task("one event, unchanged", f"/v1/events/{event}", None, 400, "≤ 2 ms", conditional=True),
        Task("50 events, unchanged", "/v1/events?page%5Bsize%5D=50", None, 400, "≤ 2 ms", conditional=True),
        Task("one event with its sales, its organizer", f"/v1/events/{event}", None, 200, "", who="ada"),
        Task("a new session", "/v1/sessions", "/reference/sessions", 60, "", "POST", {"data": new}, who="ada"),
        Task(
            "a changed session",
            f"/v1/sessions/{session}",
            f"/reference/sessions/{session}",
            100,
            "",
            "PATCH",
            {"data": {**row, "id": session}},
            who="ada",
        ),
        Task("event page, a guest", "/e/harbour1", None, 150, "≤ 15 ms", who=None),
        Task("event page, unchanged", "/e/harbour1", None, 300, "≤ 3 ms", conditional=True, who=None),
    ]


class Figures(NamedTuple):
    cpu: float  # milliseconds of a request
    waited: list  # milliseconds of each, by the clock


def cost(server, task, path, headers):
    """What one address costs, asked so many times."""
    body = json.dumps(task.body) if task.body else None
    before, waited = server.cpu(), []
    for _ in range(task.times):
        began = time.monotonic()
        answer, _ = server.ask(task.method, path, body, headers)
        waited.append((time.monotonic() - began) * 1000)
        if answer.status not in (200, 201, 304):
            raise RuntimeError(f"{task.method} {path} answers {answer.status}")
    return Figures((server.cpu() - before) / task.times, waited)


def measure(server, task, tokens):
    headers = {"Authorization": f"JWT {tokens[task.who]}"} if task.who else {}
    if task.body:
        headers["Content-Type"] = "application/vnd.api+json"
    conditional = dict(headers)
    if task.conditional:
        conditional["If-None-Match"] = server.get(task.house, **headers)[0].headers["ETag"]
    cost(server, task._replace(times=5), task.house, conditional)  # warm
    house, reference = [], []
    for _ in range(ROUNDS):
        if task.reference:
            reference.append(cost(server, task, task.reference, headers))
        house.append(cost(server, task, task.house, conditional))
    ours, theirs = min(house), min(reference, default=None)
    asked = {**conditional, "X-Count-Queries": "1"}
    queries = server.ask(task.method, task.house, json.dumps(task.body) if task.body else None, asked)[0]
    return [
        task.name,
        f"{theirs.cpu:.1f}" if theirs else "",
        f"{ours.cpu:.2f}",
        f"{theirs.cpu / ours.cpu:.1f}×" if theirs else "",
        task.aim,
        f"{1000 * task.times / sum(ours.waited):.0f}",
        f"{quantiles(ours.waited, n=2)[0]:.1f}",
        f"{quantiles(ours.waited, n=100)[-1]:.1f}",
        queries.headers["X-Queries"],
    ]


def main():
    with databases() as environment:
        prepare(environment, "--events", "200", "--sessions", "200")
        with serving(environment) as server:
            tokens = {name: server.sign_in(f"{name}@example.org") for name in ("ada", "rosa")}
            ids = [server.read(f"/v1/events/{identifier}")["data"]["id"] for identifier in ("harbour1", "longest1")]
            session = server.read(f"/v1/events/{ids[0]}/sessions")["data"][0]["id"]
            rows = [measure(server, task, tokens) for task in tasks(*ids, session)]
    title = f"CPU ms a request (utime + stime of one worker) on PostgreSQL, signed in with a role, best of {ROUNDS}"
    show(title, HEADS, rows)


if __name__ == "__main__":
    main()
