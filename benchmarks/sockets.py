"""Five hundred windows on one process, and how soon all have heard of a sale: `python -m benchmarks.sockets`."""

import asyncio
import json
import subprocess
import sys
import time
from statistics import median

from benchmarks.machine import (
    HOUSE,
    Server,
    ask_command,
    cpu_of,
    databases,
    free_port,
    hot_ticket,
    prepare,
    serving,
    stat_of,
    whole,
)
from benchmarks.tables import show
from benchmarks.windows import Window

WINDOWS = 500
SALES = 10
AT_ONCE = 25  # windows that knock at the same time
PATIENCE = 60
ROOM = "/rooms/event/harbour1"
PAGE = 4096  # bytes


class Daphne(Server):
    """The process that keeps the sockets; without Redis it serves the pages too."""

    def __init__(self, environment):
        self.port = free_port()
        command = ["daphne", "--bind", "127.0.0.1", "--port", str(self.port), "openevent.asgi:application"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=HOUSE,
            env=whole(environment),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()

    def cpu(self):
        return cpu_of(self.process.pid)

    def memory(self):
        """Bytes that it really occupies."""
        return int(stat_of(self.process.pid)[21]) * PAGE


class Buyer:
    """Orders a ticket over HTTP."""

    def __init__(self, environment, server):
        self.server, [ticket] = server, hot_ticket(environment, "--quantity", 10 * SALES)
        self.body = json.dumps({"tickets": [{"id": ticket, "quantity": 1}]})
        token = server.sign_in("bob@example.org")
        self.headers = {"Authorization": f"JWT {token}", "Content-Type": "application/json"}

    def buy(self):
        """The order's code, and when the buyer had the answer."""
        _, content = self.server.ask("POST", "/v1/orders/create-order", self.body, self.headers)
        return json.loads(content)["data"]["attributes"]["identifier"], time.monotonic()


async def open_windows(address, cookie):
    """All of them, some at a time, each greeted."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one():
        async with gate:
            window = await Window.open(address + ROOM, cookie=cookie)
            assert (await window.hear())["meta"] == "WS connected"
            return window

    return await asyncio.gather(*(one() for _ in range(WINDOWS)))


async def heard_by_all(windows, code):
    """When the last of them has heard of this order."""

    async def one(window):
        while (await window.hear()).get("order") != code:
            pass

    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(one(window) for window in windows))
    return time.monotonic()


async def measure(title, daphne, buyer, cookie):
    memory, began = daphne.memory(), time.monotonic()
    windows = await open_windows(f"http://127.0.0.1:{daphne.port}", cookie)
    opened, memory = time.monotonic() - began, daphne.memory() - memory
    used, times = daphne.cpu(), []
    for _ in range(SALES):
        code, answered = await asyncio.to_thread(buyer.buy)
        times.append(1000 * (await heard_by_all(windows, code) - answered))
    used = (daphne.cpu() - used) / SALES
    await asyncio.gather(*(window.close() for window in windows))
    return [
        title,
        WINDOWS,
        f"{opened:.1f}",
        f"{median(times):.0f}",
        f"{max(times):.0f}",
        f"{used:.0f}",
        f"{memory / WINDOWS / 1024:.0f}",
    ]


def in_one_process(environment):
    alone = {**environment, "REDIS_URL": ""}
    daphne = Daphne(alone)
    try:
        return asyncio.run(
            measure("in memory: one process sells and tells", daphne, Buyer(alone, daphne), cookie_of(alone))
        )
    finally:
        daphne.stop()


def by_way_of_redis(environment):
    daphne = Daphne(environment)
    try:
        with serving(environment) as web:
            return asyncio.run(
                measure("Redis: gunicorn sells, daphne tells", daphne, Buyer(environment, web), cookie_of(environment))
            )
    finally:
        daphne.stop()


def cookie_of(environment):
    return ask_command(environment, "team_session")


def main():
    with databases() as environment:
        prepare(environment)
        rows = [in_one_process(environment), by_way_of_redis(environment)]
    show(
        "a sale told to every window of its event, on one daphne process (aim: all within 1000 ms)",
        ("rooms", "windows", "opened in s", "median ms to all", "worst ms", "CPU ms a sale", "KiB a window"),
        rows,
    )


if __name__ == "__main__":
    main()
