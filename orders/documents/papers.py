"""What is printed: plain values, so that a paper can be drawn without a database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo


@dataclass(frozen=True, kw_only=True)
class EventFacts:
    """What every paper says of the event. Times are aware; `logo` holds the bytes of a PNG or JPEG."""

    event_name: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    place: str = ""
    organizer: str = ""
    contact: str = ""  # whom to ask: an address, a page
    logo: bytes | None = None

    @property
    def when(self) -> tuple[str, str]:
        """Day and time in the event's own zone: one line for a single day, two for several."""
        zone = ZoneInfo(self.timezone)
        starts, ends = self.starts_at.astimezone(zone), self.ends_at.astimezone(zone)
        if starts.date() == ends.date():
            return _day(starts), f"{starts:%H:%M} – {ends:%H:%M}"
        return f"{_day(starts)}, {starts:%H:%M}", f"to {_day(ends)}, {ends:%H:%M}"

    @property
    def zone_name(self) -> str:
        """The zone as people look it up, with the offset of that day: "Asia/Singapore, UTC+08:00"."""
        offset = f"{self.starts_at.astimezone(ZoneInfo(self.timezone)):%z}"
        return f"{self.timezone}, UTC{offset[:3]}:{offset[3:]}"


@dataclass(frozen=True, kw_only=True)
class TicketPaper(EventFacts):
    """One person's way in. `code` is the secret the door reads: at least 128 random bits, short."""

    holder: str
    ticket_type: str
    order_identifier: str
    code: str
    state: str = "Paid"
    state_kind: str = "ok"  # ok, info, warn or bad, as on the pages
    state_note: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderLine:
    name: str
    quantity: int
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class OrderPaper(EventFacts):
    """What the buyer bought. `sums` stand between lines and total: discounts, taxes, as (words, amount)."""

    order_identifier: str
    ordered_at: datetime
    buyer: str
    buyer_email: str = ""
    buyer_address: tuple[str, ...] = ()
    lines: tuple[OrderLine, ...] = ()
    sums: tuple[tuple[str, Decimal], ...] = ()
    total: Decimal = Decimal(0)
    currency: str = "EUR"
    state: str = "Paid"
    state_kind: str = "ok"
    state_note: str = ""
    instructions: str = ""  # how to pay, the organizer's own words
    holders: tuple[tuple[str, str], ...] = ()  # (name, ticket type)

    @property
    def ordered_on(self) -> str:
        return f"{self.ordered_at.astimezone(ZoneInfo(self.timezone)):%-d %B %Y, %H:%M}"


def every_text(papers: Iterable[EventFacts]) -> str:
    """All that the papers say in one text, to know which scripts they are written in."""
    return " ".join(str(fact) for paper in papers for name, fact in vars(paper).items() if name != "logo")


def _day(moment: datetime) -> str:
    return f"{moment:%A} {moment.day} {moment:%B %Y}"
