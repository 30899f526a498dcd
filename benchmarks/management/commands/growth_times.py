"""What a page of a list costs in a short and in a long table, in this process and in its database."""

import json
from statistics import median

from django.core.management.base import BaseCommand
from django.db import connection
from django.test import Client

from accounts.models import User
from accounts.services.tokens import give_tokens
from benchmarks.management.commands.search_times import cpu_so_far
from events.models import Event, Session
from events.services.create_event import create_event

FEW, MANY, AT_ONCE = 1_000, 100_000, 5_000
FAR = MANY // 50 // 2


class Command(BaseCommand):
    help = "Prints JSON: the CPU milliseconds of pages of 50 sessions, for each place in the list."

    def handle(self, **options):
        owner = User.objects.get(email="ada@example.org")
        api = Client(SERVER_NAME="localhost", headers={"Authorization": f"JWT {give_tokens(owner)['access_token']}"})
        pages = {
            f"page 1 of {FEW:,}": (event_of(FEW, owner), 1),
            f"page 1 of {MANY:,}": (event_of(MANY, owner), 1),
        }
        pages[f"page {FAR:,} of {MANY:,}"] = (pages[f"page 1 of {MANY:,}"][0], FAR)
        self.stdout.write(json.dumps({name: measure(api, *place) for name, place in pages.items()}))


def event_of(count, owner):
    like = Event.objects.get(identifier="harbour1")
    event = create_event(by=owner, name=f"{count} sessions", starts_at=like.starts_at, ends_at=like.ends_at)
    for first in range(0, count, AT_ONCE):
        Session.objects.bulk_create(
            Session(event=event, title=f"Session {number}", state="accepted", short_abstract="What it is about. " * 20)
            for number in range(first, first + AT_ONCE)
            if number < count
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # what a server does by itself within a minute
    return event


def measure(api, event, page):
    """Of that page and those before it, one after the other, as whoever reads the whole list comes there."""
    costs = []
    for number in range(max(page - 40, 0), page) if page > 1 else [0] * 40:
        address = f"/v1/events/{event.pk}/sessions?page[size]=50&page[number]={number + 1}"
        before = cpu_so_far()
        answer = api.get(address)
        costs.append(cpu_so_far() - before)
        if len(answer.json()["data"]) != 50:
            raise RuntimeError(f"{address} answers {answer.status_code}")
    return median(costs)
