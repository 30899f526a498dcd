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

    An order is made with its seats held, and then completed, as clients do: two requests. `held` and `done` are the
    milliseconds until the one and until the other; `answers` what was said to whoever got none.
    """

    def __init__(self, server, tokens, tickets, orders):
        self.server, self.tokens, self.orders = server, tokens, orders
        self.bodies = [json.dumps({"tickets": [{"id": ticket, "quantity": 2}]}) for ticket in tickets]
        self.held, self.done, self.answers = [], [], []

    def come(self):
        with ThreadPoolExecutor(len(self.tokens)) as pool:
            list(pool.map(self.order, range(self.orders)))

    def order(self, number):
        token = self.tokens[number % len(self.tokens)]
        began = time.monotonic()

        def ask(method, path, body, kind):
            answer, content = self.server.ask(
                method, path, body, {"Authorization": f"JWT {token}", "Content-Type": kind}
            )
            return answer.status, content, (time.monotonic() - began) * 1000

        body = self.bodies[number % len(self.bodies)]
        status, content, spent = ask("POST", "/v1/orders/create-order", body, "application/json")
        if status != 200:
            self.answers.append(status)
            return
        self.held.append(spent)
        order = json.loads(content)["data"]["id"]
        wish = {"data": {"type": "order", "id": order, "attributes": {"status": "completed"}}}
        status, _, spent = ask("PATCH", f"/v1/orders/{order}", json.dumps(wish), JSONAPI)
        if status == 200:
            self.done.append(spent)
        else:
            self.answers.append(status)


def measure(environment, server, tokens, types, orders):
    """One line of the table. The seats are for all orders but the last `LATE`, or a tenth of few."""
    seats = 2 * ((orders - min(LATE, orders // 10)) // types)
    tickets = hot_ticket(environment, "--quantity", seats, "--types", types)
    crowd = Crowd(server, tokens, tickets, orders)
    web, database, began = server.cpu(), postgres_cpu(environment), time.monotonic()
    crowd.come()
    seconds = time.monotonic() - began
    web, database = server.cpu() - web, postgres_cpu(environment) - database
    counters = hot_ticket(environment, "--sold", *tickets)
    oversold = sum(max(0, max(counter.values()) - seats) for counter in counters)
    late = crowd.answers.count(409)
    return [
        types,
        len(tokens),
        f"{len(crowd.done) / seconds:.0f}",
        *places(crowd.done),
        *places(crowd.held),
        f"{web / orders:.1f}",
        f"{database / orders:.1f}",
        f"{len(crowd.done)} + {late}",
        len(crowd.answers) - late,
        oversold,
    ]


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
        tokens = hot_ticket(environment, "--buyers", max(wanted.crowds))
        with serving(environment, workers=2) as server:
            measure(environment, server, tokens[:16], 1, wanted.orders)  # warm
            rows = [
                measure(environment, server, tokens[:size], types, wanted.orders)
                for types in TYPES
                for size in wanted.crowds
            ]
    show(
        "orders of 2 free tickets made and completed, 2 web processes (aims: ≥ 50/s, seats held within 400 ms for 95 "
        "of 100 of up to 16 buyers, 0 oversold)",
        (
            *("ticket types", "buyers", "completed/s", "completed p50 ms", "p95", "p99", "held p50 ms", "p95", "p99"),
            *("web ms", "PostgreSQL ms", "sold + too late", "failed", "oversold"),
        ),
        rows,
    )


if __name__ == "__main__":
    main()
