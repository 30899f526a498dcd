"""Who opens which page of the organizer: every one of them asks here."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from events.models import Event
from events.rules import (
    EVERY_ROLE,
    coorganizes,
    has_role,
    moderates,
    organizes,
    organizes_tracks,
    owns_the_event,
    registers,
)
from openevent.core.prepared import find_row

RIGHTS = {  # what the navigation and buttons ask, each a rule of (user, event)
    "owner": owns_the_event,
    "organizer": organizes,
    "team": coorganizes,
    "door": registers,
    "tracks": organizes_tracks,
    "sessions": moderates | organizes_tracks,  # reads them all, and decides on them
    "some": has_role(*EVERY_ROLE),
}
FIRST_PAGES = (("team", "manage"), ("door", "door"), ("tracks", "manage-tracks"), ("sessions", "manage-sessions"))


def rights_of(user, event) -> frozenset[str]:
    return frozenset(name for name, rule in RIGHTS.items() if rule(user, event))


def first_page(event, rights) -> str:
    """Where somebody's work at the event begins."""
    return reverse(next(name for right, name in FIRST_PAGES if right in rights), args=[event.identifier])


def manages(right):
    """For a view of (request, event, …) whose address has the event's `identifier`: this right at the event.

    404 to those who have none at it, 403 to those who have another; both before anything is read. `request.rights`
    says what else they may. The answer is nobody's to keep.
    """

    def decorate(view):
        @wraps(view)
        @login_required
        def opened(request, identifier, section=None, **more):  # the section is the navigation's
            event = find_row(Event.objects.filter(deleted_at=None), "identifier", identifier)
            request.rights = rights_of(request.user, event) if event else frozenset()
            if not request.rights:
                raise Http404
            if right not in request.rights:
                raise PermissionDenied
            answer = view(request, event, **more)
            add_never_cache_headers(answer)
            return answer

        return opened

    return decorate
