"""The tag of an event's page: what an anonymous visitor has already read is not written again."""

from django.conf import settings
from django.contrib.messages import get_messages
from django.db.models import Q
from django.utils import timezone

from events.access import find_event
from openevent.core.versions import make_tag, read_versions
from orders.models import Order, Ticket
from orders.models.order import ended_holds

FLOORS = ("accounts", "events", "orders")  # whose rows the page is made of


def event_page_tag(request, identifier):
    """None where the page is somebody's own, or has something to tell. Otherwise what is behind it: the counters,
    what the counters leave out (seats), what the clock changes, and the cookies that the page looks at."""
    if request.user.is_authenticated or request.method == "POST" or "code" in request.GET or len(get_messages(request)):
        return None
    event = find_event(request.user, identifier)
    if event is None:
        return None
    versions, now = read_versions(FLOORS, event.pk), timezone.now()
    opened = Q(sales_starts_at__lte=now, sales_ends_at__gte=now)
    seats = Ticket.objects.filter(event=event, deleted_at=None).order_by("pk").values_list("pk", "reserved")
    ended = Order.objects.filter(ended_holds(now), event=event).count()
    cookies = [request.COOKIES.get(name) for name in (settings.CSRF_COOKIE_NAME, "theme")]
    return make_tag(
        versions, list(seats), list(seats.filter(opened)), ended, event.ends_at < now, request.path, *cookies
    )
