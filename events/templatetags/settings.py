"""The sections of an event's settings."""

from django import template
from django.urls import NoReverseMatch, reverse

register = template.Library()

SECTIONS = (  # (name of the address, words, icon, what is there)
    ("manage-settings-basics", "Basics", "info-circle", "Name, description, who sees it, who organizes it"),
    ("manage-settings-place", "Place", "map-pin", "Venue, town, online, map"),
    ("manage-settings-dates", "Dates", "calendar", "Start, end, time zone, and what moves with them"),
    ("manage-settings-tickets", "Tickets and codes", "ticket", "What buyers may do, and what they read"),
    ("manage-settings-payment", "Payment and taxes", "credit-card", "Ways to pay, taxes, fees, what is still missing"),
    ("manage-settings-form", "Order form", "forms", "What attendees are asked"),
    ("manage-people", "People and roles", "users-group", "Who helps, and with what"),
    ("manage-settings-danger", "Danger zone", "alert-triangle", "Take it offline, hand it over, delete it"),
)


@register.inclusion_tag("manage/settings/_sections.html", takes_context=True)
def settings_sections(context, event, brief=True):
    """The sections as a navigation, or with what is in each; the one that is open is marked."""
    here = context["request"].path
    sections = [
        {"address": address, "words": words, "picture": picture, "hint": hint, "here": here == address}
        for name, words, picture, hint in SECTIONS
        if (address := address_of(name, event))
    ]
    return {"sections": sections, "brief": brief}


def address_of(name, event):
    try:
        return reverse(name, args=[event.identifier])
    except NoReverseMatch:
        return ""


@register.simple_tag
def address_to(name, event):
    return address_of(name, event)
