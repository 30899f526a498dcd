"""Kinds of column that most tables use. Old clients tell null from an empty text, so optional texts hold both."""

import unicodedata
from functools import cache

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from openevent.core.cleaning import clean_html, plain

LATITUDE = (MinValueValidator(-90), MaxValueValidator(90))
LONGITUDE = (MinValueValidator(-180), MaxValueValidator(180))


class RichText(models.TextField):
    """A text that may hold HTML: cleaned whenever it is written, whoever writes it."""

    def pre_save(self, row, add):
        cleaned = clean_html(getattr(row, self.attname))
        setattr(row, self.attname, cleaned)
        return cleaned


class Line(models.CharField):
    """A name, a title, a place: one line without tags or control characters, whoever writes it."""

    def pre_save(self, row, add):
        line = plain(getattr(row, self.attname))
        setattr(row, self.attname, line)
        return line


MOST_SOUGHT = 600  # letters: what an index of PostgreSQL can hold, whatever they are


class Sought(models.TextField):
    """What a row is found by: these of its columns as one text, without capitals and accents."""

    def __init__(self, *, of=(), **options):
        self.of = tuple(of)
        super().__init__(**{"default": "", "blank": True, "editable": False, **options})

    def deconstruct(self):
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "of": self.of}

    def pre_save(self, row, add):
        sought = folded(" ".join(str(value) for name in self.of if (value := getattr(row, name))))[:MOST_SOUGHT]
        setattr(row, self.attname, sought)
        return sought


@cache
def sought_columns(model):
    return tuple(field for field in model._meta.concrete_fields if isinstance(field, Sought))


def stale_sought(model, names):
    """The `Sought` columns that a change of these columns makes untrue."""
    return [field for field in sought_columns(model) if field.name not in names and not set(field.of).isdisjoint(names)]


def folded(words):
    """“Élodie GROSS” as it is compared: “elodie gross”."""
    parts = unicodedata.normalize("NFKD", words.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def text(length=400, **options):
    return Line(max_length=length, null=True, blank=True, **options)


def long_text(**options):
    return models.TextField(max_length=100_000, null=True, blank=True, **options)


def rich_text(**options):
    return RichText(max_length=100_000, null=True, blank=True, **options)


def url(**options):
    return models.URLField(max_length=2000, null=True, blank=True, **options)


def moment(**options):
    return models.DateTimeField(null=True, blank=True, **options)


def flag(default=False, **options):
    return models.BooleanField(default=default, **options)


def degrees(validators):
    return models.FloatField(null=True, blank=True, validators=validators)
