"""Work that somebody has started: how far it is, what came of it, and the file to download. Its owner's alone."""

from mimetypes import guess_type

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events.models import Event
from events.pages.manage.access import rights_of
from media_pipeline.storing import open_stored
from notifications.models import Job
from notifications.models.job import DONE, FAILED, RUNNING, WAITING
from notifications.services.job_files import has_file, is_expired
from notifications.services.jobs import may_have_file
from orders.badges import Badge

PAGE_SIZE = 25
STATES = {
    WAITING: Badge("Waiting", "", icon="clock"),
    RUNNING: Badge("Under way", "info", icon="loader"),
    DONE: Badge("Done", "ok", icon="circle-check"),
    FAILED: Badge("Failed", "bad", icon="alert-triangle"),
}


@never_cache
@require_safe
@login_required
def my_jobs(request):
    page = Paginator(Job.objects.filter(user=request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    for job in page:
        describe(job)
    return render(request, "manage/jobs/list.html", {"page": page})


@never_cache
@require_safe
@login_required
def job_page(request, pk):
    job = describe(_mine(request, pk))
    if request.htmx:
        return render(request, "manage/jobs/_job.html", {"job": job})
    event = Event.objects.filter(pk=job.event_id, deleted_at=None).first() if job.event_id else None
    request.rights = rights_of(request.user, event) if event else frozenset()
    context = {"job": job, "event": event if request.rights else None}
    return render(request, "manage/jobs/job.html", context)


@never_cache
@require_safe
@login_required
def job_file(request, pk):
    job = _mine(request, pk)
    if job.status != DONE or not job.file_name:
        raise Http404
    if not may_have_file(job):
        raise PermissionDenied
    content = _open(job)
    if content is None:
        return render(request, "manage/jobs/gone.html", {"job": job}, status=410)
    media_type = guess_type(job.file_name)[0] or "application/octet-stream"
    answer = FileResponse(content, as_attachment=True, filename=job.file_name, content_type=media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _mine(request, pk):
    return get_object_or_404(Job, pk=pk, user=request.user)


def _open(job):
    """What is in its file; None once its time is over."""
    if is_expired(job) or not job.file_key:
        return None
    try:
        return open_stored(job.file_key)
    except OSError:
        return None


def describe(job):
    job.badge = STATES[job.status]
    job.has_file = has_file(job)
    job.had_file = job.status == DONE and bool(job.file_name) and not job.has_file
    return job


urlpatterns = [
    path("jobs/", my_jobs, name="jobs"),
    path("jobs/<uuid:pk>", job_page, name="job"),
    path("jobs/<uuid:pk>/file", job_file, name="job-file"),
]
