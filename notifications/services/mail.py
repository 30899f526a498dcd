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
from notifications.models import BLOCKED, QUEUED, Mail, MessageSetting
from notifications.services.attachments import check_recipe
from notifications.services.delivery import PATIENCE
from notifications.services.quota import mails_left, why_held_back
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
    return queue_mail(
        kind, to=to, about=about, attachments=attachments, reply_to=reply_to, by=by, **_written(kind, context)
    )


def send_to_all(
    kind: str, *, to: Iterable[str], context: dict, about: models.Model | None = None, by: User | str | None = None
) -> list[Mail]:
    """The same words to many, each in a mail of their own: rendered once, and written down together."""
    words = _written(kind, context)
    return _queue([_mail(kind, to=address, about=about, **words) for address in to], by=by)


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
    mail = _mail(
        kind,
        to=to,
        subject=subject,
        text=text,
        html=html,
        about=about,
        attachments=attachments,
        reply_to=reply_to,
        sender=sender or _sender(Setting.current()),
    )
    return _queue([mail], by=by)[0]


def resend_mail(mail: Mail, *, to: str | None = None, by: User | str | None = None) -> Mail:
    """The same words and attachments once more, as a mail of its own: the first keeps its history."""
    values = {name: getattr(mail, name) for name in COPIED}
    again = Mail(recipient=_address(to or mail.recipient), sender=_sender(Setting.current()), **values)
    return _queue([again], by=by)[0]


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


def _written(kind, context):
    """What a kind of mail says, by its templates."""
    site = Setting.current()
    context = {"base_url": settings.BASE_URL, "app_name": site.app_name or "openevent", **context}
    context["subject"] = _one_line(render_to_string(f"mail/{kind}_subject.txt", context))
    return {
        "subject": context["subject"],
        "text": render_to_string(f"mail/{kind}.txt", context).strip() + "\n",
        "html": render_to_string(f"mail/{kind}.html", context),
        "sender": _sender(site),
    }


def _mail(kind, *, to, subject, text, html, sender, about=None, attachments=(), reply_to=""):
    return Mail(
        kind=kind,
        recipient=_address(to),
        reply_to=_address(reply_to) if reply_to else "",
        sender=sender,
        subject=_one_line(subject),
        text=text,
        html=html,
        attachments=check_recipe(list(attachments)),
        subject_type=about._meta.model_name if about is not None else "",
        subject_id=str(about.pk) if about is not None else "",
        reference=getattr(about, "identifier", "") or "",
    )


def _queue(mails: list[Mail], *, by=None) -> list[Mail]:
    """Write down mails of one kind, each as waiting or, with the reason, as held back."""
    host, asked_by = urlsplit(settings.BASE_URL).hostname, by if isinstance(by, User) else None
    is_on = all(MessageSetting.lets(kind) for kind in {mail.kind for mail in mails})
    left = mails_left(asked_by) if is_on else 0
    for number, mail in enumerate(mails):
        mail.message_id, mail.asked_by = make_msgid(domain=host), asked_by
        if number < left:
            mail.next_attempt_at = timezone.now() + PATIENCE
        else:
            mail.status, mail.next_attempt_at = BLOCKED, None
            mail.error = why_held_back(asked_by) if is_on else SWITCHED_OFF
    Mail.objects.bulk_create(mails)
    for mail in mails:
        if mail.status == QUEUED:
            after_commit(deliver_mail, mail.pk)
    return mails


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
