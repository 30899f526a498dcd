"""The ticket: one page a person, with a code that a phone reads."""

from collections.abc import Sequence
from dataclasses import replace

from orders.documents.drawing import draw, logo_picture, qr_picture, shortened, type_size
from orders.documents.papers import TicketPaper, every_text


def ticket_pdf(papers: Sequence[TicketPaper]) -> bytes:
    """All tickets in one document, in the order given."""
    title = f"{papers[0].event_name}: {'ticket' if len(papers) == 1 else f'{len(papers)} tickets'}"
    context = {"tickets": [_page(paper) for paper in papers], "count": len(papers)}
    return draw("pdf/ticket.html", context, title=title, text=every_text(papers))


def _page(paper: TicketPaper) -> dict:
    paper = replace(
        paper,
        event_name=shortened(paper.event_name, 140),
        place=shortened(paper.place, 140),
        holder=shortened(paper.holder, 100),
        ticket_type=shortened(paper.ticket_type, 70),
        state_note=shortened(paper.state_note, 90),
        contact=shortened(paper.contact, 100),
    )
    return {
        "paper": paper,
        "qr": qr_picture(paper.code),
        "logo": logo_picture(paper.logo),
        "event_size": type_size(paper.event_name, line=27),
        "holder_size": type_size(paper.holder, line=14),
        "type_size": type_size(paper.ticket_type, line=14),
    }
