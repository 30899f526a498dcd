"""Money that the organizer receives without us: the order is placed until they mark it paid."""

from orders.models.order import PLACED
from orders.payments.base import Start, WayOfPaying


class Offline(WayOfPaying):
    def __init__(self, mode, *, switch, words):
        self.mode, self.switch, self.words = mode, switch, words

    def is_enabled(self, event):
        return getattr(event, self.switch)

    def start(self, order):
        return Start(status=PLACED)

    def instructions(self, event):
        return getattr(event, self.words) or ""


OFFLINE = (
    Offline("bank", switch="can_pay_by_bank", words="bank_details"),
    Offline("cheque", switch="can_pay_by_cheque", words="cheque_details"),
    Offline("onsite", switch="can_pay_onsite", words="onsite_details"),
    Offline("invoice", switch="can_pay_by_invoice", words="invoice_details"),
)
