"""What codes have brought: how much was sold with each, and what it took off. As many questions for one as for many."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from openevent.core.money import ZERO, round_money
from orders.models import AccessCode, DiscountCode, Order, OrderLine
from orders.models.order import PLACED
from orders.services.seats import SOLD


@dataclass(frozen=True, kw_only=True)
class Use:
    """Of the orders that are placed or completed: whoever is still checking out has bought nothing."""

    orders: int = 0
    sales: Decimal = ZERO  # what these orders come to
    awaited: Decimal = ZERO  # the part of it that is not paid yet
    off: Decimal = ZERO  # what was taken off their tickets


NO_USE = Use()


def uses_of_codes(codes: Iterable[DiscountCode | AccessCode], *, kind: str, currency: str) -> dict[int, Use]:
    """{code's id: Use} of discount codes, or of access codes; those that nobody has used are left out."""
    column = f"{kind}_code"
    sold = Order.objects.filter(
        **{f"{column}__in": [code.pk for code in codes]}, status__in=SOLD, deleted_at=None, currency=currency
    )
    sums = {"count": Count("pk"), "sales": Sum("amount"), "awaited": Sum("amount", filter=Q(status=PLACED))}
    rows = sold.order_by().values_list(column).annotate(**sums)
    lines = OrderLine.objects.filter(order__in=sold.order_by().values("pk")).order_by()
    off = dict(lines.values_list(f"order__{column}").annotate(Sum("discount"))) if kind == "discount" else {}

    def money(amount):  # SQLite adds in floating point
        return round_money(amount or ZERO, currency)

    return {
        pk: Use(orders=count, sales=money(sales), awaited=money(owed), off=money(off.get(pk)))
        for pk, count, sales, owed in rows
    }
