"""Who lost the mail: the links to their orders, sent to the address that they were made with and nowhere else."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import normalise_email
from notifications.models import Mail
from notifications.services.mail import send_mail
from openevent.core.atomic import atomic
from orders.badges import badge_of
from orders.models import Order
from orders.models.order import COMPLETED, PENDING, PLACED
from orders.services.papers import order_link

MOST = 20  # orders in one mail, the newest
DAYS_AFTER = 30  # for which an event that is over is still listed


def send_links(address: str) -> Mail | None:
    """Mail the secret links of an address' orders to that address, and to nobody else; None if it has none.

    Whoever asks for this is told the same in any case, so it belongs behind the request.
    """
    address = normalise_email(address)
    orders = Order.objects.filter(
        email=address,
        status__in=(PENDING, PLACED, COMPLETED),
        deleted_at=None,
        event__deleted_at=None,
        event__ends_at__gte=timezone.now() - timedelta(days=DAYS_AFTER),
    )
    found = list(orders.select_related("event").order_by("-pk")[:MOST])
    if not found:
        return None
    lines = [(order.event.name, order.identifier, badge_of(order).word, order_link(order)) for order in found]
    with atomic():
        return send_mail("order-links", to=address, context={"orders": lines})
