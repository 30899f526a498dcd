"""What other machines ask a server: which version it is, and whether it is well."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from openevent.celery import app


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
