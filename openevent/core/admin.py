"""What every list and form of the admin has in common: who reads, who writes, verbs that end in a service, the log."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import ValidationError
from django.db.models import JSONField, Q, URLField
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, strip_tags
from unfold.admin import ModelAdmin, TabularInline

from openevent.core.admin_site import READING, enters, keeps, list_address, row_address
from openevent.core.atomic import atomic
from openevent.core.columns import folded
from openevent.core.editing import EditForm
from openevent.core.refusals import Refused

MOST_AT_ONCE = 500
SHOWN = 50  # rows that the page before a verb names
LONGEST_NOTE = 10_000
NONSENSE = re.compile(r"\x00|^[-+]?\d{19,}$")  # what no column of a database can be compared with


class LogBook:
    """Who writes down what is done here: accounts, which has the log, says so when the admin is loaded."""

    def keep_by(self, *, write, about):
        self.write, self.about = write, about


log_book = LogBook()


@dataclass(frozen=True)
class Which:
    """Some of a list's rows by one word, such as those that may need a person; also what the first page counts."""

    words: str
    rows: Callable[[], Q]


class WhichFilter(admin.SimpleListFilter):
    title, parameter_name = "what matters", "which"

    def lookups(self, request, model_admin):
        return [(name, which.words) for name, which in model_admin.which.items()]

    def __init__(self, request, params, model, model_admin):
        self.which = model_admin.which
        super().__init__(request, params, model, model_admin)

    def queryset(self, request, queryset):
        return queryset.filter(self.which[self.value()].rows()) if self.value() in self.which else queryset


@dataclass(frozen=True)
class Verb:
    """Something that a service does with a row, or with several, one after another."""

    name: str
    words: str
    does: Callable
    icon: str
    note: str  # what the form before it asks, if it asks something
    asks: bool  # whether it is confirmed first
    is_harm: bool
    fits: Callable


def verb(words, *, icon="play_arrow", note="", asks=True, is_harm=False, fits=lambda row: True):
    """Makes an action of a method `(self, request, row)`, with a note also `(…, note=text)`, that calls a service."""

    def decorate(method):
        one = Verb(method.__name__, words, method, icon, note, asks or bool(note), is_harm, fits)

        @wraps(method)
        def action(self, request, rows):
            return self.run_verb(request, rows, one)

        action.short_description, action.verb = words, one
        return action

    return decorate


class Shown:
    """Reading for whoever enters, writing for nobody."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        # unfold would make links of whatever is in a column for addresses, and style JSON inline.
        linked = [column.name for column in self.opts.get_fields() if isinstance(column, URLField | JSONField)]
        self.readonly_preprocess_fields = dict.fromkeys(linked, as_plain_text)

    def has_module_permission(self, request):
        return enters(request.user)

    def has_view_permission(self, request, obj=None):
        return enters(request.user)

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ShownInline(Shown, TabularInline):
    """Rows of a row: read here, changed by verbs."""

    extra = 0
    can_delete = False
    show_change_link = True
    per_page = 50


class HouseAdmin(Shown, ModelAdmin):
    """A list and a page for each row. Nothing can be written until a subclass says what."""

    is_ours = True
    section, icon, order = "Site", "circle", 50
    which: dict[str, Which] = {}
    can_add = can_change = can_delete = False
    sought = False  # whether rows are found by their column `sought`
    also_saved = ()  # columns that follow from others
    asked = ()  # columns that links ask for although no page shows them by their name

    form = EditForm
    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    list_filter_sheet = True
    actions_selection_counter = True
    change_form_outer_before_template = "admin/verbs.html"
    change_form_before_template = "admin/seen.html"
    history_for_rows = True

    # ── Who may ──────────────────────────────────────────────────────────────────────────────────────

    def may(self, what, request, row=None):
        return keeps(request.user) and self.model.policy[what](request.user, row)

    def has_add_permission(self, request, obj=None):
        return self.can_add and self.may("add", request)

    def has_change_permission(self, request, obj=None):
        return self.can_change and self.may("change", request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.can_delete and self.may("delete", request, obj)

    def get_actions(self, request):
        """Our verbs, for those who keep the site; deleting many at once is none of them."""
        actions = super().get_actions(request) if keeps(request.user) else {}
        return {name: found for name, found in actions.items() if hasattr(found[0], "verb")}

    def lookup_allowed(self, lookup, value, request):
        """A list is asked only for what it shows: by any other column somebody would guess hashes letter by letter."""
        name = lookup.partition("__")[0]
        columns = {one.name for one in self.opts.get_fields()}
        return (name not in columns or name in self._shown_columns(request)) and super().lookup_allowed(
            lookup, value, request
        )

    def _shown_columns(self, request):
        filters = [one[0] if isinstance(one, tuple) else one for one in self.get_list_filter(request)]
        filters = [getattr(one, "parameter_name", one) for one in filters]
        fields = flatten_fieldsets(self.get_fieldsets(request))
        return {self.opts.pk.name, self.date_hierarchy, *filters, *fields, *self.asked, *self.get_list_display(request)}

    # ── Lists ────────────────────────────────────────────────────────────────────────────────────────

    def get_list_filter(self, request):
        filters = super().get_list_filter(request)
        return (WhichFilter, *filters) if self.which else filters

    def get_search_results(self, request, queryset, search_term):
        if not self.sought:
            return super().get_search_results(request, queryset, search_term)
        words = folded(search_term).split()[:8]
        return queryset.filter(*(Q(sought__contains=word) for word in words)), False

    def changelist_view(self, request, extra_context=None):
        if any(NONSENSE.search(value) for _, values in request.GET.lists() for value in values):
            return redirect(request.path)
        return super().changelist_view(request, {"title": self._title(), **(extra_context or {})})

    def _title(self):
        return str(self.opts.verbose_name_plural).capitalize()

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    # ── One row ──────────────────────────────────────────────────────────────────────────────────────

    def get_object(self, request, object_id, from_field=None):
        """The row as it is now, locked while it is being saved: the form compares it with what its reader saw."""
        if request.method in READING or not request.user.is_authenticated:
            return super().get_object(request, object_id, from_field)
        try:
            key = self.opts.pk.to_python(object_id)
            return self.get_queryset(request).select_for_update(of=("self",)).get(pk=key)
        except (self.model.DoesNotExist, ValidationError, ValueError):
            return None

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if "\x00" in (object_id or ""):
            return redirect(list_address(self.model))
        context = {"verbs": self._verbs_on(request, object_id), **(extra_context or {})}
        if request.method in READING:
            return super().changeform_view(request, object_id, form_url, context)
        return self._in_one_unit(request, super().changeform_view, request, object_id, form_url, context)

    def delete_view(self, request, object_id, extra_context=None):
        if request.method in READING:
            return super().delete_view(request, object_id, extra_context)
        return self._in_one_unit(request, super().delete_view, request, object_id, extra_context)

    def _in_one_unit(self, request, view, *args):
        try:
            with atomic():
                return view(*args)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request, obj, form, change):
        """Only what was changed is written: what others save meanwhile stays."""
        if not change:
            obj.save()
            return
        if changed := self.changes(form):
            obj.save(update_fields=sorted({*changed, *self.also_saved}))

    def changes(self, form):
        """The columns that somebody typed something else into: {name: value}."""
        columns = {one.name for one in self.opts.concrete_fields}
        return {name: form.cleaned_data[name] for name in form.changed_data if name in columns}

    # ── The log ──────────────────────────────────────────────────────────────────────────────────────

    def construct_change_message(self, request, form, formsets, add=False):
        return sorted(name for name in form.changed_data if name != "seen")

    def log_addition(self, request, obj, message):
        self.write_down(request, "added", obj)

    def log_change(self, request, obj, message):
        if message:
            self.write_down(request, "edited", obj, fields=message)

    def log_deletions(self, request, queryset):
        for row in queryset:
            self.write_down(request, "deleted", row)

    def write_down(self, request, what, row, **detail):
        event_id = row.event_key() if hasattr(row, "event_key") else None
        log_book.write(f"{self.opts.model_name}.{what}", by=request.user, about=row, event_id=event_id, **detail)

    def history_view(self, request, object_id, extra_context=None):
        """What the log says of this row."""
        return redirect(log_book.about(self.opts.model_name, object_id))

    # ── Verbs ────────────────────────────────────────────────────────────────────────────────────────

    def _verbs_on(self, request, object_id):
        verbs = [found[0].verb for found in self.get_actions(request).values()] if object_id else []
        row = self.get_queryset(request).filter(pk=self._key(object_id)).first() if verbs else None
        if row is None:
            return None
        return {"address": list_address(self.model), "pk": row.pk, "all": [one for one in verbs if one.fits(row)]}

    def _key(self, object_id):
        try:
            return self.opts.pk.to_python(object_id)
        except ValidationError:
            return None

    def run_verb(self, request, rows, one):
        """Ask first, if it is to be asked; then do it row by row, each all or nothing, and tell how it went."""
        found = list(rows[: MOST_AT_ONCE + 1])
        if len(found) > MOST_AT_ONCE:
            messages.error(request, f"At most {MOST_AT_ONCE} at once. Narrow the list with search and filters.")
            return None
        if one.asks and "sure" not in request.POST:
            return self._ask(request, found, one)
        note = {"note": request.POST.get("note", "").strip()[:LONGEST_NOTE]} if one.note else {}
        done = 0
        for row in found:
            try:
                with atomic():
                    self._refuse_unless_theirs(request, row)
                    one.does(self, request, row, **note)
            except Refused as refusal:
                messages.warning(request, f"{row}: {refusal}")
            else:
                done += 1
        if done:
            names = str(found[0]) if len(found) == 1 else f"{done} of {len(found)}"
            messages.success(request, f"{one.words}: done for {names}.")
        if "from_row" in request.POST and len(found) == 1 and self.get_queryset(request).filter(pk=found[0].pk):
            return redirect(row_address(self.model, found[0].pk))
        return redirect(request.get_full_path())

    def _refuse_unless_theirs(self, request, row):
        policy = getattr(self.model, "policy", None)
        if policy and not policy["change"](request.user, row):
            raise Refused("not-yours", "You may not change this one.", status=403)

    def _ask(self, request, rows, one):
        context = {
            **self.admin_site.each_context(request),
            "title": one.words,
            "opts": self.opts,
            "verb": one,
            "rows": rows[:SHOWN],
            "pks": [row.pk for row in rows],
            "more": max(len(rows) - SHOWN, 0),
            "count": len(rows),
            "name": self.opts.verbose_name if len(rows) == 1 else self.opts.verbose_name_plural,
            "checkbox": ACTION_CHECKBOX_NAME,
            "from_row": "from_row" in request.POST,
            "longest": LONGEST_NOTE,
            "back": row_address(self.model, rows[0].pk) if "from_row" in request.POST else request.get_full_path(),
        }
        return TemplateResponse(request, "admin/verb.html", context)


class OneRowAdmin(HouseAdmin):
    """A table with a single row: its list is that row's form."""

    can_change = True
    number = 1  # of the row

    def get_object(self, request, object_id, from_field=None):
        if self._key(object_id) != self.number:
            return None
        return super().get_object(request, object_id, from_field) or self.model.current()

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change and not obj._state.adding)

    def changelist_view(self, request, extra_context=None):
        return redirect(row_address(self.model, self.number))


def as_plain_text(contents):
    return html.unescape(strip_tags(contents or ""))


def link_to_row(row, words=None):
    """The name of a row of another list, leading there; nothing for none."""
    if row is None:
        return ""
    return format_html('<a href="{}" class="text-link">{}</a>', row_address(type(row), row.pk), words or str(row))


def link_to_page(words, name, *args):
    """A page of the house, by the name of its address; nothing where the house has none."""
    try:
        return format_html('<a href="{}" class="text-link">{}</a>', reverse(name, args=args), words)
    except NoReverseMatch:
        return ""


def column(words, *, order=None, **options):
    """A computed column of a list, by its heading."""
    return admin.display(description=words, ordering=order, **options)
