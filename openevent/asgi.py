"""Everything in one process on a laptop; in production only the WebSocket path."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import path, re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openevent.settings")
http = get_asgi_application()  # loads the apps, which everything below needs

from notifications.rooms import NotificationRoom, Nowhere, SubjectRoom  # noqa: E402
from openevent.celery import app as celery_app  # noqa: E402
from openevent.embedded_worker import EmbeddedWorker  # noqa: E402
from orders.demo.providers.running import start_local_providers  # noqa: E402

rooms = URLRouter(
    [
        path("notifs", NotificationRoom.as_asgi()),
        path("rooms/<slug:kind>/<slug:key>", SubjectRoom.as_asgi()),
        re_path(r"", Nowhere.as_asgi()),
    ]
)
application = ProtocolTypeRouter({"http": http, "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(rooms))})

if settings.EMBEDDED_WORKER:
    EmbeddedWorker(celery_app).start()
if settings.LOCAL_PROVIDERS:
    start_local_providers()
