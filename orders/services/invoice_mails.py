"""The mails of an invoice: that it is there, and that it is still to be paid. Each goes out once."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.html import escape

from notifications.models import Mail
from notifications.services.attachments import Attachment
from notifications.services.mail import send_mail
from notifications.services.notify import notify
from openevent.core.atomic import atomic
from openevent.core.money import format_money
from orders.models import EventInvoice, Order
from orders.models.invoice import DUE
from orders.services.invoice_papers import invoice_of_event, invoice_of_order, month_words

ISSUED, FOLLOW_UP = "monthly-payment", "monthly-payment-follow-up"
PRE_DUE, POST_DUE = "monthly-payment-pre-due", "monthly-payment-post-due"
AFTER_ISSUE, BEFORE_DUE, AFTER_DUE = timedelta(days=13), timedelta(days=4), timedelta(days=2)


def tell_owner(invoice: EventInvoice, kind: str = ISSUED) -> None:
    """A mail with the invoice, and a line behind the bell."""
    owner, event = invoice.user, invoice.event
    if owner is None or not owner.is_active:
        return
    amount, due = format_money(invoice.amount, invoice.currency), f"{invoice.due_at:%-d %B %Y}"
    context = {
        "first_name": owner.first_name,
        "identifier": invoice.identifier,
        "event_name": event.name,
        "month": month_words(invoice),
        "amount": amount,
        "due": due,
    }
    recipe = [("event-invoice", {"invoice_id": invoice.pk})]
    send_mail(kind, to=owner.email, context=context, attachments=recipe, about=invoice)
    title, message = f"Invoice {invoice.identifier} for {event.name}", f"<p>{escape(amount)}, due on {due}.</p>"
    facts = {"about": invoice, "event_id": invoice.event_id, "action": f"/manage/{event.identifier}/invoices"}
    notify(owner, "monthly_payment", title=title, message=message, **facts)


def send_reminders(now: datetime | None = None) -> int:
    """Remind of every invoice that is due what it is time for, if that was not said before; how many there were."""
    now, sent = now or timezone.now(), 0
    due = EventInvoice.objects.filter(status=DUE, deleted_at=None, issued_at__lte=now - AFTER_ISSUE)
    due = list(due.select_related("event", "user").order_by("pk"))
    said = set(
        Mail.objects.filter(subject_type=EventInvoice._meta.model_name, subject_id__in=[str(one.pk) for one in due])
        .order_by()
        .values_list("subject_id", "kind")
    )
    for invoice in due:
        kind = _reminder(invoice, now)
        if (str(invoice.pk), kind) not in said:
            with atomic():
                tell_owner(invoice, kind)
            sent += 1
    return sent


def _reminder(invoice, now):
    if now >= invoice.due_at + AFTER_DUE:
        return POST_DUE
    return PRE_DUE if now >= invoice.due_at - BEFORE_DUE else FOLLOW_UP


def attach_invoice(invoice_id: int) -> list[Attachment]:
    invoice = EventInvoice.objects.select_related("event", "user").filter(pk=invoice_id).first()
    return [invoice_of_event(invoice)] if invoice else []


def attach_invoice_of_order(order_id: int) -> list[Attachment]:
    order = Order.objects.select_related("event", "discount_code").filter(pk=order_id).first()
    return [invoice_of_order(order)] if order and order.invoices.exists() else []
