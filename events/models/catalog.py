"""Kinds and topics of events, chosen from lists that the site's staff keeps."""

from django.db import models
from django.utils.text import slugify

from openevent.core.columns import Line, url
from openevent.core.policies import CATALOG
from openevent.core.rows import SoftDeleted


class CatalogEntry(SoftDeleted):
    policy = CATALOG

    name = Line(max_length=200)
    slug = models.SlugField(max_length=220, unique=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self):
        return self.name

    def save(self, **options):
        self.slug = slugify(self.name) or "entry"
        taken = type(self).objects.filter(slug=self.slug).exclude(pk=self.pk)
        if taken.exists():
            last = type(self).objects.order_by("-pk").values_list("pk", flat=True)[0]
            self.slug = f"{self.slug}-{self.pk or last + 1}"
        super().save(**options)


class EventType(CatalogEntry):
    pass


class EventTopic(CatalogEntry):
    system_image_url = url()
