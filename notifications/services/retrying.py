"""A mail that was given up, or held back, on its way once more: by whoever keeps the site."""

from django.utils import timezone

from accounts.services.log import record
from notifications.models import BLOCKED, FAILED, QUEUED, Mail, MessageSetting
from notifications.services.delivery import PATIENCE
from notifications.services.mail import resend_mail
from notifications.tasks import deliver_mail
from openevent.core.atomic import after_commit, atomic
from openevent.core.refusals import Refused


@atomic()
def try_again(mail: Mail, *, by) -> None:
    """The same mail, with eight new attempts; 409 if it is not one that was given up or held back."""
    if not MessageSetting.lets(mail.kind):
        raise Refused("mail-switched-off", f"Mails of the kind {mail.kind} are switched off.", status=409)
    changes = {"status": QUEUED, "attempts": 0, "error": "", "next_attempt_at": timezone.now() + PATIENCE}
    if not Mail.objects.filter(pk=mail.pk, status__in=(FAILED, BLOCKED)).update(**changes):
        raise Refused("mail-on-its-way", "This mail is on its way, or was sent.", status=409)
    record("mail.tried-again", by=by, about=mail)
    after_commit(deliver_mail, mail.pk)


@atomic()
def send_once_more(mail: Mail, *, by) -> Mail:
    """A copy, to the same address."""
    copy = resend_mail(mail)
    record("mail.sent-again", by=by, about=mail, copy=copy.pk)
    return copy
