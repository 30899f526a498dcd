"""The receipt: what was paid for an order, when and how, and what was given back."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from openevent.core.money import format_money
from orders.documents.drawing import address, draw, logo_picture
from orders.documents.papers import every_text


class Movement(NamedTuple):
    """An amount that came in, or with a minus went back."""

    day: str
    what: str
    reference: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class ReceiptPaper:
    about: str
    order: str
    seller: tuple[str, ...]
    buyer: tuple[str, ...]
    movements: tuple[Movement, ...]
    total: Decimal  # which they sum to
    owed: Decimal  # what is on its way back besides
    currency: str
    logo: bytes | None = None


def receipt_pdf(paper: ReceiptPaper) -> bytes:
    def money(amount):
        return format_money(amount, paper.currency)

    context = {
        "paper": paper,
        "logo": logo_picture(paper.logo),
        "seller": address(paper.seller),
        "buyer": address(paper.buyer),
        "movements": [(*one[:3], money(one.amount)) for one in paper.movements],
        "total": money(paper.total),
        "owed": money(paper.owed) if paper.owed else "",
    }
    return draw("pdf/receipt.html", context, title=f"Receipt for order {paper.order}", text=every_text([paper]))
