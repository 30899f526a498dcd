"""Pictures on our pages: those that are kept here. Nobody's browser is sent to a stranger's server for one."""

from django import template
from django.templatetags.static import static

from events.models.event import Event
from media_pipeline.storing import url_of

register = template.Library()

DRAWINGS = ("lines", "harbour", "bars", "leaves", "tiles", "rings")


@register.filter
def kept(url: str | None) -> str:
    """The address of a picture if it is ours, else nothing."""
    return url if url and url.startswith(url_of("")) else ""


@register.filter
def picture(event: Event) -> str:
    """The event's own picture, or a drawing of ours that stays with it."""
    return kept(event.large_image_url) or kept(event.original_image_url) or _drawing(event)


@register.filter
def small_picture(event: Event) -> str:
    return kept(event.thumbnail_image_url) or kept(event.original_image_url) or _drawing(event)


def _drawing(event: Event) -> str:
    return static(f"img/{DRAWINGS[event.pk % len(DRAWINGS)]}.svg")
