"""Work outside of requests: sending mail, and jobs that people wait for."""

from celery import shared_task

from notifications.services.delivery import deliver, waiting_mails
from notifications.services.working import jobs_to_begin, remove_old_files, work_on


@shared_task
def deliver_mail(mail_id):
    deliver(mail_id)


@shared_task
def send_waiting_mails():
    """By the clock: second attempts, and what was queued while no worker was there."""
    for mail_id in waiting_mails():
        deliver_mail.delay(mail_id)


@shared_task
def run_job(job_id):
    work_on(job_id)


@shared_task
def run_waiting_jobs():
    """By the clock: what was started while no worker was there, and what was left by one that died."""
    for job_id in jobs_to_begin():
        run_job.delay(job_id)


@shared_task
def remove_old_job_files():
    remove_old_files()
