"""How far a job is, as old clients ask for it; its file by a link that needs no header; and imports as rows."""

from mimetypes import guess_type

from django.conf import settings
from django.http import FileResponse, Http404
from django.urls import reverse
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications.models import ImportJob, Job
from notifications.services.job_files import file_of, has_file, read_link, sign_link
from openevent.core.describing import says
from openevent.core.serializers import ResourceSerializer, find_by_key
from openevent.core.viewsets import ResourceViewSet


class TaskView(APIView):
    """Clients know only WAITING and SUCCESS; anything else is a failure to them, so that is said for nothing else."""

    @says(answers={"state": ("WAITING", "SUCCESS", "FAILURE"), "result?": dict | str})
    def get(self, request, key):
        own = Job.objects.filter(user=request.user.pk) if request.user.is_authenticated else Job.objects.none()
        job = find_by_key(own, key)
        if job is None:
            raise Http404
        if not job.is_over:
            return Response({"state": job.task_state})
        return Response({"state": job.task_state, "result": result_of(job)})


def result_of(job):
    if job.task_state == "FAILURE":
        return job.message
    if not has_file(job):
        return {"message": job.message}
    return {"download_url": settings.BASE_URL + reverse("task-file", args=[sign_link(job)])}


class TaskFileView(APIView):
    """The file behind a link that was given to its owner a moment ago: the link is the credential."""

    authentication_classes = ()

    @says(answers="application/octet-stream")
    def get(self, request, link):
        job, content = file_of(read_link(link))
        media_type = guess_type(job.file_name)[0] or "application/octet-stream"
        answer = FileResponse(content, as_attachment=True, filename=job.file_name, content_type=media_type)
        answer["Cache-Control"] = "private, no-store"
        answer["X-Content-Type-Options"] = "nosniff"
        return answer


class ImportJobSerializer(ResourceSerializer):
    class Meta:
        model = ImportJob
        fields = ("task", "starts_at", "result", "result_status")


class ImportJobViewSet(ResourceViewSet):
    """Imports begin with their file, at an address of their own; here one reads what became of them."""

    serializer_class = ImportJobSerializer
