"""Which of an event's orders are meant: by words, state, ticket type, time, way of paying, code."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from openevent.core.columns import folded
from openevent.core.money import round_money
from openevent.core.tokens import hash_token
from orders.models import Attendee, Order
from orders.models.order import EXPIRED, ON_THE_CLOCK, PAYMENT_MODES, STATUSES, ended_holds

LONGEST, MOST_WORDS = 200, 8
FEW = 30_000  # hits whose ids are simply named; SQLite takes 32,766 at once
AMONG, ALIKE = 300, 0.7  # how many are compared with a word that nobody has, and how alike one must be
NUMBERED = re.compile(r"([A-Za-z][A-Za-z0-9]{7})-(\d{1,9})")  # K7M4QX2P-1 on a paper, or the code form of old apps
DAY = re.compile(r"(?:19|20|21)\d\d-\d\d-\d\d")


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list of orders is narrowed to. Days are those of the event's zone, `until` included.

    Made of a query string by `Filters.of`: what makes no sense there is left out.
    """

    q: str = ""
    status: tuple[str, ...] = ()  # as the clock has it
    ticket: int | None = None
    day: date | None = None
    since: date | None = None
    until: date | None = None
    mode: str = ""
    code: str = ""  # the text of a discount or access code

    @classmethod
    def of(cls, given: Mapping) -> "Filters":
        def said(name):
            return " ".join(given.get(name, "").replace("\x00", " ").split())[:LONGEST]

        every = given.getlist("status") if hasattr(given, "getlist") else [given.get("status", "")]
        return cls(
            q=said("q"),
            status=tuple(status for status in STATUSES if status in every),
            ticket=int(said("ticket")) if re.fullmatch(r"[0-9]{1,18}", said("ticket")) else None,
            mode=said("mode") if said("mode") in PAYMENT_MODES else "",
            code=said("code"),
            **{name: read_day(said(name)) for name in ("day", "since", "until")},
        )

    def rows(self, event) -> QuerySet[Order]:
        """The orders meant, in no particular order."""
        rows = self._rows_but_words(event)
        if not words_of(self.q):
            return rows
        hits = self._hits(event)
        return rows.filter(_spoken_of(self.q, event)) if hits is None else Order.objects.filter(pk__in=hits)

    def tickets(self, event) -> QuerySet[Attendee]:
        """The tickets meant: those of the orders, of the one type if a type is."""
        if not self.narrows:
            deleted = Order.objects.filter(event=event, deleted_at__isnull=False)
            return _tickets(event).exclude(order__in=deleted.values("pk"))
        tickets = Attendee.objects.filter(order__in=self.rows(event).values("pk"), deleted_at=None).order_by()
        return tickets if self.ticket is None else tickets.filter(ticket=self.ticket)

    def _rows_but_words(self, event):
        rows = Order.objects.filter(event=event, deleted_at=None)
        if self.status:
            rows = rows.filter(has_status_now(self.status))
        if self.ticket is not None:
            rows = rows.filter(pk__in=_tickets(event).filter(ticket=self.ticket).values("order"))
        for name, first, last in (
            ("day", self.day, self.day),
            ("since", self.since, None),
            ("until", None, self.until),
        ):
            if getattr(self, name):
                rows = rows.filter(**made_between(event, first, last))
        if self.mode:
            rows = rows.filter(payment_mode=self.mode)
        if self.code:
            rows = rows.filter(Q(discount_code__code=self.code) | Q(access_code__code=self.code))
        return rows

    def _hits(self, event) -> set[int] | None:
        """The ids of what is meant, looked for once however often a page asks; None if they are too many to name."""
        if event.pk not in self._known_hits:
            hits = look_for(self.q, event)
            if hits and self.narrows != ("q",):
                hits = set(self._rows_but_words(event).filter(pk__in=hits).values_list("pk", flat=True))
            self._known_hits[event.pk] = hits
        return self._known_hits[event.pk]

    @cached_property
    def _known_hits(self) -> dict[int, set[int] | None]:
        return {}

    def pairs(self, **change) -> list[tuple[str, str]]:
        """What a query string or a form would say, with changes: `pairs(ticket=None, older="K7M4QX2P")`."""
        said = {**{one.name: getattr(self, one.name) for one in fields(self)}, **change}
        several = [(name, value if isinstance(value, tuple | list) else [value]) for name, value in said.items()]
        return [(name, str(one)) for name, values in several for one in values if one not in (None, "")]

    def query(self, **change) -> str:
        return urlencode(self.pairs(**change))

    def without(self, *names) -> "Filters":
        blank = Filters()
        return replace(self, **{name: getattr(blank, name) for name in names})

    @property
    def narrows(self) -> tuple[str, ...]:
        """The names of those that leave something out."""
        return tuple(one.name for one in fields(self) if getattr(self, one.name))


@dataclass(frozen=True, kw_only=True)
class Totals:
    """What a list counts up to. Money by currency, for an event may have changed its own."""

    orders: int
    tickets: int
    money: dict[str, Decimal]


def totals_of(filters: Filters, event) -> Totals:
    rows = filters.rows(event).order_by().values("currency").annotate(count=Count("pk"), money=Sum("amount"))
    # SQLite adds in floating point: at most to the last digit that the currency has.
    sums = {row["currency"]: (row["count"], round_money(row["money"], row["currency"])) for row in rows}
    return Totals(
        orders=sum(count for count, _ in sums.values()),
        tickets=filters.tickets(event).count(),
        money={currency: money for currency, (_, money) in sorted(sums.items())},
    )


def has_status_now(statuses) -> Q:
    """Q over orders: those in one of these states as the clock has it. Unlike `status_now`, an index helps it."""
    plain = Q(status__in=[status for status in statuses if status not in ON_THE_CLOCK])
    live = Q(status__in=[status for status in statuses if status in ON_THE_CLOCK])
    live &= Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    return plain | live | ended_holds() if EXPIRED in statuses else plain | live


def made_between(event, first: date | None, last: date | None) -> dict:
    """Arguments for `filter`: made from one day to another, both included, as the event's clock has them."""
    found = {}
    if first:
        found["created_at__gte"] = midnight(first, event.zone)
    if last:
        found["created_at__lt"] = midnight(last + timedelta(days=1), event.zone)
    return found


def midnight(day: date, zone) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None


def words_of(text: str) -> list[str]:
    """What is looked for in a `sought` column: each of these words, as they are compared."""
    return folded(text.replace("\x00", " ")).split()[:MOST_WORDS]


def says(words) -> Q:
    """Q over rows with a `sought` column: all of these words are in it, wherever."""
    return Q(*(Q(sought__contains=word) for word in words))


def nearest_order(text: str, event) -> Order | None:
    """Who is called most alike, for a search that found nobody: a slip of one letter, two letters swapped."""
    words = [word for word in words_of(text) if len(word) >= 3]
    begins = Q(*(Q(sought__contains=part) for word in words for part in (word[:3], word[-3:])), _connector=Q.OR)
    if not words:
        return None
    candidates = Order.objects.filter(begins, event=event, deleted_at=None).order_by("-pk")[:AMONG]

    def likeness(order):
        names = re.findall(r"\w+", order.sought)
        return sum(max(SequenceMatcher(None, word, name).ratio() for name in names) for word in words) / len(words)

    best = max(candidates.only("identifier", "sought", "first_name", "last_name", "event"), key=likeness, default=None)
    return best if best and likeness(best) >= ALIKE else None


def look_for(text: str, event) -> set[int] | None:
    """The ids of the orders whose buyer, code or one of whose holders is called so, or whose ticket has this code;
    None if they are many."""
    words = words_of(text)
    buyers = Order.objects.filter(says(words), event=event, deleted_at=None).order_by().values_list("pk")
    holders = _tickets(event).filter(says(words), order__deleted_at=None).values_list("order")
    hits = list(buyers.union(holders, all=True)[: FEW + 1])
    if len(hits) > FEW:
        return None
    if match := NUMBERED.fullmatch(text):
        hits += event.orders.filter(identifier=match[1].upper(), deleted_at=None).values_list("pk")
    if len(words) == 1 and len(text) >= 20:
        of_code = _tickets(event).filter(code_hash=hash_token(text), order__deleted_at=None)
        hits += of_code.values_list("order")
    return {pk for (pk,) in hits}


def _spoken_of(text, event) -> Q:
    words = words_of(text)
    return says(words) | Q(pk__in=_tickets(event).filter(says(words)).values("order"))


def _tickets(event):
    return Attendee.objects.filter(event=event, deleted_at=None).exclude(order=None).order_by()
