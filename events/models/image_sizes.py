"""Into which sizes pictures are cut: one row for events, one for speakers."""

from django.core.validators import MaxValueValidator
from django.db import models

from openevent.core.columns import flag, text
from openevent.core.policies import SETTINGS
from openevent.core.rows import Row


def pixels(default):
    return models.PositiveIntegerField(null=True, blank=True, default=default)


def quality(default=80):
    return models.PositiveIntegerField(null=True, blank=True, default=default, validators=[MaxValueValidator(100)])


class ImageSizes(Row):
    """A row that is there once. An empty number means the default of the purpose."""

    policy = SETTINGS
    number: int  # of the row, as clients know it

    class Meta:
        abstract = True

    @classmethod
    def current(cls):
        return cls.objects.filter(pk=cls.number).first() or cls(pk=cls.number)


class EventImageSize(ImageSizes):
    number = 1

    type = text(100, default="event-image")
    full_width, full_height, full_quality = pixels(1300), pixels(500), quality()
    full_aspect = flag(default=True)
    thumbnail_width, thumbnail_height, thumbnail_quality = pixels(500), pixels(200), quality()
    thumbnail_aspect = flag(default=True)
    icon_width, icon_height, icon_quality = pixels(75), pixels(30), quality()
    icon_aspect = flag(default=True)
    logo_width, logo_height = pixels(500), pixels(200)

    def __str__(self):
        return "Sizes of event images"


class SpeakerImageSize(ImageSizes):
    number = 2

    type = text(100, default="speaker-image")
    thumbnail_size_width_height, thumbnail_size_quality = pixels(500), quality()
    small_size_width_height, small_size_quality = pixels(50), quality()
    icon_size_width_height, icon_size_quality = pixels(35), quality()

    def __str__(self):
        return "Sizes of speaker images"
