"""The sum beside every step of buying: what each line costs, what a code takes off, what is tax."""

from collections.abc import Iterable
from decimal import Decimal

from openevent.core.money import ZERO
from orders.models import Order
from orders.services.papers import words_of_tax
from orders.services.pricing import Quote


def sum_of_quote(quote: Quote) -> dict:
    return _sum(quote.lines, quote.currency, quote.discount_code)


def sum_of_order(order: Order) -> dict:
    return _sum(order.lines.select_related("ticket"), order.currency, order.discount_code)


def empty_sum(currency: str) -> dict:
    return _sum((), currency, None)


def _sum(lines: Iterable, currency: str, code) -> dict:
    """Lines of a quote and lines of an order tell the same facts by the same names."""
    lines = list(lines)

    def total_of(name) -> Decimal:
        return sum((getattr(line, name) for line in lines), ZERO)

    goods = sum((line.price * line.quantity for line in lines), ZERO)
    discount, fee, tax_amount, total = map(total_of, ("discount", "fee", "tax", "total"))
    return {
        "lines": [(line.quantity, line.ticket.name, line.price * line.quantity) for line in lines],
        "count": sum(line.quantity for line in lines),
        "discount": max(discount, ZERO),
        "surcharge": max(-discount, ZERO),
        "code": code,
        "fee": fee,
        "tax": tax_amount,
        "tax_name": next((words_of_tax(line) for line in lines if line.tax), ""),
        "tax_is_included": total == goods - discount + fee,
        "total": total,
        "currency": currency,
    }
