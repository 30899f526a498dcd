"""The queue: `celery -A openevent worker`, and `celery -A openevent beat` for what happens by the clock."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openevent.settings")
app = Celery("openevent")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
