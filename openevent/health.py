"""What other machines ask a server: which version it is, whether it is well, and what it runs on."""

import platform

import django
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError
from rest_framework.authentication import BasicAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from accounts.api.both_shapes import PlainView
from openevent.celery import app
from openevent.core.limits import client_address, limit
from openevent.core.policies import is_site_staff


@require_safe
def info(request):
    return JsonResponse({"build": {"version": settings.VERSION}})


@require_safe
def health_check(request):
    """200 when the database answers, is migrated, and the queue takes work; 500 with what is wrong otherwise."""
    found = {"database": database_state(), "queue": queue_state()}
    well = all(state == "ok" for state in found.values())
    return JsonResponse({"status": "ok" if well else "failing", **found}, status=200 if well else 500)


def database_state():
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "no answer"
    return "not migrated" if missing else "ok"


def queue_state():
    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (OperationalError, OSError):
        return "no answer"
    return "ok"


class EnvironmentView(PlainView):
    """What this server runs on, for those who keep the site: nothing that would help whoever overhears it."""

    authentication_classes = (BasicAuthentication,)
    sign_in_first = True

    def get(self, request):
        limit("environment", client_address(request), "10/m")
        if not is_site_staff(request.user):
            raise PermissionDenied
        return Response(
            {
                "version": settings.VERSION,
                "python": platform.python_version(),
                "django": django.get_version(),
                "database": connection.vendor,
                "queue": "redis" if settings.REDIS_URL else "files",
                "storage": "bucket" if settings.STORAGE_BUCKET else "files",
                "is_demo": settings.DEMO,
            },
            headers={"Cache-Control": "no-store"},
        )
