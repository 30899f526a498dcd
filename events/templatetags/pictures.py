"""The picture of an event: its own, or one of ours that stays with it."""

from django import template
from django.templatetags.static import static

from events.models.event import Event

register = template.Library()

OURS = ("lines", "harbour", "bars", "leaves", "tiles", "rings")


@register.filter
def picture(event: Event) -> str:
    return event.large_image_url or event.original_image_url or _ours(event)


@register.filter
def small_picture(event: Event) -> str:
    return event.thumbnail_image_url or event.original_image_url or _ours(event)


def _ours(event: Event) -> str:
    return static(f"img/{OURS[event.pk % len(OURS)]}.svg")
