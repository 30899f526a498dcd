"""Writing a mail down: from its templates to a row that the worker sends once the transaction is safe."""

from collections.abc import Iterable
from email.utils import formataddr, make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import Setting
from notifications.models import Mail
from notifications.services.attachments import check_recipe
from notifications.services.delivery import PATIENCE
from notifications.tasks import deliver_mail
from openevent.core.atomic import after_commit
from openevent.core.cleaning import plain
from openevent.core.refusals import Refused

COPIED = (
    *("kind", "reply_to", "subject", "text", "html", "attachments"),
    *("subject_type", "subject_id", "reference"),
)


def send_mail(
    kind: str,
    *,
    to: str,
    context: dict,
    about: models.Model | None = None,
    attachments: Iterable[tuple[str, dict]] = (),
    reply_to: str = "",
) -> Mail:
    """Render `templates/mail/<kind>` (`_subject.txt`, `.txt`, `.html`) and queue it.

    What people wrote comes in through the context alone, never through a template: `{{ 7|add:7 }}` in a name
    is printed as it is.
    """
    site = Setting.current()
    context = {"base_url": settings.BASE_URL, "app_name": site.app_name or "openevent", **context}
    context["subject"] = _one_line(render_to_string(f"mail/{kind}_subject.txt", context))
    return queue_mail(
        kind,
        to=to,
        subject=context["subject"],
        text=render_to_string(f"mail/{kind}.txt", context).strip() + "\n",
        html=render_to_string(f"mail/{kind}.html", context),
        about=about,
        attachments=attachments,
        reply_to=reply_to,
        sender=_sender(site),
    )


def queue_mail(
    kind: str,
    *,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    about: models.Model | None = None,
    attachments: Iterable[tuple[str, dict]] = (),
    reply_to: str = "",
    sender: str = "",
) -> Mail:
    """Queue a mail that is written already."""
    return _queue(
        Mail(
            kind=kind,
            recipient=_address(to),
            reply_to=_address(reply_to) if reply_to else "",
            sender=sender or _sender(Setting.current()),
            subject=_one_line(subject),
            text=text,
            html=html,
            attachments=check_recipe(list(attachments)),
            subject_type=about._meta.model_name if about is not None else "",
            subject_id=str(about.pk) if about is not None else "",
            reference=getattr(about, "identifier", "") or "",
        )
    )


def resend_mail(mail: Mail, *, to: str | None = None) -> Mail:
    """The same words and attachments once more, as a mail of its own: the first keeps its history."""
    values = {name: getattr(mail, name) for name in COPIED}
    return _queue(Mail(recipient=_address(to or mail.recipient), sender=_sender(Setting.current()), **values))


def queue_message(kind: str, message: EmailMultiAlternatives) -> Mail:
    """Queue what another library has composed for one person."""
    html = next((part for part, mimetype in message.alternatives if mimetype == "text/html"), "")
    [recipient] = message.to
    return queue_mail(kind, to=recipient, subject=message.subject, text=message.body, html=html)


def _queue(mail: Mail) -> Mail:
    host = urlsplit(settings.BASE_URL).hostname
    mail.message_id = make_msgid(domain=host)
    mail.next_attempt_at = timezone.now() + PATIENCE
    mail.save()
    after_commit(deliver_mail, mail.pk)
    return mail


def _address(text: str) -> str:
    """One bare address. A line break would begin another header, so it is refused, not cleaned."""
    if not _is_address(text):
        raise Refused("bad-address", "This is not an e-mail address that mail can be sent to.")
    return text


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _one_line(subject: str) -> str:
    return plain(subject)[:300]


def _sender(site: Setting) -> str:
    if not _is_address(site.email_from):  # a slip in the settings must not keep tickets from people
        return settings.DEFAULT_FROM_EMAIL
    return formataddr((_one_line(site.email_from_name or ""), site.email_from))
