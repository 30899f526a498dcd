"""Marks that the team puts on attendees, such as "VIP"."""

from django.db import models

from events.models.part import EventPart
from events.models.programme import HEX_COLOUR
from events.rules import BACKSTAGE
from openevent.core.columns import Line, flag, text


class Tag(EventPart):
    policy = BACKSTAGE

    name = Line(max_length=200)
    color = text(7, validators=[HEX_COLOUR])
    is_read_only = flag()

    class Meta(EventPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["event", "name"], condition=models.Q(deleted_at=None), name="one_tag_per_name_and_event"
            )
        ]

    def __str__(self):
        return self.name
