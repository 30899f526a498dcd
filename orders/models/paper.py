"""Papers that are kept: which file holds what was printed of an order, an attendee or an invoice."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

TICKETS, SUMMARY, RECEIPT, INVOICE, EVENT_INVOICE = "tickets", "summary", "receipt", "invoice", "event invoice"
KINDS = (TICKETS, SUMMARY, RECEIPT, INVOICE, EVENT_INVOICE)
ANEW = (TICKETS, SUMMARY, RECEIPT)  # drawn anew when the order changes; what was issued never is


def about(model):
    """Without a constraint in the database: whoever keeps a file waits for nobody who is at the order or the ticket."""
    return models.ForeignKey(model, models.PROTECT, null=True, db_constraint=False, related_name="papers")


class Paper(models.Model):
    """One file. The newest of its kind about its subject is handed out while `version` is what would be printed now."""

    kind = models.CharField(max_length=20, choices=[(kind, kind.capitalize()) for kind in KINDS])
    order = about("orders.Order")
    attendee = about("orders.Attendee")  # if it is about one ticket alone
    invoice = about("orders.OrderInvoice")
    event_invoice = about("orders.EventInvoice")
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
