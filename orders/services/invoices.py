"""Invoices to those who own events: made for a month that is over, and settled.

An invoice is for the fees on the orders that were completed in that month. Whoever bears a fee, the buyer or the
organizer, it was the organizer who took the money.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone

from accounts.models import Setting
from accounts.services.log import record
from events.models import Event
from openevent.core.atomic import atomic
from openevent.core.money import ZERO, round_money
from orders.models import DiscountCode, EventInvoice, Order
from orders.models.codes import PERCENT
from orders.models.invoice import PAID
from orders.models.order import COMPLETED
from orders.services.fees import fees_earned
from orders.services.find_orders import midnight
from orders.services.invoice_mails import tell_owner
from orders.services.invoicing import owner_of
from orders.services.states import SERVER
from orders.services.stock import take

DUE_AFTER = timedelta(days=30)
LEAST = Decimal(2)  # less is not worth a transfer
LAST_DAY = 28  # that every month has


def issue_invoices(now: datetime | None = None) -> list[EventInvoice]:
    """Those for last month, from the day on which the site sends them; each once, however often this is called."""
    now, site = now or timezone.now(), Setting.current()
    zone = ZoneInfo(site.invoice_sending_timezone) if _is_zone(site.invoice_sending_timezone) else UTC
    today = now.astimezone(zone).date()
    if today.day < min(site.invoice_sending_day, LAST_DAY):
        return []
    ends = today.replace(day=1)
    first = (ends - timedelta(days=1)).replace(day=1)
    sold = Order.objects.filter(
        status=COMPLETED,
        amount__gt=0,
        deleted_at=None,
        event_invoice=None,
        completed_at__gte=midnight(first, zone),
        completed_at__lt=midnight(ends, zone),
    )
    due = sold.order_by("event", "currency").values_list("event", "currency").distinct()
    made = [_issue(sold.filter(event=event, currency=currency), f"{first:%Y-%m}", now) for event, currency in due]
    return [invoice for invoice in made if invoice]


def _issue(sold, month, now):
    """The invoice for these orders of one event, if they come to enough and it is not made yet."""
    with atomic():
        Setting.objects.select_for_update().get(pk=1)  # so that numbers follow one another
        orders = list(sold.select_for_update().select_related(None).values_list("pk", "event", "currency"))
        if not orders:
            return None
        _, event_id, currency = orders[0]
        ids = [pk for pk, _, _ in orders]
        fee = round_money(fees_earned(order__in=ids)[event_id, currency].fee, currency)
        event = Event.objects.get(pk=event_id)
        code, discount = _discount_on(fee, event, currency, now)
        if (
            fee - discount < LEAST
            or EventInvoice.objects.filter(event=event_id, month=month, currency=currency).exists()
        ):
            return None
        invoice = EventInvoice.objects.create(
            event=event,
            user=owner_of(event),
            identifier=_next_identifier(now),
            month=month,
            amount=fee - discount,
            discount=discount,
            discount_code=code,
            currency=currency,
            created_at=now,
            issued_at=now,
            due_at=now + DUE_AFTER,
        )
        Order.objects.filter(pk__in=ids).update_at(event_id, event_invoice=invoice)
        record(
            "invoice.issued", by=SERVER, about=invoice, event_id=event_id, amount=str(invoice.amount), currency=currency
        )
        tell_owner(invoice)
        take({}, discount=(code and code.pk, 1 if code else 0))
        return invoice


def _discount_on(fee, event, currency, now):
    """The code that the site has given to this event, if it holds now, and by how much it lowers these fees."""
    codes = DiscountCode.objects.filter(event=event, used_for="event", is_active=True, deleted_at=None).order_by("pk")
    code = next((code for code in codes if code.is_in_time(now) and code.covers(1)), None)
    if code is None or (code.type != PERCENT and currency != event.currency):
        return None, ZERO
    lowered = fee * code.value / 100 if code.type == PERCENT else code.value
    return code, min(round_money(lowered, currency), fee)


def _next_identifier(now):
    """202611U-000042: one more than the last one, whatever its month."""
    last = EventInvoice.objects.order_by("-pk").values_list("identifier", flat=True).first()
    number = int(last.rpartition("-")[2]) + 1 if last else 1
    return f"{now:%Y%m}U-{number:06}"


def _is_zone(name):
    return name in available_timezones()


def settle_invoice(invoice: EventInvoice, *, by, changes: Mapping) -> EventInvoice:
    """What staff say of its payment, or a provider. One that becomes paid was completed now, unless they say when."""
    with atomic():
        rows = EventInvoice.objects.select_for_update()
        before = rows.values_list("status", flat=True).get(pk=invoice.pk)
        for name, value in changes.items():
            setattr(invoice, name, value)
        if invoice.status == PAID and before != PAID and not changes.get("completed_at"):
            invoice.completed_at = timezone.now()
        invoice.save()
        record("invoice.settled", by=by, about=invoice, event_id=invoice.event_id, before=before, status=invoice.status)
        return invoice
