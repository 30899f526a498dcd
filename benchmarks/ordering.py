"""A crowd that orders free tickets, at one type and at ten, two web processes: `python -m benchmarks.ordering`."""

import argparse
import json
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles

from benchmarks.machine import databases, hot_ticket, postgres_cpu, prepare, serving
from benchmarks.tables import show

CROWDS = (1, 16, 50, 100, 200)
TYPES = (1, 10)
ORDERS = 400
LATE = 50  # orders for which there are no seats any more
JSONAPI = "application/vnd.api+json"


class Crowd:
    """So many buyers at once, each ordering again and again until all orders have been tried.

    An order is made with its seats held, and then completed, as clients do: two requests; or it is left there. `held`
    and `done` are the milliseconds until the one and until the other; `answers` what was said to whoever got none.
    """

    def __init__(self, server, tokens, tickets, orders, *, at_once, completing=True):
        self.server, self.tokens, self.orders = server, tokens, orders
        self.at_once, self.completing = at_once, completing
        self.bodies = [json.dumps({"tickets": [{"id": ticket, "quantity": 2}]}) for ticket in tickets]
        self.held, self.done, self.answers = [], [], []

    def come(self):
        with ThreadPoolExecutor(self.at_once) as pool:
            list(pool.map(self.order, range(self.orders)))

    def order(self, number):
        token, body = self.tokens[number % len(self.tokens)], self.bodies[number % len(self.bodies)]
        began = time.monotonic()
        status, order, _ = create(self.server, token, body)
        if status != 200:
            self.answers.append(status)
            return
        self.held.append((time.monotonic() - began) * 1000)
        if self.completing:
            status, _ = complete(self.server, token, order)
            if status == 200:
                self.done.append((time.monotonic() - began) * 1000)
            else:
                self.answers.append(status)


def create(server, token, body):
    """The status, the order's id, and how many questions the database was asked."""
    headers = {"Authorization": f"JWT {token}", "Content-Type": "application/json", "X-Count-Queries": "1"}
    answer, content = server.ask("POST", "/v1/orders/create-order", body, headers)
    return answer.status, answer.status == 200 and json.loads(content)["data"]["id"], answer.headers["X-Queries"]


def complete(server, token, order):
    wish = {"data": {"type": "order", "id": order, "attributes": {"status": "completed"}}}
    headers = {"Authorization": f"JWT {token}", "Content-Type": JSONAPI, "X-Count-Queries": "1"}
    answer, _ = server.ask("PATCH", f"/v1/orders/{order}", json.dumps(wish), headers)
    return answer.status, answer.headers["X-Queries"]


class Cost:
    """CPU milliseconds of both, and seconds, since it was begun."""

    def __init__(self, environment, server):
        self.environment, self.server = environment, server
        self.began = self._now()

    def _now(self):
        return self.server.cpu(), postgres_cpu(self.environment), time.monotonic()

    def so_far(self):
        return [now - then for now, then in zip(self._now(), self.began, strict=True)]


def measure(environment, server, tokens, types, at_once, orders):
    """One line of the table. The seats are for all orders but the last `LATE`, or a tenth of few."""
    seats = 2 * ((orders - min(LATE, orders // 10)) // types)
    tickets = hot_ticket(environment, "--quantity", seats, "--types", types)
    crowd, cost = Crowd(server, tokens, tickets, orders, at_once=at_once), Cost(environment, server)
    crowd.come()
    web, database, seconds = cost.so_far()
    counters = hot_ticket(environment, "--sold", *tickets)
    oversold = sum(max(0, max(counter.values()) - seats) for counter in counters)
    late = crowd.answers.count(409)
    return [
        types,
        at_once,
        f"{len(crowd.done) / seconds:.0f}",
        *places(crowd.done),
        *places(crowd.held),
        f"{web / orders:.1f}",
        f"{database / orders:.1f}",
        f"{len(crowd.done)} + {late}",
        len(crowd.answers) - late,
        oversold,
    ]


def measure_holding(environment, server, tokens, at_once, orders):
    """What the first request alone costs, while there are seats."""
    [ticket] = hot_ticket(environment, "--quantity", 2 * orders + 2)
    crowd = Crowd(server, tokens, [ticket], orders, at_once=at_once, completing=False)
    cost = Cost(environment, server)
    crowd.come()
    web, database, seconds = cost.so_far()
    *_, asked = create(server, tokens[0], crowd.bodies[0])
    speed = f"{len(crowd.held) / seconds:.0f}"
    return [at_once, speed, *places(crowd.held), f"{web / orders:.1f}", f"{database / orders:.1f}", asked]


def places(times):
    """The median, and what one in twenty and one in a hundred waits longer than."""
    cuts = quantiles(times, n=100)
    return [f"{cuts[place - 1]:.0f}" for place in (50, 95, 99)]


def main():
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--crowds", type=int, nargs="+", default=CROWDS, help="how many buyers at once")
    wanted.add_argument("--orders", type=int, default=ORDERS, help="how many orders each crowd tries")
    wanted = wanted.parse_args()
    with databases() as environment:
        prepare(environment)
        tokens = hot_ticket(environment, "--buyers", max(CROWDS))
        with serving(environment, workers=2) as server:
            measure(environment, server, tokens, 1, 16, wanted.orders)  # warm
            holding = [measure_holding(environment, server, tokens, size, wanted.orders) for size in wanted.crowds]
            rows = [
                measure(environment, server, tokens, types, size, wanted.orders)
                for types in TYPES
                for size in wanted.crowds
            ]
    show(
        "2 free tickets of one hot type held by create-order, 2 web processes (aims: ≥ 50/s, p95 ≤ 400 ms up to 16 "
        "buyers, ≤ 15 ms web and ≤ 8 ms PostgreSQL, ≤ 15 queries)",
        ("buyers", "held/s", "p50 ms", "p95", "p99", "web ms", "PostgreSQL ms", "queries"),
        holding,
    )
    show(
        "orders of 2 free tickets made and completed: two requests each (aim: 0 oversold)",
        (
            *("ticket types", "buyers", "completed/s", "completed p50 ms", "p95", "p99", "held p50 ms", "p95", "p99"),
            *("web ms", "PostgreSQL ms", "sold + too late", "failed", "oversold"),
        ),
        rows,
    )


if __name__ == "__main__":
    main()
