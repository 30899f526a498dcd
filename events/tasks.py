"""Work by the clock for events."""

from celery import shared_task

from events.services.after_event import close_events as close


@shared_task
def close_events():
    close()
