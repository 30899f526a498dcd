"""The page of an event: what, when, where, and the tickets to choose from."""

from contextlib import suppress

from django.conf import settings
from django.db.models import F
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_http_methods, require_POST

from events.pages.views import event_at
from events.services.programme import days_of, sessions_shown, speakers_shown
from openevent.core.limits import client_address, limit
from openevent.core.refusals import Refused
from openevent.core.versions import make_tag, read_versions
from orders.models import Order
from orders.models.order import INITIALIZING
from orders.pages.access import Opened
from orders.pages.picker import check_picker, read_picker
from orders.pages.tags import event_page_tag
from orders.services.checkout import create_order
from orders.services.holding import give_up_hold
from orders.services.states import GUEST
from orders.services.stock import hold_minutes

HOLD = "hold"  # in the session: the order that this browser is about to make
SESSIONS_SHOWN = 8
SPEAKERS_SHOWN = 8
BY_GROUP = (F("faq_type").asc(nulls_first=True), "pk")


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
@condition(etag_func=event_page_tag)
def event_page(request, identifier):
    event = event_at(request, identifier)
    goes_on = request.POST.get("verb") == "continue"
    if goes_on:
        _give_up_former_hold(request, event)
    picker = _read(request, event)
    if goes_on and check_picker(picker):
        try:
            return redirect(_hold(request, picker).address("details"))
        except Refused as refused:
            if refused.status == 429:
                raise
            picker.blame(refused)
    return _show(request, event, picker, told=request.method == "POST")


def _hold(request, picker):
    """Seats for this buyer; whoever has no account comes back by the secret link."""
    by = request.user if request.user.is_authenticated else GUEST
    limit("order", client_address(request) if by == GUEST else by.pk, "120/m")
    order = create_order(picker.quote.cart, by=by)
    request.session[HOLD] = order.pk
    return Opened(order, request.user, order.secret if by == GUEST else "")


def _give_up_former_hold(request, event):
    """Who comes back to choose again must not find the last seats taken by themself."""
    former = Order.objects.filter(pk=request.session.pop(HOLD, None), event=event, status=INITIALIZING).first()
    if former:
        with suppress(Refused):  # the clock may have been faster
            give_up_hold(former, by=request.user if request.user.is_authenticated else GUEST)


@require_POST
def event_sum(request, identifier):
    """The sum alone, for the script that keeps it up to date."""
    event = event_at(request, identifier)
    return render(request, "shop/_sum.html", {"event": event, "sum": _read(request, event).sum})


def _read(request, event):
    typed = request.POST if request.method == "POST" else request.GET
    if typed.get("code", "").strip():
        limit("code", client_address(request), "60/10m")  # nobody finds codes by trying
    return read_picker(event, typed, by=request.user)


def _show(request, event, picker, *, told=False):
    return render(request, "shop/event.html", shown_of(event, picker, told=told))


def shown_of(event, picker, *, told=False):
    """What the page is made of. What is below the tickets stays as it was written until a row of the event changes."""
    return {
        "event": event,
        "picker": picker,
        "told": told,
        "hold_minutes": hold_minutes(),
        "below": Below(event),
        "unchanged": make_tag(event.pk, read_versions(["events"], event.pk)),
        "town": event.town,
        "map": map_of(event),
        "address": settings.BASE_URL + reverse("event", args=[event.identifier]),
        "calendar": f"/v1/events/{event.identifier}.ics",
    }


class Below:
    """What stands below the tickets, the same for every reader. It is read from the database when it is written."""

    def __init__(self, event):
        self.event = event

    @cached_property
    def days(self):
        return days_of(self.event)

    @property
    def session_count(self):
        return sum(self.days.values())

    @property
    def sessions(self):
        on_the_first_day = next(iter(self.days.values()), 0)
        return sessions_shown(self.event)[: min(on_the_first_day, SESSIONS_SHOWN)]

    @cached_property
    def speakers(self):
        return speakers_shown(self.event).prefetch_related(None)[: SPEAKERS_SHOWN + 1]

    @property
    def has_more_speakers(self):
        return len(self.speakers) > SPEAKERS_SHOWN

    @cached_property
    def faqs(self):
        return self.event.faqs.filter(deleted_at=None).select_related("faq_type").order_by(*BY_GROUP)

    @cached_property
    def sponsors(self):
        return self.event.sponsors.filter(deleted_at=None).order_by("level", "pk")

    @cached_property
    def links(self):
        return self.event.social_links.filter(deleted_at=None)


def map_of(event):
    """A link to a map, never a map of somebody else's on our page."""
    if event.latitude is None or event.longitude is None or (event.latitude, event.longitude) == (0, 0):
        return ""
    place = f"{event.latitude:.6f}/{event.longitude:.6f}"
    return f"https://www.openstreetmap.org/?mlat={event.latitude:.6f}&mlon={event.longitude:.6f}#map=17/{place}"
