"""Who helps an event, and where it is on the web."""

import uuid

from django.db import models

from events.models.part import EventPart, PlainEventPart
from openevent.core import columns
from openevent.core.columns import Line, flag, rich_text, text

PENDING, ACCEPTED = "pending", "accepted"


class Sponsor(EventPart):
    has_own_counter = True

    name = Line(max_length=400)
    description = rich_text()
    url = columns.url()
    level = models.IntegerField(null=True, blank=True)
    logo_url = columns.url()
    type = text(200)

    def __str__(self):
        return self.name


class FaqType(PlainEventPart):
    name = Line(max_length=400)

    def __str__(self):
        return self.name


class Faq(EventPart):
    question = Line(max_length=1000)
    answer = rich_text()
    faq_type = models.ForeignKey(FaqType, models.SET_NULL, null=True, blank=True, related_name="faqs")

    def __str__(self):
        return self.question


class Exhibitor(PlainEventPart):
    """Who shows something at a stand, and in which sessions."""

    name = Line(max_length=400)
    status = models.CharField(max_length=20, default=PENDING, choices=[(PENDING, "Pending"), (ACCEPTED, "Accepted")])
    description = rich_text()
    url = columns.url()
    position = models.IntegerField(default=0)
    logo_url = columns.url()
    banner_url = columns.url()
    thumbnail_image_url = columns.url()
    enable_video_room = flag()
    video_url = columns.url()
    slides_url = columns.url()
    contact_email = models.EmailField(null=True, blank=True)
    contact_link = text(2000)
    social_links = models.JSONField(null=True, blank=True)
    sessions = models.ManyToManyField("events.Session", blank=True, related_name="exhibitors")

    class Meta(PlainEventPart.Meta):
        ordering = ["position", "pk"]

    def __str__(self):
        return self.name


def new_link_identifier():
    return str(uuid.uuid4())


class SocialLink(EventPart):
    event = models.ForeignKey("events.Event", models.CASCADE, related_name="social_links")
    name = Line(max_length=400)
    link = models.URLField(max_length=2000)
    identifier = text(100, default=new_link_identifier)

    def __str__(self):
        return f"{self.name}: {self.link}"
