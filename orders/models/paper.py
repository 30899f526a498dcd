"""Papers that are kept: which file holds what was printed of an order, an attendee or an invoice."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

TICKETS, SUMMARY, RECEIPT, INVOICE, EVENT_INVOICE = "tickets", "summary", "receipt", "invoice", "event invoice"
KINDS = (TICKETS, SUMMARY, RECEIPT, INVOICE, EVENT_INVOICE)
ANEW = (TICKETS, SUMMARY, RECEIPT)  # drawn anew when the order changes; what was issued never is


class Paper(models.Model):
    """One file. The newest of its kind about its subject is handed out while `version` is what would be printed now."""

    kind = models.CharField(max_length=20, choices=[(kind, kind.capitalize()) for kind in KINDS])
    order = models.ForeignKey("orders.Order", models.PROTECT, null=True, related_name="papers")
    attendee = models.ForeignKey(  # if it is about one ticket alone
        "orders.Attendee", models.PROTECT, null=True, related_name="papers"
    )
    invoice = models.ForeignKey("orders.OrderInvoice", models.PROTECT, null=True, related_name="papers")
    event_invoice = models.ForeignKey("orders.EventInvoice", models.PROTECT, null=True, related_name="papers")
    version = models.CharField(max_length=64)  # a hash of all that it says
    file = models.CharField(max_length=200)  # by which the private storage knows it
    made_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True)  # its file goes soon after

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index("superseded_at", name="paper_to_remove", condition=~Q(superseded_at=None)),
        ]

    def __str__(self):
        about = self.attendee or self.invoice or self.event_invoice or self.order
        return f"{self.get_kind_display()}: {about}"
