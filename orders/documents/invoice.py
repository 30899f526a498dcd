"""The invoice: who owes whom how much, for what, and until when. Of orders, and of the site's fees on an event."""

from dataclasses import dataclass, fields
from decimal import Decimal

from openevent.core.money import format_money
from orders.documents.drawing import draw, logo_picture
from orders.documents.papers import OrderLine


@dataclass(frozen=True, kw_only=True)
class InvoicePaper:
    """`sums` stand between lines and total, as (words, amount); dates are words already."""

    number: str
    issued_on: str
    due_on: str = ""
    about: str
    seller: tuple[str, ...]
    buyer: tuple[str, ...]
    lines: tuple[OrderLine, ...]
    sums: tuple[tuple[str, Decimal], ...] = ()
    total: Decimal
    currency: str
    state: str
    state_kind: str
    instructions: str = ""  # how to pay
    footer: str = ""
    logo: bytes | None = None


def invoice_pdf(paper: InvoicePaper) -> bytes:
    def money(amount):
        return format_money(amount, paper.currency)

    context = {
        "paper": paper,
        "logo": logo_picture(paper.logo),
        "lines": [(line.name, line.quantity, money(line.amount)) for line in paper.lines],
        "sums": [(words, money(amount)) for words, amount in paper.sums],
        "total": money(paper.total),
    }
    text = " ".join(str(getattr(paper, one.name)) for one in fields(paper) if one.name != "logo")
    return draw("pdf/invoice.html", context, title=f"Invoice {paper.number}", text=text)
