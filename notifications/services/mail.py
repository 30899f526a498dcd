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

from accounts.models import Setting, User
from notifications.models import BLOCKED, Mail, MessageSetting
from notifications.services.attachments import check_recipe
from notifications.services.delivery import PATIENCE
from notifications.services.quota import reason_to_hold_back
from notifications.tasks import deliver_mail
from openevent.core.atomic import after_commit
from openevent.core.cleaning import plain
from openevent.core.refusals import Refused

COPIED = (
    *("kind", "reply_to", "subject", "text", "html", "attachments"),
    *("subject_type", "subject_id", "reference"),
)
SWITCHED_OFF = "The site's staff has switched off mails of this kind."


def send_mail(
    kind: str,
    *,
    to: str,
    context: dict,
    about: models.Model | None = None,
    attachments: Iterable[tuple[str, dict]] = (),
    reply_to: str = "",
    by: User | str | None = None,
) -> Mail:
    """Render `templates/mail/<kind>` (`_subject.txt`, `.txt`, `.html`) and queue it.

    What people wrote comes in through the context alone, never through a template: `{{ 7|add:7 }}` in a name
    is printed as it is. `by` is whoever asked for it by a form: it then counts towards what they may send in a day. A
    mail beyond that, or of a kind that the site's staff has switched off, is written down as blocked, with the reason.
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
        by=by,
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
    by: User | str | None = None,
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
        ),
        by=by,
    )


def resend_mail(mail: Mail, *, to: str | None = None, by: User | str | None = None) -> Mail:
    """The same words and attachments once more, as a mail of its own: the first keeps its history."""
    values = {name: getattr(mail, name) for name in COPIED}
    again = Mail(recipient=_address(to or mail.recipient), sender=_sender(Setting.current()), **values)
    return _queue(again, by=by)


def words_about(mail: Mail) -> str:
    """What to say to whoever has just asked for this mail."""
    if mail.status == BLOCKED:
        return f"The mail to {mail.recipient} is held back. {mail.error}"
    return f"The mail is on its way to {mail.recipient}."


def queue_message(kind: str, message: EmailMultiAlternatives) -> Mail:
    """Queue what another library has composed for one person."""
    html = next((part for part, mimetype in message.alternatives if mimetype == "text/html"), "")
    [recipient] = message.to
    return queue_mail(kind, to=recipient, subject=message.subject, text=message.body, html=html)


def _queue(mail: Mail, *, by=None) -> Mail:
    host = urlsplit(settings.BASE_URL).hostname
    mail.message_id = make_msgid(domain=host)
    mail.asked_by = by if isinstance(by, User) else None
    reason = reason_to_hold_back(mail.asked_by) if MessageSetting.lets(mail.kind) else SWITCHED_OFF
    if reason:
        mail.status, mail.error, mail.next_attempt_at = BLOCKED, reason, None
        mail.save()
        return mail
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
