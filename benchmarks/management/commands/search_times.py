"""How long the pages of an event's team take to search, in this process: every query a fresh one."""

import json
import random
import time
from statistics import median, quantiles

from django.core.management.base import BaseCommand
from django.db import connection
from django.db.models import F
from django.test import Client

from accounts.models import User
from benchmarks.machine import cpu_of
from events.models import Event
from orders.models import Attendee, Order

LISTS = {"orders": "/manage/{}/orders", "attendees": "/manage/{}/attendees"}
PLAIN = ("", "an", "status=completed", "status=placed&mode=bank")  # nothing typed, next to nothing, filters alone


class Command(BaseCommand):
    help = "Prints JSON: for each list its p50 and p95 in milliseconds. With --spread the orders go to all events."

    def add_arguments(self, parser):
        parser.add_argument("--times", type=int, default=40)
        parser.add_argument("--spread", action="store_true")
        parser.add_argument("--lists", nargs="+", default=list(LISTS), choices=LISTS)

    def handle(self, *, times, spread, lists, **options):
        if spread:
            spread_out()
        client = Client(SERVER_NAME="localhost")
        client.force_login(User.objects.get(email="ada@example.org"))
        event = Event.objects.get(identifier="harbour1")
        found = {"rows": Order.objects.count(), "here": event.orders.count()}
        for name in lists:
            found[name] = measure(client, LISTS[name].format(event.identifier), queries(event, times))
        self.stdout.write(json.dumps(found))


def measure(client, address, asked):
    """By the clock, and as CPU of this process and its database: on a busy machine the second is what tells."""
    waited, worked = [], []
    client.get(address, {"q": "warm"})
    for query in asked:
        began, cpu = time.monotonic(), cpu_so_far()
        answer = client.get(f"{address}?{query}")
        waited.append((time.monotonic() - began) * 1000)
        worked.append(cpu_so_far() - cpu)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}?{query} answers {answer.status_code}")
    return {
        "p50": median(waited),
        "p95": quantiles(waited, n=20)[-1],
        "cpu_p50": median(worked),
        "cpu_p95": quantiles(worked, n=20)[-1],
        "longest": asked[worked.index(max(worked))],
    }


def cpu_so_far():
    here = time.process_time() * 1000
    if connection.vendor != "postgresql":
        return here
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return here + cpu_of(cursor.fetchone()[0])


def queries(event, times):
    """What people type: parts of names and addresses, codes, two words; and what costs most."""
    dice = random.Random(1)
    people = list(Attendee.objects.filter(event=event).exclude(email=None).order_by("pk")[:2000])
    asked = [plain if "=" in plain else f"q={plain}" for plain in PLAIN]
    while len(asked) < times:
        person = dice.choice(people)
        words = (
            person.firstname[:3],
            person.lastname[1:5],
            f"{person.firstname} {person.lastname[:4]}",
            person.email[4:14],
            person.email,
        )
        asked.append(f"q={dice.choice(words)}")
    code = event.orders.order_by("pk").values_list("identifier", flat=True)[1000]
    return [*asked, f"q={code}", f"q={code[2:7]}", "q=nobodyatall", "q=zz zz"]


def spread_out():
    """Give the orders to all events in turn."""
    ids = list(Event.objects.order_by("pk").values_list("pk", flat=True))
    for number, event_id in enumerate(ids):
        turn = {"turn": number}
        Order.objects.annotate(turn=F("pk") % len(ids)).filter(**turn).update(event=event_id)
        Attendee.objects.annotate(turn=F("order_id") % len(ids)).filter(**turn).update(event=event_id)
