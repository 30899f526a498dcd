"""How long a list takes to become a file, and how much memory, in this process."""

import json
import resource
import time

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.models import User
from events.models import Event
from media_pipeline.storing import remove_stored
from notifications.models import Job
from notifications.models.job import DONE
from notifications.services.working import work_on
from orders.services.exports.columns import chosen_columns
from orders.services.exports.export import KIND, LISTS
from orders.services.exports.files import FORMS


class Command(BaseCommand):
    help = "Prints JSON: rows, seconds, CPU seconds, and the process's memory in MiB before and at its peak."

    def add_arguments(self, parser):
        parser.add_argument("what", choices=LISTS)
        parser.add_argument("form", choices=FORMS)

    def handle(self, *, what, form, **options):
        event = Event.objects.get(identifier="harbour1")
        owner = User.objects.get(email="ada@example.org")
        usual = [column.key for column in chosen_columns(LISTS[what].columns(event), ())]
        arguments = {"what": what, "form": form, "columns": usual, "query": ""}
        # Made by hand, for nobody else is to take it from the queue.
        job = Job.objects.create(user=owner, event_id=event.pk, kind=KIND, title="Benchmark", arguments=arguments)
        before, began, worked = memory(), time.monotonic(), time.process_time()
        work_on(job.pk)
        found = {"seconds": time.monotonic() - began, "cpu": time.process_time() - worked}
        job.refresh_from_db()
        if job.status != DONE:
            raise RuntimeError(job.message)
        remove_stored(job.file_key)
        Job.objects.filter(pk=job.pk).update(file_key="", expires_at=timezone.now())
        found |= {"rows": job.done, "columns": len(usual), "before": before, "peak": memory()}
        self.stdout.write(json.dumps(found))


def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
