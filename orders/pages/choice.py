"""What a buyer chooses on the event page: how many of which ticket, at which price, with which code."""

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.http import QueryDict
from django.utils import dateformat, timezone

from events.models.event import Event
from openevent.core.money import ZERO
from orders.models.ticket import DONATION, Ticket

FEW = 10  # from here on the number left is shown in the colour of hurry


@dataclass
class Line:
    """One ticket type of the picker, with what was typed for it."""

    ticket: Ticket
    left: int
    quantity: int = 0
    gift: bool = False
    gift_typed: str = ""
    amount: Decimal | None = None
    error: str = ""
    shows_left: bool = False
    zone: object = None

    @property
    def most(self) -> int:
        return min(self.ticket.max_order or self.left, self.left)

    @property
    def least(self) -> int:
        return max(self.ticket.min_order or 1, 1)

    @property
    def hurry(self) -> bool:
        return 0 < self.left <= FEW

    @property
    def shown_left(self) -> int | None:
        return self.left if self.shows_left or self.hurry else None

    @property
    def closed(self) -> str:
        """Why this type cannot be bought now, in words; empty if it can."""
        now = timezone.now()
        if self.ticket.sales_starts_at > now:
            return f"From {dateformat.format(self.ticket.sales_starts_at.astimezone(self.zone), 'j M, H:i')}"
        if self.ticket.sales_ends_at < now:
            return "Sale ended"
        return "" if self.left >= self.least else "Sold out"

    @property
    def closed_icon(self) -> str:
        return "clock" if self.closed.startswith("From") else "ban"


@dataclass
class Choice:
    lines: list[Line]
    code: str = ""
    errors: list[dict] = field(default_factory=list)

    @property
    def sellable(self) -> bool:
        return any(not line.closed for line in self.lines)

    @property
    def wanted(self) -> list[Line]:
        return [line for line in self.lines if line.quantity]


def read_choice(event: Event, tickets: list[Ticket], left: dict[int, int], typed: QueryDict) -> Choice:
    """Read the picker's fields. What cannot be a number is told beside its field; the rest is kept."""
    lines = []
    for ticket in tickets:
        line = Line(
            ticket,
            left.get(ticket.pk, 0),
            gift=ticket.kind == DONATION,
            shows_left=event.show_remaining_tickets,
            zone=event.zone,
        )
        _read_quantity(line, typed.get(f"quantity-{ticket.pk}", ""))
        if line.gift and line.quantity:
            _read_gift(line, typed.get(f"gift-{ticket.pk}", ""))
        lines.append(line)
    choice = Choice(lines, typed.get("code", "").strip()[:200])
    for line in lines:
        if line.error:
            place = "gift" if line.gift and line.quantity else "quantity"
            choice.errors.append(
                {"link": f"{place}-{line.ticket.pk}", "label": line.ticket.name, "text": line.error}
            )
    return choice


def _read_quantity(line: Line, text: str) -> None:
    text = text.strip()
    if not text:
        return
    if not (text.isascii() and text.isdigit()) or len(text) > 6:
        line.error = "Enter a whole number."
        return
    line.quantity = 0 if line.closed else int(text)


def _read_gift(line: Line, text: str) -> None:
    line.gift_typed = text.strip()[:20]
    try:
        amount = Decimal(line.gift_typed.replace(",", ".") or line.ticket.min_price)
    except InvalidOperation:
        amount = None
    if amount is None or not amount.is_finite() or amount < ZERO:
        line.error = "Enter an amount, for example 10.00."
    else:
        line.amount = amount
