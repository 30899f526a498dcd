"""An event, and its sessions if wanted, for people's calendars (RFC 5545)."""

from html import unescape

from django.conf import settings
from django.utils import timezone
from django.utils.html import strip_tags
from icalendar import Calendar
from icalendar import Event as Entry

from events.models import Session, UserFavouriteSession


def event_calendar(event, *, by, with_sessions=False, only_starred=False):
    """The bytes of an .ics file; times are in the event's zone, which the file describes. `only_starred` leaves out the
    sessions that are not on the asker's own list."""
    calendar = Calendar()
    calendar.add("prodid", "-//openevent//EN")
    calendar.add("version", "2.0")
    calendar.add("name", event.name)
    calendar.add_component(entry(event, f"{event.identifier}@openevent", event.name, event.description, event))
    if with_sessions:
        sessions = Session.objects.visible_to(by).filter(event=event).exclude(starts_at=None).exclude(ends_at=None)
        if only_starred:
            own = UserFavouriteSession.objects.visible_to(by).filter(user=by.pk) if by.is_authenticated else ()
            sessions = sessions.filter(favourites__in=own)
        for session in sessions.select_related("microlocation").order_by("starts_at", "pk"):
            uid = f"{event.identifier}-{session.pk}@openevent"
            calendar.add_component(entry(session, uid, session.title, session.short_abstract, event))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def entry(row, uid, title, text, event):
    component = Entry()
    component.add("uid", uid)
    component.add("summary", title)
    component.add("dtstart", row.starts_at.astimezone(event.zone))
    component.add("dtend", row.ends_at.astimezone(event.zone))
    component.add("dtstamp", timezone.now())
    component.add("url", f"{settings.BASE_URL}/e/{event.identifier}")
    if text:
        component.add("description", unescape(strip_tags(text)))
    if place := place_of(row, event):
        component.add("location", place)
    return component


def place_of(row, event):
    room = getattr(row, "room", None)
    return ", ".join(part for part in (room and room.name, event.location_name) if part)
