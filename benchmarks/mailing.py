"""10,000 mails are queued while sixteen people buy, two web processes: `python -m benchmarks.mailing`."""

import time
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles

from benchmarks.machine import ask_command, databases, hot_ticket, prepare, serving
from benchmarks.ordering import Crowd
from benchmarks.tables import show

MAILS, BUYERS, ORDERS = 10_000, 16, 160


def buy(environment, server, tokens):
    """How long each seat took to be held, in milliseconds; and orders completed in a second."""
    [ticket] = hot_ticket(environment, "--quantity", 2 * ORDERS)
    crowd, began = Crowd(server, tokens, [ticket], ORDERS, at_once=BUYERS), time.monotonic()
    crowd.come()
    return crowd.held, len(crowd.done) / (time.monotonic() - began)


def row_of(when, held, speed, *told):
    cuts = quantiles(held, n=20)
    return [when, f"{speed:.0f}", f"{cuts[9]:.0f}", f"{cuts[18]:.0f}", *told]


def main():
    with databases() as environment:
        environment |= {"MAILS_A_DAY": str(10 * MAILS), "NEW_ACCOUNT_DAYS": "0"}
        prepare(environment)
        tokens = hot_ticket(environment, "--buyers", BUYERS)
        ask_command(environment, "mail_times", 0)
        with serving(environment, workers=2) as server, ThreadPoolExecutor(1) as beside:
            buy(environment, server, tokens)  # warm
            rows = [row_of("nothing else", *buy(environment, server, tokens), "", "")]
            mailing = beside.submit(ask_command, environment, "mail_times", MAILS)
            held, speeds = [], []
            while not mailing.done():
                times, speed = buy(environment, server, tokens)
                held, speeds = held + times, [*speeds, speed]
            found = mailing.result()
    queued = f"{found['mails']:,} in {found['seconds']:.1f} s", f"{found['cpu']:.1f}"
    rows.append(row_of("mails are queued", held, sum(speeds) / len(speeds), *queued))
    show(
        f"{MAILS:,} mails to the followers of a group, while {BUYERS} people buy (aims: ≤ 30 s; p95 of held ≤ 400 ms)",
        ("meanwhile", "completed/s", "held p50 ms", "p95", "mails queued", "CPU s"),
        rows,
    )


if __name__ == "__main__":
    main()
