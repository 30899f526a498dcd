"""What printing costs: `python -m benchmarks.papers`."""

import os
import time
from datetime import UTC, datetime

import django

from benchmarks.tables import show
from orders.documents.papers import TicketPaper
from orders.documents.ticket import ticket_pdf

TIMES = 20
FACTS = {
    "event_name": "Harbour Lights Open Tech Days",
    "starts_at": datetime(2027, 4, 24, 7, tzinfo=UTC),
    "ends_at": datetime(2027, 4, 25, 16, tzinfo=UTC),
    "timezone": "Europe/Berlin",
    "place": "The Old Ropeworks, Quay Street 12, 24103 Norrhaven",
    "organizer": "Ropeworks Collective",
    "ticket_type": "Regular",
    "order_identifier": "K7MP2QXA",
}


def tickets(*holders):
    return [
        TicketPaper(**FACTS, holder=holder, code="ABCDEFGHIJKLMNOPQRSTUVWXY" + str(number))
        for number, holder in enumerate(holders)
    ]


PILES = (
    ("one ticket", tickets("Mira Aalto"), "≤ 60 ms"),
    ("an order of five", tickets("Mira Aalto", "Dario Rossi", "Zoë Żak", "Björn Weiß", "Ana Pérez"), "≤ 30 ms each"),
    ("one, in Cyrillic, Chinese and Arabic", tickets("Ана Шевченко 王明 سارة حداد"), ""),
)


def cost(pile):
    """CPU milliseconds of drawing it, the best of several."""
    best = float("inf")
    for _ in range(TIMES):
        began = time.process_time()
        paper = ticket_pdf(pile)
        best = min(best, (time.process_time() - began) * 1000)
    return best, len(paper) / 1024


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openevent.settings")
    django.setup()
    rows = []
    for name, pile, aim in PILES:
        ticket_pdf(pile)  # warm: typefaces are read once in a process
        spent, size = cost(pile)
        rows.append([name, f"{spent:.0f}", f"{spent / len(pile):.0f}", f"{size:.0f}", aim])
    show("Tickets as PDF", ("pile", "CPU ms", "a ticket", "KB", "aim"), rows)


if __name__ == "__main__":
    main()
