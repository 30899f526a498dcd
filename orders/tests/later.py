"""What the clock does once enough of it has passed."""

from django.utils import timezone

from notifications.models import Mail
from notifications.tasks import send_waiting_mails
from orders.models import Payment, Refund
from orders.tasks import reconcile, release_expired_holds, send_waiting_refunds


def let_the_clock_repair():
    """Everything that waits for its time has come to it, and every sweeper goes round."""
    now = timezone.now()
    for rows, moment in (
        (Payment.objects, "next_look_at"),
        (Refund.objects, "next_try_at"),
        (Mail.objects, "next_attempt_at"),
    ):
        rows.exclude(**{moment: None}).update(**{moment: now})
    reconcile()
    send_waiting_refunds()
    send_waiting_mails()
    release_expired_holds()
