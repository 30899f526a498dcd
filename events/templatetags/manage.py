"""What the organizer's frame needs."""

from django import template
from django.urls import reverse

from events.rules import roles_of

register = template.Library()


@register.inclusion_tag("partials/_nav_item.html", takes_context=True)
def nav_item(context, name, words, picture, event=None):
    """A line of the side navigation; it is marked where one is, also on the pages below it."""
    address = reverse(name, args=[event.identifier] if event else [])
    match = context["request"].resolver_match
    here = match is not None and match.url_name is not None and section_of(match) == name
    return {"address": address, "words": words, "picture": picture, "here": here}


def section_of(match):
    """To which line of the navigation an address belongs: `kwargs={"section": …}` of its pattern, else its own name."""
    return match.kwargs.get("section", match.url_name)


@register.filter
def has_events(user) -> bool:
    """Whether somebody has a role at an event. Whoever is not signed in costs no question."""
    return bool(user) and bool(roles_of(user))
