"""The mails of an order once more, to the same addresses."""

from accounts.services.log import record
from notifications.models import Mail
from notifications.services.mail import resend_mail
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused
from orders.models import Order
from orders.services.mails import send_ticket
from orders.services.papers import live_attendees

TO_THE_BUYER = ("order-placed", "order-completed")


def send_again(order: Order, *, by) -> Mail:
    """The newest mail with which this order's buyer was told of it; 409 if there was none."""
    mails = Mail.objects.about(order).filter(kind__in=TO_THE_BUYER, recipient=order.email)
    newest = mails.order_by("-pk").first()
    if newest is None:
        raise Refused("nothing-to-send-again", "No mail has been sent for this order yet.", status=409)
    with atomic():
        mail = resend_mail(newest, by=by)
        record("order.mail-sent-again", by=by, about=order, event_id=order.event_id)
        return mail


def send_receipts(order: Order, *, by) -> int:
    """Everybody who comes gets their own ticket again; how many have an address."""
    holders = [attendee for attendee in live_attendees(order) if attendee.email]
    with atomic():
        for attendee in holders:
            send_ticket(attendee, order, by=by)
        record("order.tickets-sent-again", by=by, about=order, event_id=order.event_id, count=len(holders))
    return len(holders)
