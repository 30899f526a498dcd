"""Providers that take the money on a page of their own: the order is pending until they say that it is paid."""

from orders.models.order import PENDING
from orders.payments.base import Payment, Start


class Online(Payment):
    """What they have in common. One that has no file of its own yet keeps its order pending until the hold ends."""

    takes_money_here = False

    def __init__(self, mode):
        self.mode = mode

    def is_enabled(self, event):
        return getattr(event, f"can_pay_by_{self.mode}")

    def start(self, order):
        return Start(status=PENDING, payment_url=self.mode)


ONLINE = tuple(Online(mode) for mode in ("stripe", "paypal", "omise", "alipay", "paytm"))
