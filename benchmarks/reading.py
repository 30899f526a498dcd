"""What reading costs, ours and the reference's in one run: `python -m benchmarks.reading`."""

from typing import NamedTuple

from benchmarks.machine import databases, prepare, serving
from benchmarks.tables import show

ROUNDS = 3  # of which the best counts
INCLUDE = "include=track,speakers,microlocation&page%5Bsize%5D=200"


class Task(NamedTuple):
    name: str
    house: str
    reference: str | None
    times: int
    aim: str
    conditional: bool = False
    signed_in: bool = True


def tasks(event, session_event):
    return [
        Task("50 events", "/v1/events?page%5Bsize%5D=50", "/reference/events?page%5Bsize%5D=50", 40, "≥ 8×, ≤ 15 ms"),
        Task(
            "200 sessions with track, speakers, room",
            f"/v1/events/{session_event}/sessions?{INCLUDE}",
            f"/reference/sessions?event={session_event}&{INCLUDE}",
            8,
            "≥ 6×",
        ),
        Task("one event", f"/v1/events/{event}", f"/reference/events/{event}", 300, "≥ 2.5×"),
        Task("one event, unchanged", f"/v1/events/{event}", None, 400, "≤ 2 ms", conditional=True),
        Task("50 events, unchanged", "/v1/events?page%5Bsize%5D=50", None, 400, "≤ 2 ms", conditional=True),
        Task("event page, a guest", "/e/harbour1", None, 150, "≤ 15 ms", signed_in=False),
        Task("event page, unchanged", "/e/harbour1", None, 300, "≤ 3 ms", conditional=True, signed_in=False),
    ]


def cost(server, path, times, headers):
    """CPU milliseconds of one request, of so many."""
    before = server.cpu()
    for _ in range(times):
        answer, _ = server.get(path, **headers)
    if answer.status not in (200, 304):
        raise RuntimeError(f"{path} answers {answer.status}")
    return (server.cpu() - before) / times, answer.status


def measure(server, task, token):
    headers = {"Authorization": f"JWT {token}"} if task.signed_in else {}
    conditional = headers
    if task.conditional:
        answer, _ = server.get(task.house, **headers)
        conditional = {**headers, "If-None-Match": answer.headers["ETag"] or '""'}
    house, reference = [], []
    for path, asked in ((task.reference, headers), (task.house, conditional)):
        if path:
            cost(server, path, 5, asked)  # warm
    for _ in range(ROUNDS):
        if task.reference:
            reference.append(cost(server, task.reference, task.times, headers)[0])
        spent, status = cost(server, task.house, task.times, conditional)
        house.append(spent)
    note = "" if status == 304 or not task.conditional else " (no 304)"
    ours, theirs = min(house), min(reference, default=None)
    ratio = f"{theirs / ours:.1f}×" if theirs else ""
    return [task.name + note, f"{theirs:.1f}" if theirs else "", f"{ours:.2f}", ratio, task.aim]


def main():
    with databases() as environment:
        prepare(environment, "--events", "200", "--sessions", "200")
        ids = {}
        with serving(environment) as server:
            token = server.sign_in("bob@example.org")
            for identifier in ("harbour1", "longest1"):
                ids[identifier] = server.read(f"/v1/events/{identifier}")["data"]["id"]
            rows = [measure(server, task, token) for task in tasks(ids["harbour1"], ids["longest1"])]
    heads = ("CPU ms a request (utime + stime)", "djangorestframework-jsonapi", "openevent", "ratio", "aim")
    show(f"Reading on PostgreSQL, signed in as a buyer, the best of {ROUNDS} rounds", heads, rows)


if __name__ == "__main__":
    main()
