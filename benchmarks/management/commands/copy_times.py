"""How long it takes to copy an event with many sessions and speakers, in this process."""

import json
import time
from datetime import timedelta

from django.core.management.base import BaseCommand
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from events.models import Session, Speaker, Track
from events.services.copy_event import copy_event
from events.services.create_event import create_event

TIMES = 3
ABSTRACT = "<p>What we have learnt of <b>boats</b> in a year on the water, and what we would do again.</p>" * 8


class Command(BaseCommand):
    help = "Prints JSON: the best of some copies, in seconds by the clock and of CPU, and how many queries it took."

    def add_arguments(self, parser):
        parser.add_argument("--sessions", type=int, default=500)

    def handle(self, *, sessions, **options):
        ada = User.objects.get(email="ada@example.org")
        event = full_event(ada, sessions)
        waited, worked = [], []
        for _ in range(TIMES):
            began, cpu = time.monotonic(), time.process_time()
            copy_event(event, by=ada)
            waited.append(time.monotonic() - began)
            worked.append(time.process_time() - cpu)
        with CaptureQueriesContext(connection) as asked:
            copy_event(event, by=ada)
        self.stdout.write(json.dumps({"seconds": min(waited), "cpu": min(worked), "queries": len(asked)}))


def full_event(owner, count):
    """As many speakers as sessions, each speaking at one."""
    now = timezone.now()
    event = create_event(by=owner, name="Big", starts_at=now, ends_at=now + timedelta(days=3))
    tracks = Track.objects.bulk_create(Track(event=event, name=f"Track {n}", color="#123456") for n in range(10))
    speakers = Speaker.objects.bulk_create(
        Speaker(event=event, name=f"Speaker {n}", email=f"s{n}@example.org", long_biography=ABSTRACT)
        for n in range(count)
    )
    sessions = Session.objects.bulk_create(
        Session(
            event=event,
            title=f"Talk {n}",
            track=tracks[n % len(tracks)],
            state="accepted",
            long_abstract=ABSTRACT,
            starts_at=now + timedelta(minutes=n),
            ends_at=now + timedelta(minutes=n + 30),
        )
        for n in range(count)
    )
    through = Session.speakers.through
    through.objects.bulk_create(
        through(session=session, speaker=speaker) for session, speaker in zip(sessions, speakers, strict=True)
    )
    return event
