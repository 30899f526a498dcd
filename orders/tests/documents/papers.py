"""Papers to print in tests, and what a reader sees of a PDF."""

import subprocess
from datetime import UTC, datetime
from decimal import Decimal

from openevent.core.tokens import derive_secret
from orders.documents.papers import OrderLine, OrderPaper, TicketPaper

EVENT = {
    "event_name": "Harbour Code Days",
    "starts_at": datetime(2026, 5, 14, 7, 0, tzinfo=UTC),
    "ends_at": datetime(2026, 5, 16, 16, 0, tzinfo=UTC),
    "timezone": "Europe/Lisbon",
    "place": "Quay Hall, Cais do Sodré 12, Lisboa",
    "organizer": "Harbour Code e. V.",
}


def ticket(**changes) -> TicketPaper:
    facts = {"holder": "Bob Byrne", "ticket_type": "Three days", "order_identifier": "A7K2Q9XM"}
    return TicketPaper(**{**EVENT, **facts, "code": derive_secret("ticket", "a seed"), **changes})


def order(**changes) -> OrderPaper:
    facts = {
        "order_identifier": "A7K2Q9XM",
        "ordered_at": datetime(2026, 4, 2, 10, 12, tzinfo=UTC),
        "buyer": "Bob Byrne",
        "lines": (OrderLine(name="Three days", quantity=2, amount=Decimal("178.00")),),
        "sums": (("Discount EARLY", Decimal("-17.80")),),
        "total": Decimal("160.20"),
    }
    return OrderPaper(**{**EVENT, **facts, **changes})


def words_of(pdf: bytes) -> str:
    """All text, in reading order."""
    command = ["pdftotext", "-layout", "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def count_pages(pdf: bytes) -> int:
    return words_of(pdf).count("\f")


def scan(pdf: bytes, folder) -> list[str]:
    """What a scanner reads on each page, at the sharpness of a modest phone picture."""
    subprocess.run(["pdftoppm", "-r", "100", "-png", "-", folder / "page"], input=pdf, check=True)
    pictures = sorted(folder.glob("page*.png"))
    command = ["zbarimg", "--quiet", "--raw", "--nodbus", *pictures]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode().split()
