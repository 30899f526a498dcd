"""A crowd at one ticket type, two tickets an order, two web processes: `python -m benchmarks.ordering`."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles

from benchmarks.machine import databases, hot_ticket, postgres_cpu, prepare, serving
from benchmarks.tables import show

CROWDS = (16, 50, 200)
ORDERS = 400
SEATS = 2 * ORDERS - 100  # the last ones come too late


class Crowd:
    """So many buyers at once, each ordering again and again until all orders have been tried."""

    def __init__(self, server, tokens, ticket):
        self.server, self.tokens = server, tokens
        self.body = json.dumps({"tickets": [{"id": ticket, "quantity": 2}]})
        self.answers = []

    def come(self):
        with ThreadPoolExecutor(len(self.tokens)) as pool:
            list(pool.map(self.order, range(ORDERS)))

    def order(self, number):
        headers = {
            "Authorization": f"JWT {self.tokens[number % len(self.tokens)]}",
            "Content-Type": "application/json",
        }
        began = time.monotonic()
        answer, _ = self.server.ask("POST", "/v1/orders/create-order", self.body, headers)
        self.answers.append((answer.status, (time.monotonic() - began) * 1000))

    def times(self, status):
        return [spent for answered, spent in self.answers if answered == status]


def measure(environment, server, tokens, size):
    ticket = hot_ticket(environment, "--quantity", SEATS)
    crowd = Crowd(server, tokens[:size], ticket)
    web, database, began = server.cpu(), postgres_cpu(environment), time.monotonic()
    crowd.come()
    seconds = time.monotonic() - began
    web, database = server.cpu() - web, postgres_cpu(environment) - database
    sold, late = crowd.times(200), crowd.times(409)
    counters = hot_ticket(environment, "--sold", ticket)
    oversold = max(counters["reserved"], counters["seats"], 2 * len(sold)) - SEATS
    return [
        size,
        f"{len(sold) / seconds:.0f}",
        f"{quantiles(sold, n=20)[-1]:.0f}",
        f"{web / ORDERS:.1f}",
        f"{database / ORDERS:.1f}",
        f"{len(sold)} + {len(late)}",
        ORDERS - len(sold) - len(late),
        max(oversold, 0),
    ]


def main():
    with databases() as environment:
        prepare(environment)
        tokens = hot_ticket(environment, "--buyers", max(CROWDS))
        with serving(environment, workers=2) as server:
            measure(environment, server, tokens, 16)  # warm
            rows = [measure(environment, server, tokens, size) for size in CROWDS]
    show(
        "create-order of 2 free tickets, one type, 2 web processes (aims: ≥ 50/s, p95 ≤ 400 ms, 15 and 8 ms CPU)",
        ("buyers", "orders/s", "p95 ms", "web ms", "PostgreSQL ms", "sold + too late", "failed", "oversold"),
        rows,
    )


if __name__ == "__main__":
    main()
