"""Under which licence what an event publishes may be used."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from events.models.part import EventPart
from openevent.core.columns import Line, text, url

FIRST_YEAR = 1900


def check_year(year):
    if not FIRST_YEAR <= year <= timezone.now().year:
        raise ValidationError(f"Enter a year from {FIRST_YEAR} to now.")


class EventCopyright(EventPart):
    event = models.ForeignKey("events.Event", models.CASCADE, related_name="event_copyrights")
    holder = text()
    holder_url = url()
    licence = Line(max_length=400)
    licence_url = url()
    year = models.IntegerField(null=True, blank=True, validators=[check_year])
    logo_url = url()

    class Meta(EventPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["event"], condition=models.Q(deleted_at=None), name="one_copyright_per_event"
            )
        ]

    def __str__(self):
        return " ".join(str(part) for part in ("©", self.year, self.holder or self.licence) if part)
