"""What the site charges for tickets: by the event's country and currency, else by the one fee for everywhere."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from openevent.core.money import ZERO, round_money
from orders.models import OrderLine, TicketFee
from orders.models.fee import EVERYWHERE
from orders.models.order import COMPLETED

HUNDRED = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class Fee:
    """A part of a ticket's price in percent, and the most that it may come to for one ticket, if there is a most."""

    percent: Decimal = ZERO
    maximum: Decimal | None = None

    def of(self, price: Decimal, currency: str) -> Decimal:
        """On one ticket that costs so much."""
        fee = price * self.percent / HUNDRED
        return round_money(fee if self.maximum is None else min(fee, self.maximum), currency)


NO_FEE = Fee()


class Fees:
    """All that are set, to look them up for many events."""

    def __init__(self, rows: Iterable[TicketFee]):
        self.rows = {(row.country, row.currency): row for row in rows}

    @classmethod
    def for_currencies(cls, currencies: Iterable[str]):
        return cls(TicketFee.objects.filter(currency__in=set(currencies)))

    def at(self, country: str | None, currency: str) -> Fee:
        row = self.rows.get((country, currency)) or self.rows.get((EVERYWHERE, currency))
        return Fee(percent=row.service_fee or ZERO, maximum=row.maximum_fee) if row else NO_FEE


def fee_at(event) -> Fee:
    return Fees.for_currencies([event.currency]).at(event.payment_country, event.currency)


@dataclass(frozen=True, kw_only=True)
class Earned:
    """What tickets came to in one currency, and the fee on them, whoever bears it."""

    tickets: int = 0
    sales: Decimal = ZERO
    fee: Decimal = ZERO

    def __add__(self, other):
        return Earned(tickets=self.tickets + other.tickets, sales=self.sales + other.sales, fee=self.fee + other.fee)


def fees_earned(**within) -> dict[tuple[int, str], Earned]:
    """{(event's id, currency): what its completed orders within brought}. Lines that are alike are read as one."""
    lines = OrderLine.objects.filter(order__status=COMPLETED, order__deleted_at=None, **within).order_by()
    parts = ("order__event", "order__event__payment_country", "order__currency", "price", "discount", "quantity")
    alike = list(lines.filter(quantity__gt=0).values_list(*parts).annotate(Count("pk")))
    fees, earned = Fees.for_currencies(currency for _, _, currency, *_ in alike), defaultdict(Earned)
    for event, country, currency, price, discount, quantity, count in alike:
        paid = price * quantity - discount
        fee = fees.at(country, currency).of(paid / quantity, currency)
        earned[event, currency] += Earned(tickets=quantity * count, sales=paid * count, fee=fee * quantity * count)
    return earned
