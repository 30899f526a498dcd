"""Doing a job in the worker: it is taken once, tells how far it is, and never stays “running” when its worker died.

Which run of a job is the true one is told by `beat_at`: whoever works on it writes the moment, and may go on only
while the moment in the row is the one it wrote. So a worker that was thought dead stops as soon as it notices.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import BinaryIO, NamedTuple

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from media_pipeline.storing import remove_stored, store_private
from notifications.models.job import DONE, FAILED, RUNNING, WAITING, Job
from notifications.services.notify import notify
from openevent.core.cleaning import plain
from openevent.core.refusals import Refused

log = logging.getLogger(__name__)

FILES = "job-files"  # a private purpose: nothing below it is served by its name
PATIENCE = timedelta(minutes=3)  # before a job that the queue should have begun is looked for
SILENCE = timedelta(minutes=5)  # after which whoever worked on it must have died
LONGEST = timedelta(hours=2)  # after which a job is not begun once more
SECONDS_BETWEEN = 0.5  # of progress, which is a write
LEFT_ALONE = timedelta(seconds=10)  # while whoever waits still looks at the page
STOPPED = "It was interrupted before it was done. Start it again."
BROKEN = "Something went wrong on our side, and it was written down. Start it again."


class Kind(NamedTuple):
    run: Callable[..., str]
    may_have: Callable[[Job], bool]
    is_repeatable: bool


_kinds: dict[str, Kind] = {}


class TakenAway(Exception):
    """Somebody else works on this job, or it was given up: this run is to stop."""


def register_job(kind: str, run: Callable[..., str], *, may_have=None, is_repeatable: bool = False) -> None:
    """From an AppConfig.ready(): `register_job("attendees-export", export, may_have=is_still_on_the_team)`.

    `run(job, **arguments)` does the work as `job.user` and says what came of it. A repeatable one is begun again
    when its worker died. `may_have(job)` is asked whenever its file is fetched, for people leave teams.
    """
    _kinds[kind] = Kind(run, may_have or (lambda job: True), is_repeatable)


def check_kind(kind: str) -> str:
    if kind not in _kinds:
        raise LookupError(f"No app does the job {kind}.")
    return kind


def may_have_file(job: Job) -> bool:
    return job.kind in _kinds and _kinds[job.kind].may_have(job)


def work_on(job_id: str) -> None:
    """Do it if it waits to be done. Two workers may ask at once: one of them finds it taken."""
    now = timezone.now()
    if not Job.objects.filter(pk=job_id, status=WAITING).update(status=RUNNING, beat_at=now, done=0, total=None):
        return
    job = Job.objects.select_related("user").get(pk=job_id)
    try:
        _finish(job, *_outcome(job))
        _tell_owner(job)
    except TakenAway:
        log.warning("job %s goes on elsewhere, or was given up", job.pk)


def _outcome(job):
    try:
        return DONE, _kinds[job.kind].run(job, **job.arguments) or ""
    except TakenAway:
        raise
    except Refused as refused:
        return FAILED, str(refused)
    except Exception:
        log.exception("job %s (%s) failed", job.pk, job.kind)
        return FAILED, BROKEN


def progress(job: Job, done: int, total: int | None = None) -> None:
    """Say how far it is, as often as you like: it is written down twice a second at most.

    Outside of transactions, or nobody sees it before their end.
    """
    job.done, job.total = done, total if total is not None else job.total
    last = getattr(job, "told_at", None)
    if last is None or monotonic() - last >= SECONDS_BETWEEN:
        job.told_at = monotonic()
        _beat(job, done=job.done, total=job.total)


def keep_file(job: Job, name: str, opened_file: BinaryIO) -> None:
    """Keep what came of it for its owner to download under this name, for a day or so."""
    former, key = job.file_key, store_private(opened_file, purpose=FILES)
    expires_at = timezone.now() + settings.JOB_FILE_LIFETIME
    try:
        _beat(job, file_key=key, file_name=plain(name).replace("/", "-")[:200] or "file", expires_at=expires_at)
    except TakenAway:
        remove_stored(key)
        raise
    job.file_key = key
    if former:
        remove_stored(former)


def _finish(job, status, message):
    job.status, job.message, job.finished_at = status, message, timezone.now()
    _beat(job, status=status, message=message, finished_at=job.finished_at, done=job.done, total=job.total)


def _tell_owner(job):
    """Behind the bell, if it took so long that they have gone elsewhere."""
    if job.finished_at - job.created_at < LEFT_ALONE:
        return
    ended = "is done" if job.status == DONE else "failed"
    action = reverse("job", args=[job.pk])
    notify(job.user, f"job.{job.status}", title=f"{job.title} {ended}", message=escape(job.message), action=action)


def _beat(job, **changes):
    now = timezone.now()
    if not Job.objects.filter(pk=job.pk, status=RUNNING, beat_at=job.beat_at).update(beat_at=now, **changes):
        raise TakenAway
    job.beat_at = now


# ── By the clock ─────────────────────────────────────────────────────────────────────────────────────


def jobs_to_begin(limit: int = 100) -> list[str]:
    """What no worker has begun, and what may be begun again after its worker died. Asking puts them off for a while."""
    now = timezone.now()
    _end_silent_jobs(now)
    forgotten = Q(beat_at=None, created_at__lt=now - PATIENCE) | Q(beat_at__lt=now - PATIENCE)
    found = Job.objects.filter(forgotten, status=WAITING).order_by("created_at").values_list("pk", flat=True)
    ids = list(found[:limit])
    Job.objects.filter(pk__in=ids, status=WAITING).update(beat_at=now)
    return [str(pk) for pk in ids]


def _end_silent_jobs(now):
    repeatable = [name for name, kind in _kinds.items() if kind.is_repeatable]
    silent = Job.objects.filter(status=RUNNING, beat_at__lt=now - SILENCE)
    again = silent.filter(kind__in=repeatable, created_at__gt=now - LONGEST)
    again.update(status=WAITING, beat_at=now - PATIENCE - timedelta(seconds=1))
    silent.update(status=FAILED, message=STOPPED, finished_at=now)


def remove_old_files() -> int:
    """Remove the files whose time is over; their rows stay as history. How many."""
    old = list(Job.objects.filter(expires_at__lte=timezone.now()).exclude(file_key=""))
    for job in old:
        remove_stored(job.file_key)
        Job.objects.filter(pk=job.pk, file_key=job.file_key).update(file_key="")
    return len(old)
