"""Invoices as PDFs: the organizer's to a buyer, and the site's to whoever owns an event."""

from datetime import date
from decimal import Decimal

from accounts.models import Setting
from notifications.services.attachments import Attachment
from openevent.core.refusals import Refused
from orders.documents.invoice import InvoicePaper, Rate, invoice_pdf
from orders.documents.papers import OrderLine
from orders.models import EventInvoice, Order, OrderInvoice
from orders.models import paper as papers
from orders.models.invoice import DUE
from orders.models.order_invoice import INVOICE
from orders.services.fees import fees_earned
from orders.services.kept_papers import kept
from orders.services.papers import PDF, WITH_TICKETS, day_of, present, summary_of_order, with_logo

WORDS = {DUE: ("Due", "warn"), "paid": ("Paid", "ok"), "failed": ("Payment failed", "bad")}
KINDS = {"Paid": "ok", "Partly paid": "warn", "To be paid": "warn"}


def invoice_of_order(order: Order) -> Attachment:
    """The organizer's to the buyer; 409 before anything is owed or paid. What was free has a summary in its place."""
    if invoice := order.invoices.filter(kind=INVOICE).last():
        return paper_of_invoice(invoice)
    if order.amount or order.current_status not in WITH_TICKETS:
        raise Refused("no-invoice-yet", "This order has no invoice in its present state.", status=409)
    return summary_of_order(order)


def paper_of_invoice(invoice: OrderInvoice) -> Attachment:
    """An invoice or credit note as it was issued: what it says never changes."""
    paper = _paper_of(invoice)
    pdf = kept(
        papers.INVOICE,
        paper,
        lambda: invoice_pdf(*with_logo([paper], invoice.event)),
        looks=False,
        order=invoice.order,
        invoice=invoice,
    )
    return Attachment(f"{invoice.kind.replace(' ', '-')}-{invoice.identifier}.pdf", pdf, PDF)


def _paper_of(invoice):
    said = invoice.said
    return InvoicePaper(
        title=str(invoice),
        number=invoice.identifier,
        issued_on=day_of(invoice.issued_at, invoice.event),
        about=said["about"],
        order=said["order"],
        corrects=said["corrects"],
        seller=tuple(said["seller"]),
        buyer=tuple(said["buyer"]),
        lines=tuple(
            OrderLine(name=name, quantity=quantity, amount=Decimal(amount)) for name, quantity, amount in said["lines"]
        ),
        sums=tuple((words, Decimal(amount)) for words, amount in said["sums"]),
        rates=tuple(
            Rate(rate["words"], Decimal(rate["net"]), Decimal(rate["tax"]), Decimal(rate["gross"]))
            for rate in said["rates"]
        ),
        total=invoice.total,
        currency=invoice.currency,
        state=said["state"],
        state_kind=KINDS.get(said["state"], "info"),
        instructions=said["instructions"],
        footer=said["footer"],
    )


# ── Of the site ──────────────────────────────────────────────────────────────────────────────────────


def invoice_of_event(invoice: EventInvoice) -> Attachment:
    """Of the site to the owner of an event, for a month of its sales."""
    earned = fees_earned(order__event_invoice=invoice)[invoice.event_id, invoice.currency]
    site = Setting.current()
    word, kind = WORDS.get(invoice.status, ((invoice.status or "").capitalize(), "info"))
    paper = InvoicePaper(
        title=f"Invoice {invoice.identifier}",
        number=invoice.identifier,
        issued_on=f"{invoice.issued_at:%-d %B %Y}",
        due_on=f"{invoice.due_at:%-d %B %Y}",
        about=f"{invoice.event.name}: tickets sold in {month_words(invoice)}",
        seller=_site(site),
        buyer=_debtor(invoice.user),
        lines=(
            OrderLine(name="Service fee on tickets", quantity=earned.tickets, amount=invoice.amount + invoice.discount),
        ),
        sums=((f"Discount {invoice.discount_code}", -invoice.discount),) if invoice.discount else (),
        total=invoice.amount,
        currency=invoice.currency,
        state=word,
        state_kind=kind,
        footer=site.admin_billing_additional_info or "",
    )
    pdf = kept(papers.EVENT_INVOICE, paper, lambda: invoice_pdf(paper), event_invoice=invoice)
    return Attachment(f"invoice-{invoice.identifier}.pdf", pdf, PDF)


def month_words(invoice: EventInvoice) -> str:
    return f"{date.fromisoformat(f'{invoice.month}-01'):%B %Y}"


def _site(site):
    town = " ".join(present(site.admin_billing_zip, site.admin_billing_city))
    return present(
        *(site.admin_company or site.app_name or "openevent", site.admin_billing_contact_name),
        *(site.admin_billing_address, town, site.admin_billing_state, site.admin_billing_country),
        *(site.admin_billing_email, site.admin_billing_phone, site.admin_billing_tax_info),
    )


def _debtor(user):
    if user is None:
        return ("Closed account",)
    town = " ".join(present(user.billing_zip_code, user.billing_city))
    return present(
        *(user.company, user.billing_contact_name or user.name, user.billing_address, town, user.billing_state),
        *(user.billing_country, user.email, user.billing_tax_info, user.billing_additional_info),
    )
