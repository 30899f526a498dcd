"""Invoices as PDFs: the organizer's to a buyer, and the site's to whoever owns an event."""

from datetime import date

from accounts.models import Setting
from notifications.services.attachments import Attachment
from openevent.core.refusals import Refused
from orders.documents.invoice import InvoicePaper, invoice_pdf
from orders.documents.papers import OrderLine
from orders.models import EventInvoice, Order, Tax
from orders.models.invoice import DUE
from orders.services.fees import fees_earned
from orders.services.papers import PDF, WITH_TICKETS, order_paper

WORDS = {DUE: ("Due", "warn"), "paid": ("Paid", "ok"), "failed": ("Payment failed", "bad")}


def invoice_of_order(order: Order) -> Attachment:
    """Of the organizer to the buyer; 409 before anything is owed or paid."""
    if order.current_status not in WITH_TICKETS:
        raise Refused("no-invoice-yet", "This order has no invoice in its present state.", status=409)
    said, tax = order_paper(order), Tax.objects.filter(event=order.event_id, deleted_at=None).first()
    paper = InvoicePaper(
        number=order.identifier,
        issued_on=said.ordered_on,
        about=f"{said.event_name}, {' '.join(said.when)}",
        seller=_seller_at(order.event, tax),
        buyer=_present(said.buyer, *said.buyer_address, said.buyer_email),
        lines=said.lines,
        sums=said.sums,
        total=said.total,
        currency=said.currency,
        state=said.state,
        state_kind=said.state_kind,
        instructions=said.instructions,
        footer=(tax and tax.invoice_footer) or "",
        logo=said.logo,
    )
    return Attachment(f"invoice-{order.identifier}.pdf", invoice_pdf(paper), PDF)


def _seller_at(event, tax):
    """As the tax settings have it, else by the organizer's name."""
    if tax is None:
        return _present(event.owner_name or event.name)
    town = " ".join(_present(tax.zip, tax.city))
    name = tax.registered_company or event.owner_name or event.name
    number = f"Tax ID {tax.tax_id}" if tax.tax_id else ""
    return _present(name, tax.contact_name, tax.address, town, tax.state, tax.country, tax.email, tax.phone, number)


def invoice_of_event(invoice: EventInvoice) -> Attachment:
    """Of the site to the owner of an event, for a month of its sales."""
    earned = fees_earned(order__event_invoice=invoice)[invoice.event_id, invoice.currency]
    site = Setting.current()
    word, kind = WORDS.get(invoice.status, ((invoice.status or "").capitalize(), "info"))
    paper = InvoicePaper(
        number=invoice.identifier,
        issued_on=f"{invoice.issued_at:%-d %B %Y}",
        due_on=f"{invoice.due_at:%-d %B %Y}",
        about=f"{invoice.event.name}: tickets sold in {month_words(invoice)}",
        seller=_site(site),
        buyer=_debtor(invoice.user),
        lines=(OrderLine(name="Service fee on tickets", quantity=earned.tickets, amount=invoice.amount),),
        total=invoice.amount,
        currency=invoice.currency,
        state=word,
        state_kind=kind,
        footer=site.admin_billing_additional_info or "",
    )
    return Attachment(f"invoice-{invoice.identifier}.pdf", invoice_pdf(paper), PDF)


def month_words(invoice: EventInvoice) -> str:
    return f"{date.fromisoformat(f'{invoice.month}-01'):%B %Y}"


def _site(site):
    town = " ".join(_present(site.admin_billing_zip, site.admin_billing_city))
    return _present(
        *(site.admin_company or site.app_name or "openevent", site.admin_billing_contact_name),
        *(site.admin_billing_address, town, site.admin_billing_state, site.admin_billing_country),
        *(site.admin_billing_email, site.admin_billing_phone, site.admin_billing_tax_info),
    )


def _debtor(user):
    if user is None:
        return ("Closed account",)
    town = " ".join(_present(user.billing_zip_code, user.billing_city))
    return _present(
        *(user.company, user.billing_contact_name or user.name, user.billing_address, town, user.billing_state),
        *(user.billing_country, user.email, user.billing_tax_info, user.billing_additional_info),
    )


def _present(*parts):
    return tuple(part for part in parts if part)
