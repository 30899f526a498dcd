"""People, the site's settings and the log, as those who keep the site see them."""

from datetime import timedelta
from urllib.parse import urlencode

from django import forms
from django.apps import apps
from django.contrib import admin
from django.db.models import Q
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.html import format_html
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminPasswordWidget

from accounts.models import (
    Activity,
    CustomSystemRole,
    Page,
    PanelPermission,
    Setting,
    User,
    UserEmail,
    UserPermission,
)
from accounts.models.setting import SECRETS
from accounts.services.blocking import block, unblock
from accounts.services.close_account import close_account
from accounts.services.email import ask_to_verify, mark_verified
from accounts.services.log import record
from openevent.core.admin import HouseAdmin, OneRowAdmin, Which, column, log_book, verb
from openevent.core.admin_site import ATTENTION, FIGURES, Attention, Figure, list_address, row_address
from openevent.core.editing import EditForm
from openevent.core.policies import is_superadmin

NEW = timedelta(days=7)
FLAGS = ("is_admin", "is_auditor", "is_sales_admin", "is_marketer")
BY_SUPERADMINS = ("is_admin", "is_auditor")  # the others by every admin
KNOWN_BY = ("first_name", "last_name", "public_name")
BILLING = (
    *("company", "billing_contact_name", "billing_phone", "billing_address", "billing_zip_code", "billing_city"),
    *("billing_state", "billing_country", "billing_tax_info", "billing_additional_info"),
)


@admin.register(User)
class UserAdmin(HouseAdmin):
    """Addresses, passwords and who is shut out change by verbs and by their owners, never by a form here."""

    section, icon, order = "People", "person", 1
    can_change = True
    list_display = ("person", "email", "part", "standing", "created_at", "last_accessed_at")
    list_filter = ("is_super_admin", "is_admin", "is_auditor", "is_verified", "is_blocked")
    search_fields = ("email", *KNOWN_BY, "company")
    search_help_text = "Part of an e-mail address, a name or a company"
    date_hierarchy = "created_at"
    ordering = ("-pk",)
    which = {
        "new": Which("New in the last 7 days", lambda: Q(created_at__gte=timezone.now() - NEW)),
        "open": Which("Open accounts", lambda: Q(deleted_at=None)),
        "closed": Which("Closed accounts", lambda: ~Q(deleted_at=None)),
    }
    fieldsets = (
        (None, {"fields": ("email", *KNOWN_BY, "contact", "language_prefrence", "details")}),
        ("Rights", {"fields": ("is_super_admin", *FLAGS)}),
        ("Standing", {"fields": ("is_verified", "is_blocked", "created_at", "last_accessed_at", "deleted_at")}),
        ("Billing", {"fields": BILLING}),
    )
    fixed = (
        *("email", "is_super_admin", "is_verified", "is_blocked", "created_at", "last_accessed_at", "deleted_at"),
        "details",
    )
    actions = ("verify", "send_verification", "block", "unblock", "close")

    def get_readonly_fields(self, request, obj=None):
        return self.fixed if is_superadmin(request.user) else (*self.fixed, *BY_SUPERADMINS)

    @column("Name", order="first_name")
    def person(self, user):
        return user.full_name or user.public_name or "–"

    @column("Part")
    def part(self, user):
        parts = {
            "Superadmin": user.is_super_admin,
            "Admin": user.is_admin and not user.is_super_admin,
            "Auditor": user.is_auditor,
            "Sales admin": user.is_sales_admin,
            "Marketer": user.is_marketer,
        }
        return ", ".join(part for part, held in parts.items() if held) or "–"

    @column("Standing")
    def standing(self, user):
        if user.deleted_at:
            return state("Closed", "")
        if user.is_blocked:
            return state("Blocked", "bad")
        return state("Verified", "ok") if user.is_verified else state("Not verified", "warn")

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if flags := {name: getattr(obj, name) for name in FLAGS if name in form.changed_data}:
            record("user.flags-changed", by=request.user, about=obj, **flags)

    @verb("Say that the address is proven", icon="verified", fits=lambda user: not user.is_verified)
    def verify(self, request, user):
        mark_verified(user, by=request.user)

    @verb("Mail the link that proves the address", icon="mail", asks=False, fits=lambda user: not user.is_verified)
    def send_verification(self, request, user):
        ask_to_verify(user, request=request)
        record("user.verification-mailed", by=request.user, about=user)

    @verb("Block", icon="block", is_harm=True, fits=lambda user: not user.is_blocked)
    def block(self, request, user):
        block(user, by=request.user)

    @verb("Unblock", icon="lock_open", fits=lambda user: user.is_blocked)
    def unblock(self, request, user):
        unblock(user, by=request.user)

    @verb("Close the account", icon="person_off", is_harm=True, fits=lambda user: user.deleted_at is None)
    def close(self, request, user):
        close_account(user, by=request.user)


def secret_fields():
    """For each secret a box that is always empty: what is in the database never reaches a page."""
    return {
        f"new_{name}": forms.CharField(
            required=False,
            max_length=Setting._meta.get_field(name).max_length,
            label=Setting._meta.get_field(name).verbose_name.capitalize(),
            widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        )
        for name in SECRETS
    }


class SettingFields(EditForm):
    forget = forms.MultipleChoiceField(
        required=False, label="Forget these secrets", widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        is_set = [name for name in SECRETS if getattr(self.instance, name)]
        for name in SECRETS:
            if field := self.fields.get(f"new_{name}"):
                field.help_text = "Is set. Leave this empty to keep it." if name in is_set else "Not set."
        if "forget" in self.fields:
            names = [(name, Setting._meta.get_field(name).verbose_name.capitalize()) for name in is_set]
            self.fields["forget"].choices = names


SettingForm = type("SettingForm", (SettingFields,), secret_fields())
SECTIONS = {  # the rest is said in the first
    "Pages and links": ("_url", "cookie_", "frontend"),
    "Billing of the site": ("admin_", "invoice_sending"),
    "Payment": ("stripe_", "paypal_", "omise_", "alipay_", "paytm_", "is_paytm"),
    "Mail": ("email_", "smtp_"),
    "Storage": ("storage_", "aws_", "gs_", "static_domain", "logo_size", "image_size", "slide_size"),
    "Sign-in with others": ("google_", "fb_", "tw_", "in_", "is_google_recaptcha"),
}


def fieldsets_of_settings():
    columns = [one.name for one in Setting._meta.concrete_fields if not one.primary_key and one.name not in SECRETS]
    sections = {"General": []} | {title: [] for title in SECTIONS}
    for name in columns:
        fits = (title for title, parts in SECTIONS.items() if name.startswith(parts) or name.endswith(parts))
        sections[next(fits, "General")].append(name)
    return [(title, {"fields": names}) for title, names in sections.items()]


@admin.register(Setting)
class SettingAdmin(OneRowAdmin):
    section, icon, order = "Site", "settings", 1
    form = SettingForm

    def get_fieldsets(self, request, obj=None):
        if self.has_change_permission(request, obj):
            secrets = ("Secrets", {"fields": [*(f"new_{name}" for name in SECRETS), "forget"]})
        else:
            secrets = ("Secrets", {"fields": ["secrets_set"]})
        return [*fieldsets_of_settings(), secrets]

    def get_readonly_fields(self, request, obj=None):
        return () if self.has_change_permission(request, obj) else ("secrets_set",)

    @column("Secrets that are set")
    def secrets_set(self, setting):
        return ", ".join(name for name in SECRETS if getattr(setting, name)) or "none"

    def save_model(self, request, obj, form, change):
        typed = {name: form.cleaned_data.get(f"new_{name}") for name in SECRETS}
        changed = {name: value for name, value in typed.items() if value}
        changed |= {name: None for name in form.cleaned_data.get("forget", ()) if name not in changed}
        for name, value in changed.items():
            setattr(obj, name, value)
        if changed:
            obj.save(update_fields=sorted(changed))
        super().save_model(request, obj, form, change)


@admin.register(UserEmail)
class UserEmailAdmin(HouseAdmin):
    """Its owner keeps it."""

    section, icon, order = "People", "alternate_email", 5
    list_display = ("email_address", "type", "user", "deleted_at")
    list_select_related = ("user",)
    search_fields = ("email_address", "user__email")
    ordering = ("-pk",)
    fields = ("email_address", "type", "user", "deleted_at")
    readonly_fields = fields


@admin.register(Page)
class PageAdmin(HouseAdmin):
    section, icon, order = "Site", "article", 2
    can_add = can_change = can_delete = True
    list_display = ("name", "title", "url", "place", "language", "index")
    list_filter = ("place",)
    search_fields = ("name", "title", "url")
    fields = ("name", "title", "url", "description", "place", "language", "index")


@admin.register(CustomSystemRole)
class CustomSystemRoleAdmin(HouseAdmin):
    section, icon, order = "People", "badge", 6
    can_add = can_change = can_delete = True
    list_display = ("name",)
    search_fields = ("name",)
    fields = ("name",)


@admin.register(PanelPermission)
class PanelPermissionAdmin(HouseAdmin):
    """Which parts of the admin's pages are open to whom besides staff."""

    section, icon, order = "People", "dashboard_customize", 7
    can_add = can_change = can_delete = True
    list_display = ("panel_name", "can_access")
    list_filter = ("can_access",)
    search_fields = ("panel_name",)
    fields = ("panel_name", "can_access", "custom_system_roles")
    autocomplete_fields = ("custom_system_roles",)


@admin.register(UserPermission)
class UserPermissionAdmin(HouseAdmin):
    """What one may do whose address is not proven."""

    section, icon, order = "People", "how_to_reg", 8
    can_add = can_change = True
    list_display = ("name", "description", "unverified_user", "deleted_at")
    search_fields = ("name",)
    fields = ("name", "description", "unverified_user")


@admin.register(Activity)
class ActivityAdmin(HouseAdmin):
    """The log. It can be read, and that is all."""

    section, icon, order = "Log", "history", 1
    list_display = ("time", "actor_name", "action", "about", "event_id", "said")
    list_filter = ("time", "subject_type")
    search_fields = ("actor_name", "action", "=subject_id")
    search_help_text = "Who, what (order.completed), or the number of a row"
    ordering = ("-pk",)
    sortable_by = ("time",)
    fields = ("time", "actor_name", "action", "about", "event_id", "said")
    readonly_fields = fields
    asked = ("subject_type", "subject_id")
    actions = None

    @column("About")
    def about(self, line):
        words = f"{line.subject_type} {line.subject_id}".strip()
        address = address_of(line.subject_type, line.subject_id)
        return format_html('<a href="{}" class="text-link">{}</a>', address, words) if address else words or "–"

    @column("Detail")
    def said(self, line):
        return "; ".join(f"{name}: {value}" for name, value in line.detail.items())[:300] or "–"


def address_of(subject_type, subject_id):
    """Where the admin shows what a line of the log, or a mail, is about; empty where it does not."""
    for model in apps.get_models():
        if model._meta.model_name == subject_type and hasattr(model, "policy"):
            try:
                return row_address(model, subject_id)
            except NoReverseMatch:
                return ""
    return ""


def state(word, kind):
    """A word of a table of states, in its colour."""
    return format_html('<span class="house-state {}">{}</span>', kind, word)


def lines_about(model_name, pk):
    query = urlencode({"subject_type__exact": model_name, "subject_id__exact": pk})
    return f"{list_address(Activity)}?{query}"


def figures():
    return [Figure("Accounts", User.objects.filter(deleted_at=None).count(), User, "?which=open")]


log_book.keep_by(write=record, about=lines_about)
ATTENTION.append(Attention("new people in 7 days", User, "new", icon="person_add", is_bad=False))
FIGURES.append(figures)
