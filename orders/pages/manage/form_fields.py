"""The order form of an event: what each attendee is asked besides name and e-mail."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path

from events.models import CustomForm
from events.pages.manage.access import manages
from openevent.core.atomic import atomic
from openevent.core.cleaning import plain
from openevent.core.editing import EditForm
from openevent.core.form_errors import errors_of
from openevent.core.refusals import Refused
from orders.services.questions import (
    ALWAYS,
    BETWEEN,
    BUILT_IN,
    OWN_TYPES,
    WITH_OPTIONS,
    ask_again,
    ask_built_in,
    ask_own,
    common_questions,
    key_of,
    move_question,
    options_of,
    stop_asking,
    words_of,
)

MOST_OPTIONS = 100
LEAD = "What each attendee is asked when somebody buys. Tickets that are sold already stay as they are."
TYPES = {"tel": "Telephone", "url": "A web address", "date": "A day", "file": "A file", "image": "A picture"}


@manages("team")
def form_page(request, event):
    if request.method == "POST":
        try:
            with atomic():
                told = VERBS.get(request.POST.get("verb"), unknown)(request, event)
        except Refused as refused:
            return _show(request, event, errors=[{"text": str(refused), "link": "column"}])
        if told:
            messages.success(request, told)
        return redirect(request.path)
    return _show(request, event)


def _show(request, event, errors=()):
    questions = list(common_questions(event).prefetch_related("options"))
    questions = [one for one in questions if key_of(one) not in ALWAYS]
    asked = [one for one in questions if one.is_included or one.is_fixed]
    for one in questions:
        one.words, one.kind = words_of(one), kind_words(one)
    known = {key_of(one) for one in asked}
    context = {
        "event": event,
        "title": "Order form",
        "lead": LEAD,
        "errors": errors,
        "always": list(ALWAYS.values()),
        "asked": asked,
        "left_out": [one for one in questions if one not in asked and one.is_complex],
        "columns": [(column, one.words) for column, one in BUILT_IN.items() if column not in known],
    }
    return render(request, "manage/form.html", context)


def kind_words(question):
    known = BUILT_IN.get(key_of(question))
    kind = known.type if known else question.type
    return OWN_TYPES.get(kind) or TYPES.get(kind, kind)


def add(request, event):
    column = request.POST.get("column", "")
    ask_built_in(event, column, by=request.user, is_required=request.POST.get("is_required") == "on")
    return f"{BUILT_IN[column].words}: asked from now on."


def up(request, event):
    move_question(_named(request, event), up=True)


def down(request, event):
    move_question(_named(request, event), up=False)


def leave_out(request, event):
    question = _named(request, event)
    if question.is_fixed:
        raise Refused("always-asked", "This is always asked.")
    stop_asking(question, by=request.user)
    return f"{words_of(question)}: not asked any more. Answers are kept."


def again(request, event):
    question = ask_again(_named(request, event), by=request.user)
    return f"{words_of(question)}: asked again."


def switch_on(request, event):
    event.is_ticket_form_enabled = True
    event.save(update_fields=["is_ticket_form_enabled"])
    return "The form is asked again."


def unknown(request, event):
    raise Http404


VERBS = {"add": add, "up": up, "down": down, "leave-out": leave_out, "again": again, "on": switch_on}


def _named(request, event):
    key = request.POST.get("question", "")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        raise Http404
    return get_object_or_404(common_questions(event).select_for_update(), pk=int(key))


@manages("team")
def new_question(request, event):
    return _form(request, event, CustomForm(event=event, form="attendee", is_complex=True))


@manages("team")
def edit_question(request, event, pk):
    with atomic():
        rows = common_questions(event)
        question = get_object_or_404(rows.select_for_update() if request.method == "POST" else rows, pk=pk)
        if key_of(question) in ALWAYS:
            raise Http404
        question.event = event
        return _form(request, event, question)


def _form(request, event, question):
    is_new = question.pk is None
    form = QuestionForm(request.POST if request.method == "POST" else None, instance=question)
    if request.method == "POST" and form.is_valid():
        try:
            ask_own(form.instance, by=request.user, options=form.cleaned_data.get("options", ()))
            messages.success(request, f"{words_of(question)}: {'asked from now on' if is_new else 'saved'}.")
            return redirect("manage-settings-form", event.identifier)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {
        "event": event,
        "title": "New question" if is_new else words_of(question),
        "lead": "",
        "form": form,
        "errors": errors_of(form),
        "is_new": is_new,
    }
    return render(request, "manage/form_question.html", context)


class QuestionForm(EditForm):
    """What is asked, and how. Of a column of ours only the words and whether it must be answered."""

    options = forms.CharField(
        label="To choose from",
        help_text="One a line, for the two kinds that offer a list.",
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
    )

    class Meta:
        model = CustomForm
        fields = ("name", "description", "type", "is_required")
        labels = {
            "name": "Question",
            "description": "Help under it",
            "type": "Kind of answer",
            "is_required": "Everybody has to answer it",
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        question = self.instance
        self.fields["name"].required = True
        if question.pk and key_of(question) in BUILT_IN:
            del self.fields["type"], self.fields["options"]
            self.initial["name"] = words_of(question)
            return
        kinds = {**OWN_TYPES, **({question.type: kind_words(question)} if question.pk else {})}
        self.fields["type"].choices = list(kinds.items())
        if question.pk:
            self.initial["options"] = "\n".join(options_of(question))

    def clean_name(self):
        name = plain(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError("Fill this in.")
        return name

    def clean_options(self):
        lines = [plain(line) for line in self.cleaned_data["options"].splitlines()]
        options = [line for line in lines if line]
        if len(options) > MOST_OPTIONS or any(len(option) > 400 for option in options):
            raise forms.ValidationError(f"At most {MOST_OPTIONS} lines, each of at most 400 letters.")
        if any(BETWEEN.strip() in option for option in options):
            raise forms.ValidationError("Leave out semicolons: they stand between what somebody chooses.")
        return options

    def clean(self):
        given = super().clean()
        kind = given.get("type")
        if kind in WITH_OPTIONS and "options" in given and len(given["options"]) < (2 if kind == "select" else 1):
            self.add_error("options", "Write down what there is to choose from, one a line.")
        return given


SECTION = {"section": "manage-settings"}
urlpatterns = [
    path("<slug:identifier>/settings/form", form_page, SECTION, name="manage-settings-form"),
    path("<slug:identifier>/settings/form/new", new_question, SECTION, name="manage-question-new"),
    path("<slug:identifier>/settings/form/<int:pk>", edit_question, SECTION, name="manage-question"),
]
