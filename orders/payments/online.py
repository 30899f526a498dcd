"""Providers that clients know and that have no file of their own yet."""

from orders.models.order import PENDING
from orders.payments.base import Start, WayOfPaying


class Online(WayOfPaying):
    """Its order is kept pending until the hold ends; nobody asks for the money."""

    def __init__(self, mode):
        self.mode = mode

    def is_enabled(self, event):
        return getattr(event, f"can_pay_by_{self.mode}")

    def is_offered(self, event):
        return False

    def start(self, order):
        return Start(status=PENDING, payment_url=self.mode)


OTHERS = tuple(Online(mode) for mode in ("omise", "alipay", "paytm"))
