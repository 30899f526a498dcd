"""Lists that organizers choose from and visitors search by; the site's staff keeps them."""

from django.db import models
from django.db.models import OuterRef, Q
from django.utils.text import slugify

from events.models.event import Event
from events.rules import places_seen
from openevent.core.columns import Line, text, url
from openevent.core.policies import CATALOG
from openevent.core.rows import Row, SoftDeleted


class Slugged(Row):
    """Found in addresses by its name; where that is taken, by its name and a number."""

    policy = CATALOG

    name = Line(max_length=200)
    slug = models.SlugField(max_length=220, unique=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self):
        return self.name

    def neighbours(self):
        """Among which rows its slug is the only one."""
        return type(self).objects.all()

    def save(self, **options):
        self.slug = slugify(self.name) or "entry"
        if self.neighbours().filter(slug=self.slug).exclude(pk=self.pk).exists():
            last = type(self).objects.order_by("-pk").values_list("pk", flat=True)[0]
            self.slug = f"{self.slug}-{self.pk or last + 1}"
        super().save(**options)


class CatalogEntry(Slugged, SoftDeleted):
    class Meta(Slugged.Meta):
        abstract = True


class EventType(CatalogEntry):
    pass


class EventTopic(CatalogEntry):
    system_image_url = url()


class EventSubTopic(Slugged):
    slug = models.SlugField(max_length=220, editable=False)
    event_topic = models.ForeignKey(EventTopic, models.CASCADE, related_name="event_sub_topics")

    class Meta(Slugged.Meta):
        constraints = [models.UniqueConstraint(fields=["event_topic", "slug"], name="one_slug_per_topic")]

    @classmethod
    def live_rows(cls):
        return Q(event_topic__deleted_at=None)

    def neighbours(self):
        return super().neighbours().filter(event_topic=self.event_topic_id)


class CustomPlaceholder(Row):
    """A picture for events on a sub-topic that have none of their own."""

    policy = CATALOG

    event_sub_topic = models.OneToOneField(
        EventSubTopic, models.SET_NULL, null=True, blank=True, related_name="custom_placeholder"
    )
    name = Line(max_length=400)
    original_image_url = models.URLField(max_length=2000)
    thumbnail_image_url = url(editable=False)
    large_image_url = url(editable=False)
    icon_image_url = url(editable=False)
    copyright = text()
    origin = text()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.name


class EventLocation(Slugged):
    """A place that visitors can look for: one that the staff has named, or that a public event is at."""

    policy = {**CATALOG, "rows": places_seen}

    name = Line(max_length=400, unique=True)
    slug = models.SlugField(max_length=420, unique=True, editable=False)
    is_named_by_staff = models.BooleanField(default=True, editable=False)

    @classmethod
    def events_there(cls):
        """Of each place: the public events at it."""
        return Event.objects.filter(Event.listed(), searchable_location_name=OuterRef("name"))
