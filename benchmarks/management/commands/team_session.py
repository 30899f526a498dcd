"""What a benchmark of live rooms needs of the database: the cookie of somebody who watches an event."""

import json

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management.base import BaseCommand

from accounts.models import User


class Command(BaseCommand):
    help = "Prints JSON: the session cookie of the demo's organizer."

    def handle(self, **options):
        user, session = User.objects.get(email="ada@example.org"), SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "accounts.backends.EmailBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        self.stdout.write(json.dumps(f"{settings.SESSION_COOKIE_NAME}={session.session_key}"))
