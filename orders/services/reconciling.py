"""Finding what nobody told us of: events are followed, and providers are asked about payments, and what went back."""

import logging
import re
from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from openevent.core.refusals import Refused
from orders.models import Payment, ProviderEvent
from orders.models.payment import PAID, STARTED
from orders.payments import PROVIDERS
from orders.services.going_back import LOOKS_AFTER, read_back
from orders.services.settling import fail, settle

log = logging.getLogger(__name__)

MINUTES_BETWEEN = (2, 3, 5, 10, 15, 30, 60, 180, 360)  # looks at a payment, or tries of an event; then the last again
FIRST_TRY = timedelta(minutes=2)  # before an event that the queue should have brought is looked for
KEPT_UP = timedelta(days=3)
MONEY_BACK = re.compile("refund|dispute|revers", re.IGNORECASE)  # in the names of events that speak of it
NEVER_PAID = "Nobody paid it within three days."


def handle_event(event_id: int) -> None:
    """Ask the provider about the payment that an event speaks of, and settle what it says.

    The event itself is only a reason to ask: in whatever order events come, what is true then counts.
    """
    event = ProviderEvent.objects.filter(pk=event_id, handled_at=None).first()
    if event is None:
        return
    payment = _payment_of(event)
    if payment is None:
        _put_off(event, "No payment of ours is known by these names.")
        return
    try:
        settle(payment, PROVIDERS[payment.provider].look(payment))
        if MONEY_BACK.search(event.type):
            read_back(payment)
    except Refused as problem:
        _put_off(event, str(problem), payment=payment)
        return
    ProviderEvent.objects.filter(pk=event.pk).update(
        payment=payment, handled_at=timezone.now(), next_try_at=None, error="", tries=F("tries") + 1
    )


def due_events(limit: int = 200) -> list[int]:
    due = ProviderEvent.objects.filter(next_try_at__lte=timezone.now()).order_by("next_try_at")
    return list(due.values_list("pk", flat=True)[:limit])


def due_payments(limit: int = 200) -> list[int]:
    """Payments that are open for longer than a buyer needs."""
    due = Payment.objects.filter(next_look_at__lte=timezone.now(), state=STARTED).order_by("next_look_at")
    return list(due.values_list("pk", flat=True)[:limit])


def due_paid_payments(limit: int = 50) -> list[int]:
    """Those of which something may have gone back meanwhile. There are many and it does not hurry: a few at a time."""
    due = Payment.objects.filter(next_look_at__lte=timezone.now(), state=PAID).order_by("next_look_at")
    return list(due.values_list("pk", flat=True)[:limit])


def look_again(payment_id: int) -> None:
    """Ask the provider about one open payment, and settle what it says. After three days it is given up."""
    payment = (
        Payment.objects.select_related("order__event", "invoice__event").filter(pk=payment_id, state=STARTED).first()
    )
    if payment is None:
        return
    now = timezone.now()
    if not _take(payment, next_look_at=now + _wait(payment.looks)):
        return
    is_old = payment.created_at < now - KEPT_UP
    payment.refresh_from_db()
    try:
        settle(payment, PROVIDERS[payment.provider].look(payment))
    except Refused as problem:
        log.info("payment %s is asked about later: %s", payment.pk, problem.code)
        return
    if is_old:
        payment.refresh_from_db()
        if payment.state == STARTED:
            fail(payment, NEVER_PAID)


def look_what_went_back(payment_id: int) -> None:
    """Ask the provider what went back of one payment: a few times within three months after money has moved."""
    payment = Payment.objects.select_related("order__event", "invoice__event").filter(pk=payment_id, state=PAID).first()
    if payment is None:
        return
    days = LOOKS_AFTER[payment.looks + 1] if payment.looks + 1 < len(LOOKS_AFTER) else None
    if not _take(payment, next_look_at=days and timezone.now() + timedelta(days=days)):
        return
    try:
        read_back(payment)
    except Refused as problem:
        log.info("what went back of payment %s is asked later: %s", payment.pk, problem.code)


def _take(payment, *, next_look_at):
    """Two workers may come at once: one of them finds it taken."""
    due = Payment.objects.filter(pk=payment.pk, looks=payment.looks, next_look_at__lte=timezone.now())
    return due.update(looks=F("looks") + 1, next_look_at=next_look_at)


def _payment_of(event):
    named = Q(key__in=event.references) | Q(reference__in=event.references) | Q(money_reference__in=event.references)
    payments = Payment.objects.filter(named, provider=event.provider).select_related("order__event", "invoice__event")
    return payments.first()


def _put_off(event, why, payment=None):
    now = timezone.now()
    goes_on = event.received_at > now - KEPT_UP
    ProviderEvent.objects.filter(pk=event.pk, handled_at=None).update(
        payment=payment, error=why, tries=F("tries") + 1, next_try_at=now + _wait(event.tries) if goes_on else None
    )


def _wait(times):
    return timedelta(minutes=MINUTES_BETWEEN[min(times, len(MINUTES_BETWEEN) - 1)])
