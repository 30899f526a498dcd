"""Nothing to pay: done at once."""

from openevent.core.refusals import Refused
from orders.models.order import COMPLETED
from orders.payments.base import Start, WayOfPaying


class Free(WayOfPaying):
    mode = "free"

    def is_enabled(self, event):
        return True

    def start(self, order):
        if order.amount:
            raise Refused(
                "payment-mode-missing",
                "This order is not free: choose how to pay.",
                pointer="/data/attributes/payment-mode",
            )
        return Start(status=COMPLETED)
