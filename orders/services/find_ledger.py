"""Which lines of an event's ledger are meant: by provider, currency, direction and day. And what they come to."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Q, QuerySet, Sum

from openevent.core.money import ZERO, round_money
from orders.models import LedgerLine
from orders.services.find_orders import LONGEST, midnight, read_day

IN, OUT = "in", "out"
CAME_IN = Q(amount__gt=0, refund=None)
DIRECTIONS = {IN: CAME_IN, OUT: ~CAME_IN}  # what went back and came to nothing is taken off from what went back


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list of amounts is narrowed to. Made of a query string by `Filters.of`: what makes no sense is left out.

    Days are those of the event's zone, `until` included.
    """

    provider: str = ""
    currency: str = ""
    way: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def of(cls, given: Mapping) -> "Filters":
        def said(name):
            return given.get(name, "").replace("\x00", "").strip()[:LONGEST]

        return cls(
            provider=said("provider"),
            currency=said("currency"),
            way=said("way") if said("way") in DIRECTIONS else "",
            since=read_day(said("since")),
            until=read_day(said("until")),
        )

    def rows(self, event) -> QuerySet[LedgerLine]:
        """The lines meant, in no particular order."""
        rows = LedgerLine.objects.filter(event=event)
        for name in ("provider", "currency"):
            if getattr(self, name):
                rows = rows.filter(**{name: getattr(self, name)})
        if self.way:
            rows = rows.filter(DIRECTIONS[self.way])
        if self.since:
            rows = rows.filter(time__gte=midnight(self.since, event.zone))
        if self.until:
            rows = rows.filter(time__lt=midnight(self.until + timedelta(days=1), event.zone))
        return rows

    def query(self) -> str:
        """What a query string would say."""
        said = ((one.name, getattr(self, one.name)) for one in fields(self))
        return urlencode([(name, value) for name, value in said if value])


@dataclass(frozen=True, kw_only=True)
class Balance:
    """What came in and went back by one way of paying, on one account, in one currency."""

    provider: str
    account: str  # the organizer's own at the provider; empty: the site's, or nobody's
    currency: str
    came: Decimal
    back: Decimal

    @property
    def left(self) -> Decimal:
        return self.came - self.back


def balances_of(rows: QuerySet[LedgerLine]) -> list[Balance]:
    """The sums of these lines, by where the money is."""
    parts = ("provider", "payment__account", "currency")
    sums = rows.order_by().values_list(*parts).annotate(came=Sum("amount", filter=CAME_IN), total=Sum("amount"))
    return [
        # SQLite adds in floating point: at most to the last digit that the currency has.
        Balance(
            provider=provider,
            account=account or "",
            currency=currency,
            came=round_money(came or ZERO, currency),
            back=round_money((came or ZERO) - total, currency),
        )
        for provider, account, currency, came, total in sorted(sums, key=lambda row: (row[2], row[0], row[1] or ""))
    ]
