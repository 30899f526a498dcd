"""How long it takes to tell the followers of a group of an event: a mail to each, in this process."""

import json
import time

from django.core.management.base import BaseCommand

from accounts.models import User
from events.models import Event, Group, UserFollowGroup
from events.services.group_news import ANNOUNCING
from notifications.models import Job, Mail
from notifications.models.job import DONE
from notifications.services.working import work_on


class Command(BaseCommand):
    help = "Prints JSON: how many mails were queued, in how many seconds, and CPU seconds of this process."

    def add_arguments(self, parser):
        parser.add_argument("followers", type=int)

    def handle(self, *, followers, **options):
        owner, event = User.objects.get(email="ada@example.org"), Event.objects.get(identifier="harbour1")
        group, _ = Group.objects.get_or_create(user=owner, name="Harbour")
        missing = range(Group.objects.get(pk=group.pk).followers.count(), followers)
        people = User.objects.bulk_create(
            User(email=f"follower{number}@example.org", password="!", is_verified=True) for number in missing
        )
        UserFollowGroup.objects.bulk_create(UserFollowGroup(group=group, user=person) for person in people)
        before = Mail.objects.count()
        # Made by hand, for nobody else is to take it from the queue.
        arguments = {"group": group.pk}
        job = Job.objects.create(user=owner, event_id=event.pk, kind=ANNOUNCING, title="Benchmark", arguments=arguments)
        began, worked = time.monotonic(), time.process_time()
        work_on(job.pk)
        found = {"seconds": time.monotonic() - began, "cpu": time.process_time() - worked}
        job.refresh_from_db()
        if job.status != DONE:
            raise RuntimeError(job.message)
        self.stdout.write(json.dumps(found | {"mails": Mail.objects.count() - before}))
