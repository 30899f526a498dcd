"""Everything in one process on a laptop; in production only the WebSocket path."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from openevent.celery import app as celery_app
from openevent.embedded_worker import EmbeddedWorker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openevent.settings")
application = get_asgi_application()

if settings.EMBEDDED_WORKER:
    EmbeddedWorker(celery_app).start()
