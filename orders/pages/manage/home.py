"""Every event at which somebody has a role."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Sum
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events.models import Event, Role
from events.pages.manage.access import first_page, rights_of
from events.rules import roles_of
from orders.models import Order
from orders.models.order import COMPLETED
from orders.pages.manage.links import orders_address
from orders.services.seats import SOLD, seats_of_events

PAGE_SIZE = 20
DUTIES = {  # what the words for a role leave open
    "owner": "everything",
    "organizer": "everything but deleting it",
    "coorganizer": "everything but inviting organizers",
    "track_organizer": "tracks and their sessions",
    "moderator": "sessions",
    "registrar": "the door",
}


@never_cache
@require_safe
@login_required
def my_events(request):
    events = Event.objects.filter(pk__in=roles_of(request.user), deleted_at=None)
    past = bool(request.GET.get("past"))
    now = timezone.now()
    shown = events.filter(ends_at__lt=now) if past else events.filter(ends_at__gte=now)
    shown = shown.order_by("-starts_at" if past else "starts_at", "pk")
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    describe(page.object_list, request.user)
    context = {"page": page, "past": past, "query": "past=1&" if past else "", "has_any": bool(page) or events.exists()}
    return render(request, "manage/home.html", context)


def describe(events, user):
    """What the list says of each event, as far as this user may know it."""
    titles = dict(Role.objects.values_list("name", "title_name"))
    seats = seats_of_events(events)
    revenue = revenue_of(events)
    for event in events:
        rights = rights_of(user, event)
        roles = [role for role in DUTIES if role in roles_of(user)[event.pk]]  # the highest first
        event.role = ", ".join(titles.get(role) or role for role in roles)
        event.duty = " and ".join(DUTIES[role] for role in (roles[:1] if "team" in rights else roles))
        if "team" in rights:
            event.seats = seats[event.pk]
            event.revenue = revenue.get(event.pk, {})
            event.sold_address = orders_address(event, status=SOLD)
            event.paid_address = orders_address(event, status=(COMPLETED,))
        event.opens = first_page(event, rights)


def revenue_of(events):
    """{event id: {currency: amount}} of what is paid."""
    found = {}
    orders = Order.objects.filter(event__in=[event.pk for event in events], status=COMPLETED, deleted_at=None)
    for pk, currency, amount in orders.order_by().values_list("event", "currency").annotate(Sum("amount")):
        found.setdefault(pk, {})[currency] = amount
    return found
