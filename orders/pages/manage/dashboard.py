"""The overview of an event: what is sold, what comes in at this moment, what is to do and what comes next."""

from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.views.decorators.http import require_safe

from events.pages.manage.access import first_page, manages
from openevent.core.money import format_money
from orders.badges import STATES, badge_of
from orders.models.order import COMPLETED, ON_THE_CLOCK, PLACED
from orders.services.checklist import checklist_of
from orders.services.figures import Bar, figures_of, latest_orders, orders_over_time, states_of
from orders.services.seats import SOLD

PERIODS = {"7": (7, "7 d", "in 7 days"), "30": (30, "30 d", "in 30 days"), "all": (None, "All", "in all")}
USUAL = "30"
LATEST = 6
MOST_NEXT = 5
WIDTH, HEIGHT = 600, 160  # of the chart, in units of its own


@require_safe
@manages("some")
def overview(request, event):
    """Whoever may not see what is sold is led to what they came for."""
    if "team" not in request.rights:
        return redirect(first_page(event, request.rights))
    part = PARTS.get(request.GET.get("part", ""))
    period = request.GET.get("period") if request.GET.get("period") in PERIODS else USUAL
    if part:
        template, context_of = part
        return render(request, template, {"event": event, **context_of(event, period)})
    context = {"event": event, "period": period, "checklist": checklist_of(event), "next": what_comes_next(event)}
    figures = figures_of(event)
    context |= stats_of(event, figures) | sales_of(event, period, figures)
    context |= by_state(event, figures.states) | latest_of(event)
    return render(request, "manage/dashboard/page.html", context)


def stats_of(event, figures):
    seats, paid, awaited, checkouts = (
        figures.seats,
        figures.states[COMPLETED],
        figures.states[PLACED],
        figures.checkouts,
    )
    return {
        "stats": [
            Stat(
                name="Revenue",
                number=in_words(paid, event),
                address=orders(event, COMPLETED),
                counts="money",
                below=so_many(paid.orders, "order"),
                below_address=orders(event, COMPLETED),
                beside=" paid or free",
            ),
            Stat(
                name="Tickets sold",
                number=f"{seats.sold:,}",
                address=people(event, "sold"),
                counts="people",
                beside=f"of {seats.quantity:,} places",
            ),
            Stat(
                name="Held now",
                number=f"{seats.held:,}",
                address=people(event, "held"),
                counts="people",
                below=so_many(checkouts.orders, "checkout"),
                below_address=orders(event, *ON_THE_CLOCK),
            ),
            Stat(
                name="Awaiting money",
                number=in_words(awaited, event),
                address=orders(event, PLACED),
                counts="money",
                below=so_many(awaited.orders, "order"),
                below_address=orders(event, PLACED),
            ),
        ]
    }


class Stat(NamedTuple):
    """A number and the list behind it; below it another, of how many orders it is made."""

    name: str
    number: str
    address: str
    counts: str  # what of the list is the same: people or money
    below: str = ""
    below_address: str = ""
    beside: str = ""


def sales_of(event, period, figures):
    bars = orders_over_time(event, PERIODS[period][0])
    count = sum(bar.orders for bar in bars)
    since = None if period == "all" else bars[0].first
    return {
        "chart": Chart.of(bars, event),
        "sold_in_period": so_many(count, "order"),
        "period_words": PERIODS[period][2],
        "period_address": orders(event, *SOLD, since=since),
        "period": period,
        "periods": [(name, words, f"?period={name}") for name, (_, words, _) in PERIODS.items()],
        "tickets": [
            {
                "ticket": ticket,
                "seats": seats,
                "sold": people(event, "sold", ticket=ticket.pk),
                "held": people(event, "held", ticket=ticket.pk),
            }
            for ticket, seats in figures.tickets
        ],
    }


def by_state(event, states):
    return {
        "states": [
            {"badge": STATES[status], "state": state, "money": in_words(state, event), "address": orders(event, status)}
            for status, state in states.items()
        ]
    }


def latest_of(event):
    newest = latest_orders(event, LATEST)
    for order in newest:
        order.badge = badge_of(order)
        order.tickets_in_words = so_many(order.tickets, "ticket")
        order.shown_name = order.buyer_name or order.email or f"Order {order.identifier}"
    return {"latest": newest, "now": timezone.now()}


PARTS = {  # what is read anew when something happens
    "stats": ("manage/dashboard/_stats.html", lambda event, period: stats_of(event, figures_of(event))),
    "sales": ("manage/dashboard/_sales.html", lambda event, period: sales_of(event, period, figures_of(event))),
    "states": ("manage/dashboard/_states.html", lambda event, period: by_state(event, states_of(event))),
    "latest": ("manage/dashboard/_latest.html", lambda event, period: latest_of(event)),
}


# ── Words and addresses ──────────────────────────────────────────────────────────────────────────────


def orders(event, *statuses, **more):
    query = [*(("status", status) for status in statuses), *((name, value) for name, value in more.items() if value)]
    return f"{reverse('manage-orders', args=[event.identifier])}?{urlencode(query)}"


def people(event, state, **more):
    return f"{reverse('manage-attendees', args=[event.identifier])}?{urlencode({**more, 'state': state})}"


def in_words(state, event):
    """“€26,787.00”, and what was taken in other currencies before the event changed its own."""
    money = state.money or {event.currency: 0}
    return " + ".join(format_money(amount, currency) for currency, amount in money.items())


def so_many(count, word):
    return f"{count:,} {word}{'' if count == 1 else 's'}"


# ── The chart ────────────────────────────────────────────────────────────────────────────────────────


class Chart(NamedTuple):
    """A line over days, drawn by the server: its marks, its path, what it says in a sentence, and its table."""

    top: int
    middle: str
    line: str
    marks: list[str]
    sentence: str
    rows: list[tuple[str, str, str]]  # days in words, how many, and the address of those

    @classmethod
    def of(cls, bars: list[Bar], event):
        highest = max(bars, key=lambda bar: bar.orders)
        top = nice_top(highest.orders)
        step = WIDTH / max(1, len(bars) - 1)
        points = [(number * step, HEIGHT - HEIGHT * bar.orders / top) for number, bar in enumerate(bars)]
        points = points if len(points) > 1 else [(0, points[0][1]), (WIDTH, points[0][1])]
        days = f"{day(bars[0].first)} to {day(bars[-1].last)}"
        most = f"most {span(highest)} with {highest.orders}" if highest.orders else "none yet"
        return cls(
            top=top,
            middle=str(top // 2) if top > 1 else "",
            line=" L".join(f"{x:.1f} {y:.1f}" for x, y in points),
            marks=[day(bars[place].first) for place in sorted({round(n * (len(bars) - 1) / 3) for n in range(4)})],
            sentence=f"Orders per {'day' if bars[0].first == bars[0].last else 'few days'}, {days}: {most}",
            rows=[
                (span(bar), f"{bar.orders:,}", orders(event, *SOLD, since=bar.first, until=bar.last))
                for bar in reversed(bars)
            ],
        )


def nice_top(highest):
    """Where the scale ends: 2, 4, 10, 20, 40, 100 and so on, whose halves are whole."""
    return next(top * 10**power for power in range(12) for top in (2, 4, 10) if top * 10**power >= highest)


def span(bar):
    return day(bar.first) if bar.first == bar.last else f"{day(bar.first)} – {day(bar.last)}"


def day(one):
    return format_date(one, "j M")


# ── What comes next ──────────────────────────────────────────────────────────────────────────────────


class Step(NamedTuple):
    at: datetime
    words: str
    verb: str
    address: str


def what_comes_next(event):
    """Sales that begin or end, the last moments of what buyers may do, and the doors: those that are to come."""
    tickets = list(event.tickets.filter(deleted_at=None))
    sales = reverse("manage-tickets", args=[event.identifier])
    steps = []
    for name, words in (("sales_starts_at", "begins"), ("sales_ends_at", "ends")):
        for moment in sorted({getattr(ticket, name) for ticket in tickets}):
            names = [ticket.name for ticket in tickets if getattr(ticket, name) == moment]
            steps.append(Step(moment, f"Sale of {in_a_row(names)} {words}", "Change", sales))
    settings = reverse("manage-settings", args=[event.identifier])
    if event.buyers_may_cancel and event.buyers_cancel_until:
        steps.append(Step(event.buyers_cancel_until, "Last moment for buyers to cancel", "Change", settings))
    if event.holders_change_until:
        steps.append(Step(event.holders_change_until, "Last moment for new names on tickets", "Change", settings))
    steps.append(Step(event.starts_at, "Doors open", "Check-in", reverse("door", args=[event.identifier])))
    steps.append(Step(event.ends_at, "The event ends", "", ""))
    now = timezone.now()
    return sorted(step for step in steps if step.at > now)[:MOST_NEXT]


def in_a_row(names):
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


urlpatterns = [path("<slug:identifier>/", overview, name="manage")]
