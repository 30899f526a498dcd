"""Money that we owe: written down with its reason, then given back by whoever has it, however often that takes."""

import logging
from datetime import timedelta
from decimal import Decimal

from celery import shared_task
from django.db.models import F, Q
from django.utils import timezone

from accounts.services.log import record
from openevent.core.atomic import after_commit, atomic
from openevent.core.refusals import Refused
from orders.models import EventInvoice, Order, Payment, Refund
from orders.models.payment import FAILED, PAID, WAITING
from orders.payments import PROVIDERS
from orders.payments.base import ProviderAway
from orders.services.going_back import finish_refund, given_of, read_back
from orders.services.ledger import by_hand_provider, left_of

log = logging.getLogger(__name__)

MINUTES_BETWEEN = (1, 5, 15, 60, 180, 360, 720, 1440)  # nine tries within two days
PATIENCE = timedelta(minutes=3)  # before a refund that the queue should have sent is looked for
STALE = timedelta(minutes=15)  # after which whoever was at it must have died


def owe_back(
    debt: Order | EventInvoice, amount: Decimal, *, by, reason: str, attendee=None, payment=None
) -> list[Refund]:
    """Owe this much of what was paid, newest payments first; what came by hand goes back by hand.

    The caller holds the row lock of the order or invoice: two who give back at once never give more than was paid.
    """
    ways = ways_back(debt, min(amount, left_of(debt)), payment=payment)
    return [_owe(debt, part, by=by, reason=reason, attendee=attendee, payment=one) for one, part in ways]


def ways_back(debt: Order | EventInvoice, amount: Decimal, *, payment=None) -> list[tuple[Payment | None, Decimal]]:
    """By which payments so much would go back, and how much by each; without a payment it is by hand."""
    ways = []
    for one in [payment] if payment else debt.payments.filter(state=PAID).order_by("-paid_at", "-pk"):
        part = min(amount, one.amount - given_of(one))
        if part > 0:
            ways.append((one, part))
            amount -= part
    return [*ways, (None, amount)] if amount > 0 else ways


def send_back(refund_id: int) -> None:
    """Give one refund back if it waits for that. Two workers may ask at once: one of them finds it taken."""
    now = timezone.now()
    waiting = Refund.objects.filter(pk=refund_id, state=WAITING).exclude(payment=None)
    due = Q(next_try_at__lte=now) | Q(tries=0)
    if not waiting.filter(due).update(next_try_at=now + STALE, tries=F("tries") + 1):
        return
    refund = Refund.objects.select_related("payment", "order", "invoice").get(pk=refund_id)
    try:
        if refund.asked_at and not _is_still_owed(refund):
            return
        Refund.objects.filter(pk=refund.pk, asked_at=None).update(asked_at=now)
        reference = PROVIDERS[refund.provider].give_back(refund)
    except ProviderAway as away:
        wait = timedelta(minutes=MINUTES_BETWEEN[min(refund.tries, len(MINUTES_BETWEEN)) - 1])
        state = WAITING if refund.tries <= len(MINUTES_BETWEEN) else FAILED
        _note(refund, state=state, next_try_at=now + wait if state == WAITING else None, error=str(away))
    except Refused as no:
        log.warning("refund %s is refused: %s", refund.pk, no.code)
        _note(refund, state=FAILED, next_try_at=None, error=str(no))
    else:
        finish_refund(refund, reference=reference, by=refund.provider)


def try_refund_again(refund: Refund, *, by) -> None:
    """One that was given up, with as many new tries; 409 if it is not."""
    with atomic():
        changes = {"state": WAITING, "tries": 0, "error": "", "next_try_at": timezone.now() + PATIENCE}
        changes["turn"] = F("turn") + 1
        if not Refund.objects.filter(pk=refund.pk, state=FAILED).update(**changes):
            raise Refused("refund-on-its-way", "This refund is on its way, or was given.", status=409)
        record("refund.tried-again", by=by, about=refund.debt, event_id=refund.debt.event_id)
        after_commit(send_refund, refund.pk)


def due_refunds(limit: int = 200) -> list[int]:
    """Those whose time has come, also those of a worker that died."""
    due = Refund.objects.filter(state=WAITING, next_try_at__lte=timezone.now()).exclude(payment=None)
    return list(due.order_by("next_try_at").values_list("pk", flat=True)[:limit])


@shared_task
def send_refund(refund_id):
    """Here and not beside the other tasks, for those stand on services that owe money."""
    send_back(refund_id)


def _is_still_owed(refund):
    """Once the provider has heard of it, it is asked first whether it was given: keys are kept for a day or so."""
    read_back(refund.payment)
    refund.refresh_from_db(fields=["state"])
    return refund.state == WAITING


def _owe(debt, amount, *, by, reason, attendee, payment):
    refund = Refund.objects.create(
        debt=debt,
        payment=payment,
        attendee=attendee,
        provider=payment.provider if payment else by_hand_provider(debt),
        amount=amount,
        currency=debt.currency,
        reason=reason[:400],  # a note may be longer, and stands on the order
        by=by if getattr(by, "pk", None) else None,
        next_try_at=timezone.now() + PATIENCE if payment else None,
    )
    detail = {"amount": str(amount), "way": refund.provider, "reason": reason}
    record("refund.owed", by=by, about=debt, event_id=debt.event_id, **detail)
    if payment:
        after_commit(send_refund, refund.pk)
    return refund


def _note(refund, **changes):
    with atomic():
        if Refund.objects.filter(pk=refund.pk, state=WAITING).update(**changes) and changes["state"] == FAILED:
            debt = refund.debt
            record("refund.failed", by=refund.provider, about=debt, event_id=debt.event_id, why=changes["error"])
