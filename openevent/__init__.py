"""openevent: events, tickets and their programme on one's own server."""

from openevent.celery import app as celery_app

__all__ = ["celery_app"]
