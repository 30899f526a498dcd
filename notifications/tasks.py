"""Sending mail outside of requests."""

from celery import shared_task

from notifications.services.delivery import deliver, waiting_mails


@shared_task
def deliver_mail(mail_id):
    deliver(mail_id)


@shared_task
def send_waiting_mails():
    """By the clock: second attempts, and what was queued while no worker was there."""
    for mail_id in waiting_mails():
        deliver_mail.delay(mail_id)
