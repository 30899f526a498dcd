"""Mails, jobs, and which kinds of message are sent at all."""

from datetime import timedelta
from pathlib import Path

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html
from unfold.widgets import UnfoldAdminSelectWidget

from accounts.admin import address_of, state
from notifications.kinds import MAILS, NOTIFICATIONS, action_of
from notifications.models import (
    BLOCKED,
    FAILED,
    QUEUED,
    SENDING,
    SENT,
    Job,
    Mail,
    MessageSetting,
    Notification,
    NotificationSetting,
)
from notifications.models import job as jobs
from notifications.services.retrying import send_once_more, try_again
from notifications.services.working import SILENCE
from openevent.core.admin import HouseAdmin, Which, column, link_to_row, verb
from openevent.core.admin_site import ATTENTION, Attention
from openevent.core.editing import EditForm

OVERDUE = timedelta(minutes=30)  # the sweeper comes every minute
JOB_STATES = {jobs.WAITING: "", jobs.RUNNING: "info", jobs.DONE: "ok", jobs.FAILED: "bad"}


def mails_nobody_sends():
    return Q(status__in=(QUEUED, SENDING), next_attempt_at__lt=timezone.now() - OVERDUE)


def jobs_nobody_does():
    """Their worker died, or there is none."""
    silent = timezone.now() - SILENCE
    return Q(status=jobs.RUNNING, beat_at__lt=silent) | Q(status=jobs.WAITING, created_at__lt=silent)


@admin.register(Mail)
class MailAdmin(HouseAdmin):
    """What was sent to whom, and how it went. Never what is in it: mails hold links that open doors."""

    section, icon, order = "Mails and jobs", "mail", 1
    list_display = ("created_at", "subject", "recipient", "standing", "kind", "attempts", "about", "reason")
    list_display_links = ("subject",)
    list_filter = ("status", "created_at", "kind")
    search_fields = ("recipient", "subject", "=reference")
    search_help_text = "Part of an address or of a subject, or an order's code"
    which = {
        "failed": Which("Not delivered", lambda: Q(status=FAILED)),
        "blocked": Which("Held back", lambda: Q(status=BLOCKED)),
        "overdue": Which("Nobody sends them", mails_nobody_sends),
    }
    fields = (
        *("subject", "recipient", "sender", "reply_to", "kind", "standing", "attempts", "next_attempt_at", "error"),
        *("asker", "about", "created_at", "sent_at", "message_id"),
    )
    readonly_fields = fields
    actions = ("try_again", "send_once_more")

    def get_queryset(self, request):
        return super().get_queryset(request).defer("text", "html")

    @column("State", order="status")
    def standing(self, mail):
        return state(mail.badge["word"], mail.badge["kind"] or ("ok" if mail.status == SENT else ""))

    @column("About")
    def about(self, mail):
        words = mail.reference or f"{mail.subject_type} {mail.subject_id}".strip()
        address = address_of(mail.subject_type, mail.subject_id)
        return format_html('<a href="{}" class="text-link">{}</a>', address, words) if address else words or "–"

    @column("Error")
    def reason(self, mail):
        return mail.error[:120] or "–"

    @column("Asked for by")
    def asker(self, mail):
        return link_to_row(mail.asked_by) or "nobody: the server sent it by itself"

    @verb("Try again", icon="refresh", asks=False, fits=lambda mail: mail.status in (FAILED, BLOCKED))
    def try_again(self, request, mail):
        try_again(mail, by=request.user)

    @verb("Send once more", icon="forward_to_inbox", fits=lambda mail: mail.status == SENT)
    def send_once_more(self, request, mail):
        send_once_more(mail, by=request.user)


@admin.register(Job)
class JobAdmin(HouseAdmin):
    section, icon, order = "Mails and jobs", "pending_actions", 2
    list_display = ("created_at", "title", "user", "standing", "progress", "beat_at", "finished_at")
    list_display_links = ("title",)
    list_select_related = ("user",)
    list_filter = ("status", "kind")
    search_fields = ("title", "user__email")
    search_help_text = "Part of a title, or of the address of whoever started it"
    which = {
        "failed": Which("Failed", lambda: Q(status=jobs.FAILED)),
        "dead": Which("Nobody does them", jobs_nobody_does),
    }
    fields = ("title", "kind", "user", "event_id", "standing", "progress", "message", "created_at", "beat_at")
    fields += ("finished_at", "file_name", "expires_at")
    readonly_fields = fields

    @column("State", order="status")
    def standing(self, job):
        return state(job.get_status_display(), JOB_STATES[job.status])

    @column("Done")
    def progress(self, job):
        return f"{job.done} of {job.total}" if job.total else str(job.done)


class SwitchForm(EditForm):
    """A kind that has no switch yet; one that has, keeps its name."""

    kind = forms.ChoiceField(widget=UnfoldAdminSelectWidget)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if self.instance.pk:
            del self.fields["kind"]
            return
        taken = set(self._meta.model.objects.values_list(self.column, flat=True))
        self.fields["kind"].choices = [(kind, kind) for kind in sorted(self.kinds() - taken)]

    def save(self, commit=True):
        if kind := self.cleaned_data.get("kind"):
            setattr(self.instance, self.column, kind)
        return super().save(commit)


class MailSwitchForm(SwitchForm):
    column = "action"

    @staticmethod
    def kinds():
        """Those that clients know, and the others that the house has templates for."""
        folders = [Path(folder) for engine in settings.TEMPLATES for folder in engine["DIRS"]]
        found = [path.name for folder in folders for path in folder.glob("mail/*_subject.txt")]
        return {*MAILS, *(action_of(name.removesuffix("_subject.txt")) for name in found)}


class NotificationSwitchForm(SwitchForm):
    column = "type"

    @staticmethod
    def kinds():
        """Those that clients know, and the others that somebody has had."""
        return {*NOTIFICATIONS} | set(Notification.objects.order_by().values_list("kind", flat=True).distinct()) - {""}


class SwitchAdmin(HouseAdmin):
    can_add = can_change = can_delete = True
    section, icon = "Mails and jobs", "toggle_on"

    def get_fields(self, request, obj=None):
        return (self.form.column if obj else "kind", "enabled")

    def get_readonly_fields(self, request, obj=None):
        return (self.form.column,) if obj else ()


@admin.register(MessageSetting)
class MessageSettingAdmin(SwitchAdmin):
    """A kind of mail without a switch is sent."""

    order = 3
    form = MailSwitchForm
    list_display = ("action", "enabled")
    list_filter = ("enabled",)
    search_fields = ("action",)


@admin.register(NotificationSetting)
class NotificationSettingAdmin(SwitchAdmin):
    """A kind of notification without a switch is shown."""

    order = 4
    form = NotificationSwitchForm
    list_display = ("type", "enabled")
    list_filter = ("enabled",)
    search_fields = ("type",)


ATTENTION += [
    Attention("mails not delivered", Mail, "failed", icon="unsubscribe"),
    Attention("mails held back", Mail, "blocked", icon="front_hand"),
    Attention("mails that nobody sends", Mail, "overdue", icon="schedule_send"),
    Attention("jobs that failed", Job, "failed", icon="error"),
    Attention("jobs that nobody does", Job, "dead", icon="hourglass_disabled"),
]
