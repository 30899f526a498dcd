"""Nothing to pay: done at once."""

from openevent.core.refusals import Refused
from orders.models.order import COMPLETED
from orders.payments.base import Payment, Start


class Free(Payment):
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

    def refund(self, order):
        return "There was nothing to pay, so there is nothing to give back."
