"""The bell, and the mark that says whether a page hears what happens."""

from django import template
from django.contrib.humanize.templatetags.humanize import naturaltime

from notifications.services.notify import unread_count
from notifications.services.rooms import kind_of

register = template.Library()
register.filter("ago", naturaltime)  # “5 minutes ago”


@register.simple_tag
def unread(user):
    """How many notifications wait behind this user's bell."""
    return unread_count(user.pk)


@register.inclusion_tag("partials/_live.html")
def live_state(kind, subject, key):
    """Where a page says “live”, or that live is off: `{% live_state "event" event event.identifier %}`.

    It knows the room and how far the page has heard of it, so render it before what it keeps up to date.
    """
    return {"room": f"/rooms/{kind}/{key}", "cursor": kind_of(kind).cursor(subject)}
