"""Handing a mail to the mail server: once, again later if it is away, never if it says no."""

import logging
from datetime import timedelta
from smtplib import SMTPDataError, SMTPNotSupportedError, SMTPRecipientsRefused

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import F, Q
from django.utils import timezone

from notifications.models import FAILED, QUEUED, SENDING, SENT, Mail
from notifications.services.attachments import build_attachments
from openevent.core.atomic import refuse_inside_work

log = logging.getLogger(__name__)

MINUTES_BETWEEN = (1, 5, 15, 60, 180, 360, 720)  # eight attempts within a day
SECONDS_FOR_SERVER = 20
PATIENCE = timedelta(minutes=3)  # before a mail that the queue should have sent is looked for
STALE = timedelta(minutes=15)  # after which whoever was sending it must have died


def deliver(mail_id: int) -> None:
    """Send it if it waits to be sent. Two workers may ask at once: one of them finds it taken."""
    refuse_inside_work()
    now = timezone.now()
    taken = Mail.objects.filter(pk=mail_id, status=QUEUED).update(
        status=SENDING, attempts=F("attempts") + 1, next_attempt_at=now + STALE
    )
    if not taken:
        return
    mail = Mail.objects.get(pk=mail_id)
    try:
        compose(mail).send()
    except Exception as problem:  # whatever it was, the row must not stay "sending"
        _note_failure(mail, problem)
    else:
        _note(mail, status=SENT, sent_at=timezone.now(), next_attempt_at=None, error="")


def compose(mail: Mail) -> EmailMultiAlternatives:
    # The same id on every attempt: if the mail server's answer got lost, the second copy is known as one.
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=mail.sender,
        to=[mail.recipient],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
        connection=get_connection(timeout=SECONDS_FOR_SERVER),
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    for file in build_attachments(mail.attachments):
        message.attach(file.name, file.content, file.mimetype)
    return message


def waiting_mails(limit: int = 500) -> list[int]:
    """The mails whose time has come, also those of a worker that died. Asking puts them off for a while."""
    now = timezone.now()
    due = Q(next_attempt_at__lte=now, status__in=(QUEUED, SENDING))
    ids = list(Mail.objects.filter(due).order_by("next_attempt_at").values_list("pk", flat=True)[:limit])
    Mail.objects.filter(due, pk__in=ids).update(status=QUEUED, next_attempt_at=now + STALE)
    return ids


def is_final(problem: Exception) -> bool:
    """Whether the mail server has said no to this mail: asking again would only annoy it."""
    if isinstance(problem, SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in problem.recipients.values())
    if isinstance(problem, SMTPDataError):
        return problem.smtp_code >= 500
    return isinstance(problem, SMTPNotSupportedError)


def _note_failure(mail: Mail, problem: Exception) -> None:
    if is_final(problem) or mail.attempts > len(MINUTES_BETWEEN):
        log.warning("mail %s is given up: %s", mail.pk, type(problem).__name__)
        _note(mail, status=FAILED, next_attempt_at=None, error=_reason(problem))
        return
    wait = timedelta(minutes=MINUTES_BETWEEN[mail.attempts - 1])
    log.info("mail %s is tried again: %s", mail.pk, type(problem).__name__)
    _note(mail, status=QUEUED, next_attempt_at=timezone.now() + wait, error=_reason(problem))


def _note(mail: Mail, **changes) -> None:
    Mail.objects.filter(pk=mail.pk, status=SENDING).update(**changes)


def _reason(problem: Exception) -> str:
    """What the mail server answered, in its words; else what went wrong here."""
    if isinstance(problem, SMTPRecipientsRefused):
        answers = [f"{code} {_words(answer)}" for code, answer in problem.recipients.values()]
        return "; ".join(answers)[:1000]
    if answer := getattr(problem, "smtp_error", None):
        return f"{problem.smtp_code} {_words(answer)}"[:1000]
    return f"{type(problem).__name__}: {problem}"[:1000]


def _words(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
