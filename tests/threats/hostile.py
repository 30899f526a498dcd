"""A shop in which somebody has written the same hostile text everywhere, and what a browser would make of its pages."""

import re

from bs4 import BeautifulSoup
from django.db import models

from accounts.models import User
from events.models import (
    CustomForm,
    CustomFormOption,
    Event,
    EventTopic,
    EventType,
    Faq,
    FaqType,
    Microlocation,
    RoleInvite,
    Session,
    SessionType,
    SocialLink,
    Speaker,
    Sponsor,
    Track,
)
from notifications.models import Job, Notification
from openevent.core.columns import Line
from orders.models import AccessCode, Attendee, DiscountCode, Order, Tax, Ticket, TicketTag

WRITTEN = (
    *(Event, EventTopic, EventType, Track, Microlocation, SessionType, Session, Speaker, Sponsor, SocialLink),
    *(Ticket, TicketTag, Tax, DiscountCode, AccessCode, Order, Attendee, User),
    *(CustomForm, CustomFormOption, Faq, FaqType, RoleInvite, Job, Notification),
)
# Texts that nobody types: the server makes them, or takes them from a list.
NOT_TYPED = re.compile(
    "identifier|seed|hash|slug|timezone|currency|password|email|color|length|kind|file_|subject_|action|form_id|language"
)
RUNS = ("javascript:", "vbscript:", "data:")
OURS = ("/static/", "/media/")
NOT_OURS = ("iframe", "object", "embed", "base", "style", "applet", "frame", "math", "noscript", "marquee")


def write_everywhere(texts):
    """Into every text of every row, past everything that cleans what is written: one each, or all into the only row."""
    for model in WRITTEN:
        rows = list(model.objects.order_by("pk").values_list("pk", flat=True))
        for number, row in enumerate(rows):
            text = texts[number % len(texts)] if len(rows) > 1 else " ".join(texts)
            written = {column.name: fitted(text, column) for column in texts_of(model)}
            model.objects.filter(pk=row).update(**written)


def texts_of(model):
    for column in model._meta.concrete_fields:
        typed = isinstance(column, models.CharField | models.TextField) and not column.choices
        if typed and not NOT_TYPED.search(column.name):
            yield column


def fitted(text, column):
    text = text.replace("\x00", "")  # which no database would keep
    if isinstance(column, Line):
        return " ".join(text.split())[: column.max_length]
    if isinstance(column, models.URLField) and "script:" not in text:
        text = f"javascript:alert(1)//{text}"
    return text[: column.max_length] if column.max_length else text


def what_runs_in(html, *, in_a_mail=False):
    """Everything in a page of ours that no page of ours has by itself."""
    for tag in BeautifulSoup(html, "lxml").find_all():
        if tag.name in NOT_OURS and not (in_a_mail and tag.name == "base"):
            yield tag.name
        if tag.name == "script" and (tag.string or not tag.get("src", "").startswith("/static/")):
            yield str(tag)
        if tag.name == "meta" and tag.get("http-equiv"):
            yield str(tag)
        for name, value in tag.attrs.items():
            text = re.sub(r"[\x00-\x20]", "", " ".join(value) if isinstance(value, list) else value).lower()
            is_picture = (tag.name, name) == ("img", "src") and text.startswith("data:image/png;")
            if (
                name.startswith("on")
                or (name == "style" and not in_a_mail)
                or name in ("srcdoc", "formaction", "srcset")
            ):
                yield f"{tag.name} {name}={value}"
            if text.startswith(RUNS) and name not in ("value", "content", "aria-label", "data-copy") and not is_picture:
                yield f"{tag.name} {name}={value}"
            if name == "src" and not text.startswith(OURS) and not is_picture:
                yield f"{tag.name} {name}={value}"
            is_ours = not text or (text.startswith(("/", "?", "#")) and not text.startswith("//"))
            if tag.name in ("form", "link", "use") and name in ("action", "href", "xlink:href") and not is_ours:
                yield f"{tag.name} {name}={value}"
