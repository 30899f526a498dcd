"""What forms of our pages type in a way of their own: a moment on an event's clocks, and rich text as plain words."""

import re
from datetime import UTC
from html import unescape

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.html import linebreaks

from openevent.core.columns import RichText

REQUIRED = "Fill this in."
YEARS = range(1970, 2200)  # a year beyond cannot be told in every zone, nor kept by every database
A_TAG = re.compile(r"<[a-zA-Z/!?]")
PARAGRAPHS = re.compile(r"(?:\s*<p>(?:[^<]|<br ?/?>)*</p>\s*)+", re.IGNORECASE)
BREAK = re.compile(r"\s*<br ?/?>\s*", re.IGNORECASE)


class LocalMoment(forms.DateTimeField):
    """A moment, typed and shown on the clocks of `zone`. The form says which: `field.zone = event.zone`."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    zone = UTC
    default_error_messages = {"invalid": "Enter a day and a time, like 2027-04-24 09:30."}

    def prepare_value(self, value):
        with timezone.override(self.zone):
            return super().prepare_value(value)

    def to_python(self, value):
        with timezone.override(self.zone):
            moment = super().to_python(value)
        if moment is not None and moment.year not in YEARS:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class Prose(forms.CharField):
    """Rich text for people who do not write HTML: paragraphs are lines. Tags that somebody types stay tags."""

    widget = forms.Textarea(attrs={"rows": 6})

    def prepare_value(self, value):
        return as_typed(value)

    def clean(self, value):
        return as_html(super().clean(value))

    def has_changed(self, initial, data):
        return as_html(data or "") != as_html(as_typed(initial) or "")


class PickedRows(forms.ModelMultipleChoiceField):
    """Some rows of a list; what is no number is none of them, on every database."""

    def clean(self, keys):
        if any(not (str(key).isascii() and str(key).isdigit()) or len(str(key)) > 18 for key in keys or ()):
            raise forms.ValidationError("Choose from the list.")
        return super().clean(keys)


def as_typed(html):
    """“<p>One</p><p>Two</p>” as its words, with an empty line between. Anything richer is shown as it is."""
    if not html or (A_TAG.search(html) and not PARAGRAPHS.fullmatch(html)):
        return html
    text = re.sub(r"\s*</p>\s*<p>\s*", "\n\n", html, flags=re.IGNORECASE)
    return unescape(BREAK.sub("\n", re.sub(r"</?p>", "", text, flags=re.IGNORECASE))).strip()


def as_html(typed):
    """Words as paragraphs; what has tags already is the sanitiser's, which every such column asks."""
    if not typed.strip():
        return ""
    return typed if A_TAG.search(typed) else linebreaks(typed.strip(), autoescape=True)


def drawn(column, **options):
    """The form field of a model's column, as all our forms draw it."""
    if isinstance(column, RichText):
        options = {"form_class": Prose, "widget": forms.Textarea(attrs={"rows": 6}), **options}
    if isinstance(column, models.DateTimeField):
        options["form_class"] = LocalMoment
    if isinstance(column, models.ManyToManyField):
        options["form_class"] = PickedRows
    if isinstance(column, models.URLField):
        options["assume_scheme"] = "https"
    field = column.formfield(**options)
    if field is not None and field.required:
        field.error_messages["required"] = REQUIRED
    return field
