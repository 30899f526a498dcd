"""What an order's papers say, from its rows; and the PDFs drawn of them."""

from contextlib import suppress
from dataclasses import replace

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.urls import reverse

from media_pipeline.storing import open_stored, url_of
from notifications.services.attachments import Attachment
from openevent.core.refusals import Refused
from orders.badges import badge_of
from orders.documents.order_summary import order_summary_pdf
from orders.documents.papers import OrderLine, OrderPaper, TicketPaper
from orders.documents.ticket import ticket_pdf
from orders.models import Attendee, Order
from orders.models import OrderLine as Line
from orders.models.order import COMPLETED, PLACED
from orders.models.paper import SUMMARY, TICKETS
from orders.payments import OFFLINE_MODES, payment_of
from orders.services.kept_papers import kept

PDF = "application/pdf"
WITH_TICKETS = (PLACED, COMPLETED)
LARGEST_LOGO = 4_000_000  # bytes


def order_link(order: Order) -> str:
    """The order's secret link: it opens the order to whoever has it, so it goes to the buyer alone."""
    return settings.BASE_URL + reverse("order", args=(order.identifier, order.secret))


def live_attendees(order: Order) -> list[Attendee]:
    return list(order.attendees.filter(deleted_at=None).select_related("ticket").order_by("pk"))


# ── Papers: what is said ─────────────────────────────────────────────────────────────────────────


def event_facts(event) -> dict:
    """What every paper and mail says of the event."""
    return {
        "event_name": event.name,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "timezone": event.timezone,
        "place": place_of(event),
        "organizer": event.owner_name or "",
        "contact": event.external_event_url or settings.BASE_URL + reverse("event", args=(event.identifier,)),
    }


def place_of(event) -> str:
    return ", ".join(part for part in (event.location_name, event.town) if part) or ("Online" if event.online else "")


def ticket_papers(order: Order, attendees: list[Attendee]) -> list[TicketPaper]:
    facts = event_facts(order.event)
    badge = badge_of(order)
    note = "" if order.status == COMPLETED else "It lets nobody in before it is paid."
    return [
        TicketPaper(
            **facts,
            holder=attendee.name or order.buyer_name or order.identifier,
            ticket_type=attendee.ticket.name,
            order_identifier=order.identifier,
            code=attendee.printed_code,
            state=badge.word,
            state_kind=badge.kind,
            state_note=note,
        )
        for attendee in attendees
    ]


def order_paper(order: Order, attendees: list[Attendee] | None = None) -> OrderPaper:
    attendees = live_attendees(order) if attendees is None else attendees
    lines = list(order.lines.select_related("ticket"))
    badge = badge_of(order)
    return OrderPaper(
        **event_facts(order.event),
        order_identifier=order.identifier,
        ordered_at=order.created_at,
        buyer=order.buyer_name or order.email or "",
        buyer_email=order.email or "",
        buyer_address=address_of(order),
        lines=tuple(
            OrderLine(name=line.ticket.name, quantity=line.quantity, amount=line.price * line.quantity)
            for line in lines
        ),
        sums=tuple(sums_of(order, lines)),
        total=order.amount,
        currency=order.currency,
        state=badge.word,
        state_kind=badge.kind,
        instructions=how_to_pay(order),
        holders=tuple((attendee.name, attendee.ticket.name) for attendee in attendees if attendee.name),
    )


def how_to_pay(order: Order) -> str:
    """The organizer's own words to whoever still owes them money."""
    awaits = order.status == PLACED and order.payment_mode in OFFLINE_MODES
    return payment_of(order.payment_mode).instructions(order.event) if awaits else ""


def address_of(order: Order) -> tuple[str, ...]:
    """To whom an invoice goes, below the name."""
    if not order.is_billing_enabled:
        return ()
    town = " ".join(present(order.zipcode, order.city))
    return present(order.company, order.tax_business_info, order.address, town, order.state, order.country)


def buyer_of(order: Order) -> tuple[str, ...]:
    """Name, address and e-mail, each once."""
    return present(order.buyer_name or order.email, *address_of(order), order.buyer_name and order.email)


def sums_of(order: Order, lines: list[Line], *, says_included: bool = True):
    """What stands between lines and total. A tax within the prices is no part of the sum, and can be left out."""
    discount, fee, tax = (sum(getattr(line, name) for line in lines) for name in ("discount", "fee", "tax"))
    if discount > 0:
        yield f"Discount {order.discount_code.code}" if order.discount_code else "Discount", -discount
    elif discount:
        yield "Surcharge", -discount
    if fee:
        yield "Booking fee", fee
    goods = sum(line.price * line.quantity for line in lines)
    is_included = goods - discount + fee == order.amount
    if tax and (says_included or not is_included):
        words = next(words for line in lines if line.tax and (words := words_of_tax(line)))
        yield f"including {words}" if is_included else words, tax


def words_of_tax(line: Line) -> str:
    """“VAT 19%”; empty where there is none."""
    if line.tax_rate is None:
        return "Tax" if line.tax else ""
    return f"{line.tax_name or 'Tax'} {line.tax_rate.normalize():f}%"


def day_of(moment, event) -> str:
    return f"{moment.astimezone(event.zone):%-d %B %Y}"


def present(*parts) -> tuple[str, ...]:
    return tuple(part for part in parts if part)


# ── PDFs ─────────────────────────────────────────────────────────────────────────────────────────


def tickets_of_order(order: Order, attendees: list[Attendee] | None = None) -> Attachment:
    """A PDF with every ticket of an order, or with some; 409 while there are none to show."""
    if order.current_status not in WITH_TICKETS:
        raise Refused("no-tickets-yet", "This order has no tickets to show in its present state.", status=409)
    attendees = live_attendees(order) if attendees is None else attendees
    if not attendees:
        raise Refused("no-tickets-yet", "This order has no tickets left.", status=409)
    one = attendees[0] if len(attendees) == 1 else None
    name = f"{order.identifier}-{one.identifier}" if one else order.identifier
    papers = ticket_papers(order, attendees)
    pdf = kept(
        TICKETS,
        (papers, order.event.logo_url),
        lambda: ticket_pdf(with_logo(papers, order.event)),
        order=order,
        attendee=one,
    )
    return Attachment(f"tickets-{name}.pdf", pdf, PDF)


def ticket_of_attendee(attendee: Attendee) -> Attachment:
    if attendee.order is None:
        raise Refused("no-tickets-yet", "Nobody has ordered this ticket yet.", status=409)
    return tickets_of_order(attendee.order, [attendee])


def summary_of_order(order: Order) -> Attachment:
    paper = order_paper(order)
    pdf = kept(
        SUMMARY,
        (paper, order.event.logo_url),
        lambda: order_summary_pdf(*with_logo([paper], order.event)),
        order=order,
    )
    return Attachment(f"order-{order.identifier}.pdf", pdf, PDF)


def with_logo(papers: list, event) -> list:
    """The same papers with the event's own logo, if it is kept here: nothing is fetched from elsewhere for a paper."""
    logo, ours = None, url_of("")
    if (event.logo_url or "").startswith(ours):
        with (
            suppress(OSError, ValueError, SuspiciousFileOperation),
            open_stored(event.logo_url.removeprefix(ours)) as file,
        ):
            logo = file.read(LARGEST_LOGO)
    return [replace(paper, logo=logo) for paper in papers]
