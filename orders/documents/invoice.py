"""The invoice: who owes whom how much, for what, with which taxes. Of orders, and of the site's fees on an event."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from openevent.core.money import format_money
from orders.documents.drawing import address, draw, logo_picture
from orders.documents.papers import OrderLine, every_text


class Rate(NamedTuple):
    """A part of the total by its tax: “VAT 19%”, or empty words where there is none."""

    words: str
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True, kw_only=True)
class InvoicePaper:
    """`sums` stand between lines and total, as (words, amount); dates are words already."""

    title: str
    number: str
    issued_on: str
    due_on: str = ""
    about: str
    order: str = ""
    corrects: str = ""  # which invoice, on a credit note
    seller: tuple[str, ...]
    buyer: tuple[str, ...]
    lines: tuple[OrderLine, ...]
    sums: tuple[tuple[str, Decimal], ...] = ()
    rates: tuple[Rate, ...] = ()
    total: Decimal
    currency: str
    state: str
    state_kind: str
    instructions: str = ""  # how to pay
    footer: str = ""
    logo: bytes | None = None

    @property
    def taxed(self) -> tuple[Rate, ...]:
        """The parts of the total, if any of it is taxed."""
        return self.rates if any(rate.words for rate in self.rates) else ()


def invoice_pdf(paper: InvoicePaper) -> bytes:
    def money(amount):
        return format_money(amount, paper.currency)

    context = {
        "paper": paper,
        "logo": logo_picture(paper.logo),
        "seller": address(paper.seller),
        "buyer": address(paper.buyer),
        "lines": [(line.name, line.quantity, money(line.amount)) for line in paper.lines],
        "sums": [(words, money(amount)) for words, amount in paper.sums],
        "rates": [(rate.words or "Not taxed", *map(money, rate[1:])) for rate in paper.taxed],
        "total": money(paper.total),
    }
    return draw("pdf/invoice.html", context, title=paper.title, text=every_text([paper]))
