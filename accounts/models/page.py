"""Pages of words that the site's staff keeps: about, terms, privacy."""

from django.core.validators import RegexValidator
from django.db import models

from openevent.core.columns import Line, rich_text, text
from openevent.core.policies import CATALOG
from openevent.core.rows import Row

PLACES = ("footer", "event")
is_path_or_web_address = RegexValidator(r"^(https?://|[^:]*([/?#]|$))", "Enter a path, or an address of the web.")


class Page(Row):
    policy = CATALOG

    name = Line(max_length=200)
    title = text(300)
    url = Line(max_length=500, validators=[is_path_or_web_address])
    description = rich_text()
    place = models.CharField(max_length=20, null=True, blank=True, choices=[(place, place) for place in PLACES])
    language = text(20)
    index = models.IntegerField(default=0)

    class Meta:
        ordering = ["index", "pk"]

    def __str__(self):
        return self.name
