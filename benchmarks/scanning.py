"""Devices at a door, each scanning ticket after ticket, two web processes: `python -m benchmarks.scanning`."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles
from urllib.parse import urlencode

from benchmarks.machine import ask_command, databases, postgres_cpu, prepare, serving
from benchmarks.tables import show

DEVICES = (1, 10, 50)
TICKETS = 600
TWICE = 10  # every tenth ticket comes to two doors at once


class Door:
    """So many devices at once: signed-in browsers, which ask as the page's script does."""

    def __init__(self, server, cookies, codes):
        self.server, self.cookies = server, cookies
        self.codes = [code for place, code in enumerate(codes) for _ in range(1 if place % TWICE else 2)]
        self.answers = []

    def open(self):
        with ThreadPoolExecutor(len(self.cookies)) as pool:
            list(pool.map(self.scan, range(len(self.codes))))

    def scan(self, number):
        cookies = self.cookies[number % len(self.cookies)]
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "X-CSRFToken": cookies["csrf"],
        }
        body = urlencode({"code": self.codes[number], "gate": f"Gate {number % len(self.cookies)}"})
        began = time.monotonic()
        answer, content = self.server.ask("POST", "/manage/harbour1/door", body, headers)
        told = json.loads(content)["kind"] if answer.status == 200 else str(answer.status)
        self.answers.append((told, (time.monotonic() - began) * 1000))

    def count(self, *kinds):
        return sum(told in kinds for told, _ in self.answers)


def measure(environment, server, cookies):
    door = Door(server, cookies, ask_command(environment, "crowded_door", "--tickets", TICKETS))
    before = ask_command(environment, "crowded_door", "--came")
    web, database, began = server.cpu(), postgres_cpu(environment), time.monotonic()
    door.open()
    seconds = time.monotonic() - began
    web, database = server.cpu() - web, postgres_cpu(environment) - database
    after = ask_command(environment, "crowded_door", "--came")
    scans = len(door.answers)
    return [
        len(cookies),
        f"{scans / seconds:.0f}",
        f"{quantiles([spent for _, spent in door.answers], n=20)[-1]:.0f}",
        f"{web / scans:.1f}",
        f"{database / scans:.1f}",
        f"{door.count('in')} + {door.count('again')}",
        scans - door.count("in", "again"),
        after["twice"] + abs(after["people"] - before["people"] - TICKETS),
    ]


def main():
    with databases() as environment:
        prepare(environment)
        cookies = ask_command(environment, "crowded_door", "--devices", max(DEVICES))
        with serving(environment, workers=2) as server:
            measure(environment, server, cookies[:8])  # warm
            rows = [measure(environment, server, cookies[:size]) for size in DEVICES]
    show(
        "scans at one door of one event, 2 web processes (aims: ≥ 100/s, p95 ≤ 300 ms with 50 devices)",
        ("devices", "scans/s", "p95 ms", "web ms", "PostgreSQL ms", "in + already in", "failed", "let in twice or not"),
        rows,
    )


if __name__ == "__main__":
    main()
