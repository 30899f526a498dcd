"""The buyer's mail once more, to the same address."""

from accounts.services.log import record
from notifications.models import Mail
from notifications.services.mail import resend_mail
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused
from orders.models import Order

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
