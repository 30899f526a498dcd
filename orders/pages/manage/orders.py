"""The list of an event's orders: sought, narrowed, page by page, with its totals above it."""

from datetime import date
from urllib.parse import urlencode, urlsplit

from django.db.models import Q
from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.views.decorators.http import require_safe
from django_htmx.http import push_url, replace_url

from events.pages.manage.access import manages
from notifications.models import Mail
from openevent.core.money import format_money
from orders.badges import STATES, badge_of
from orders.models import Ticket
from orders.models.order import PAYMENT_MODES
from orders.services.find_orders import Filters, nearest_order, totals_of

PAGE_SIZE = 50
PAGED = {"older", "newer", "after", "before"}
VERBS = [
    ("paid", "Mark paid…", "cash"),
    ("resend", "Send mails again…", "mail-forward"),
    ("refund", "Give money back…", "receipt-refund"),
    ("cancel", "Cancel…", "ban"),
]


@require_safe
@manages("team")
def orders_page(request, event):
    filters = Filters.of(request.GET)
    page = Page(filters, event, newer=request.GET.get("newer", ""), older=request.GET.get("older", ""))
    context = {
        "event": event,
        "filters": filters,
        "page": page,
        "totals": words_of_totals(filters, event),
        "chips": chips_of(filters, event),
        "states": [(state, badge.word, filters.query(status=state)) for state, badge in STATES.items()],
        "whatever_state": filters.query(status=None),
        "tickets": Ticket.objects.filter(event=event, deleted_at=None).order_by("position", "pk"),
        "modes": PAYMENT_MODES,
        "verbs": VERBS,
        "bulk": reverse("manage-bulk", args=[event.identifier]),
        "export": export_address(event, filters),
    }
    if not page.orders:
        context["way_out"] = way_out_of(filters, event)
    if not request.htmx or request.htmx.history_restore_request:
        return render(request, "manage/orders/list.html", context)
    return remember_address(request, render(request, "manage/orders/_found.html", context), filters)


class Page:
    """So many orders, the newest first, beside those that the address names: stable whatever comes in meanwhile."""

    def __init__(self, filters, event, *, newer="", older=""):
        beside = event.orders.filter(identifier=read_code(newer or older)).first() if newer or older else None
        backwards = bool(newer) and beside is not None
        found = filters.rows(event).select_related("event")
        if beside:
            found = found.filter(newer_than(beside) if backwards else older_than(beside))
        order_by = ("created_at", "pk") if backwards else ("-created_at", "-pk")
        orders = list(found.order_by(*order_by)[: PAGE_SIZE + 1])
        is_more, orders = len(orders) > PAGE_SIZE, orders[:PAGE_SIZE]
        self.orders = orders[::-1] if backwards else orders
        has_newer, has_older = (is_more, True) if backwards else (beside is not None, is_more)
        self.newer = filters.query(newer=self.orders[0].identifier) if has_newer and orders else ""
        self.older = filters.query(older=self.orders[-1].identifier) if has_older and orders else ""
        mails = newest_mails(self.orders)
        for order in self.orders:
            order.event = event
            order.badge = badge_of(order)
            order.mail = mails.get(str(order.pk))


def read_code(text):
    """An order's code out of an address, where anything may stand; PostgreSQL cannot be asked with a null character."""
    return text.replace("\x00", "").upper()[:40]


def newer_than(order):
    return Q(created_at__gt=order.created_at) | Q(created_at=order.created_at, pk__gt=order.pk)


def older_than(order):
    return Q(created_at__lt=order.created_at) | Q(created_at=order.created_at, pk__lt=order.pk)


def newest_mails(orders):
    """The newest mail about each order by its id, in one query."""
    about = Mail.objects.filter(subject_type="order", subject_id__in=[str(order.pk) for order in orders])
    return {mail.subject_id: mail for mail in about.only("subject_id", "status").order_by("pk")}


def words_of_totals(filters, event):
    """“23 of 304 orders · 37 tickets · €3,293.00”."""
    totals = totals_of(filters, event)
    among = Filters().rows(event).count() if filters.narrows else totals.orders
    orders = f"{totals.orders:,} of {among:,}" if filters.narrows else f"{among:,}"
    parts = [
        f"{orders} order{'' if among == 1 else 's'}",
        f"{totals.tickets:,} ticket{'' if totals.tickets == 1 else 's'}",
    ]
    money = [format_money(amount, currency) for currency, amount in totals.money.items()]
    return {"words": " · ".join([*parts, *money]), "orders": totals.orders}


def chips_of(filters, event):
    """What the list is narrowed to, each with the address without it."""
    words = {
        "q": lambda: f"“{filters.q}”",
        "ticket": lambda: f"Ticket: {ticket_name(filters.ticket, event)}",
        "day": lambda: f"On {in_words(filters.day)}",
        "since": lambda: f"Since {in_words(filters.since)}",
        "until": lambda: f"Until {in_words(filters.until)}",
        "mode": lambda: f"Pays by {filters.mode}",
        "code": lambda: f"Code: {filters.code}",
    }
    states = [
        (STATES[state].word, filters.query(status=[one for one in filters.status if one != state]))
        for state in filters.status
    ]
    return states + [(words[name](), filters.query(**{name: None})) for name in filters.narrows if name != "status"]


def ticket_name(ticket_id, event):
    ticket = Ticket.objects.filter(event=event, pk=ticket_id).first()
    return ticket.name if ticket else "unknown"


def in_words(day: date):
    return format_date(day, "j M Y")


def export_address(event, filters):
    return f"{reverse('manage-export', args=[event.identifier, 'orders'])}?{urlencode({'query': filters.query()})}"


def way_out_of(filters, event):
    """What to offer where nothing was found: the same words without the filters, or whoever is called most alike."""
    others = [name for name in filters.narrows if name != "q"]
    if not filters.q:
        return {}
    bare = filters.without(*others)
    if others and (count := bare.rows(event).count()):
        return {"count": count, "query": bare.query(), "filters": len(others)}
    return {"nearest": nearest_order(filters.q, event), "filters": len(others)}


def remember_address(request, answer, filters):
    """The address follows what is shown; a search as it is typed is one step of the browser's history, not ten."""
    here = request.get_full_path() if PAGED & set(request.GET) else f"?{filters.query()}"
    before = type(filters).of(QueryDict(urlsplit(request.htmx.current_url or "").query))
    typing = before.without("q") == filters.without("q") and before.q and filters.q
    return (replace_url if typing else push_url)(answer, here if here != "?" else request.path)
