"""Everything in one process on a laptop; in production only the WebSocket path."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openevent.settings")
application = get_asgi_application()
