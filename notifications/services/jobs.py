"""Work that takes longer than a page may: started here, done by the worker, watched at /manage/jobs/."""

from accounts.services.log import record
from notifications.models.job import RUNNING, WAITING, Job
from notifications.services.working import check_kind, keep_file, may_have_file, progress, register_job
from notifications.tasks import run_job
from openevent.core.atomic import after_commit, atomic
from openevent.core.refusals import Refused

__all__ = ["keep_file", "may_have_file", "progress", "register_job", "start_job"]

MOST_AT_ONCE = 5


def start_job(kind: str, *, by, title: str, event_id: int | None = None, **arguments) -> Job:
    """Begin a registered kind of work once the transaction is safe, and tell where to watch it: `job`, by its id.

    The arguments are JSON. Whether `by` may do this is for the caller to ask; what runs later asks again. 429 to
    those who have too many under way.
    """
    with atomic():
        if Job.objects.filter(user=by, status__in=(WAITING, RUNNING)).count() >= MOST_AT_ONCE:
            detail = f"{MOST_AT_ONCE} of your jobs are under way. Wait until one of them is done."
            raise Refused("too-many-jobs", detail, status=429, retry_after=30)
        job = Job.objects.create(
            user=by, event_id=event_id, kind=check_kind(kind), title=title[:300], arguments=arguments
        )
        record("job.started", by=by, about=job, event_id=event_id, kind=kind)
        after_commit(run_job, str(job.pk))
        return job
