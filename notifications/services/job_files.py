"""The file that came of a job: for its owner alone, for a day, by a link that holds for minutes."""

from typing import BinaryIO

from django.utils import timezone

from media_pipeline.storing import open_stored
from notifications.models.job import DONE, Job
from notifications.services.working import may_have_file
from openevent.core.refusals import Refused
from openevent.core.tokens import read_claim, sign_claim

PURPOSE, SECONDS = "job-file", 300


def has_file(job: Job) -> bool:
    return job.status == DONE and bool(job.file_key) and not is_expired(job)


def is_expired(job: Job) -> bool:
    return job.expires_at is not None and job.expires_at <= timezone.now()


def sign_link(job: Job) -> str:
    """Names the job, its owner and its file: whoever has it may fetch that within five minutes."""
    return sign_claim([str(job.pk), job.user_id, job.file_key], purpose=PURPOSE)


def read_link(link: str) -> Job:
    """The job that a link was made for; 403 if it is none of ours or was revoked, 410 if it is too old."""
    pk, user_id, file_key = read_claim(link, purpose=PURPOSE, seconds=SECONDS)
    job = Job.objects.select_related("user").filter(pk=pk, user=user_id, file_key=file_key).first()
    if job is None:
        raise _gone()
    if not job.user.is_active or not may_have_file(job):
        raise Refused("link-revoked", "This file is no longer for you.", status=403)
    return job


def file_of(job: Job) -> tuple[Job, BinaryIO]:
    """The job with its opened file; 410 once its time is over."""
    if not has_file(job):
        raise _gone()
    try:
        return job, open_stored(job.file_key)
    except OSError:
        raise _gone() from None


def _gone():
    return Refused("file-gone", "This file is no longer kept. Make it anew.", status=410)
