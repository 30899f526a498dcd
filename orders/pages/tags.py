"""The tag of an event's page: what an anonymous visitor has already read is not written again."""

from django.conf import settings
from django.contrib.messages import get_messages
from django.utils import timezone

from events.models import Event
from events.pages.views import event_at
from openevent.core.versions import make_tag, read_versions
from orders.models import Order, Ticket
from orders.models.order import ended_holds

FLOORS = ("accounts", "events", "orders")  # whose rows the page is made of


def event_page_tag(request, identifier):
    """None where the page is somebody's own, or has something to tell. Otherwise what is behind it: the counters,
    what the counters leave out (seats), what the clock changes, and the cookies that the page looks at."""
    if request.user.is_authenticated or request.method == "POST" or "code" in request.GET or len(get_messages(request)):
        return None
    # Counted before anything of the page is read: a tag may be too old, never too new.
    versions = read_versions(FLOORS, Event.objects.filter(identifier=identifier).values_list("pk", flat=True).first())
    event, now = event_at(request, identifier), timezone.now()
    tickets = Ticket.objects.filter(event=event, deleted_at=None).only("reserved", "sales_starts_at", "sales_ends_at")
    seats = [(ticket.pk, ticket.reserved, ticket.is_on_sale(now)) for ticket in tickets]
    ended = Order.objects.filter(ended_holds(now), event=event).count()
    cookies = [request.COOKIES.get(name) for name in (settings.CSRF_COOKIE_NAME, "theme")]
    return make_tag(versions, seats, ended, event.ends_at < now, *cookies)
