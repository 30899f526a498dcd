"""The ledger: every amount that moved, once, for good."""

from django.db import models
from django.utils import timezone

from openevent.core.append_only import AppendOnly
from openevent.core.money import MoneyField
from orders.models.payment import AboutDebt, one_debt


class LedgerLine(AboutDebt, AppendOnly):
    """An amount that came in, or with a minus went back. What was wrong is put right by another line.

    Without an event it is the site's own money: what it was paid for an invoice.
    """

    event = models.ForeignKey("events.Event", models.PROTECT, null=True, blank=True, related_name="ledger")
    order = models.ForeignKey("orders.Order", models.PROTECT, null=True, blank=True, related_name="ledger")
    invoice = models.ForeignKey("orders.EventInvoice", models.PROTECT, null=True, blank=True, related_name="ledger")
    payment = models.ForeignKey("orders.Payment", models.PROTECT, null=True, blank=True, related_name="ledger")
    refund = models.ForeignKey("orders.Refund", models.PROTECT, null=True, blank=True, related_name="ledger")
    provider = models.CharField(max_length=20)  # the payment mode by which it moved, or "by hand"
    reference = models.CharField(max_length=200, blank=True)  # as the provider names it
    amount = MoneyField()
    currency = models.CharField(max_length=3)
    time = models.DateTimeField(default=timezone.now)
    by_name = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["event", "time"], name="ledger_by_event"),
            models.Index(fields=["provider", "currency"], name="ledger_by_provider"),
        ]
        constraints = [
            one_debt("a_line_is_of_one_debt"),
            # However often a provider says so, a payment comes in once, and a refund goes out and comes back once.
            models.UniqueConstraint(
                fields=["payment"], condition=models.Q(refund=None), name="a_payment_is_booked_once"
            ),
            models.UniqueConstraint(
                fields=["refund", "reference"], condition=models.Q(amount__lt=0), name="a_refund_is_booked_once"
            ),
            models.UniqueConstraint(
                fields=["refund", "reference"], condition=models.Q(amount__gt=0), name="a_refund_comes_back_once"
            ),
        ]

    def __str__(self):
        return f"{self.amount} {self.currency} {self.provider}"
