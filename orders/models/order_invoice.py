"""What a seller asks a buyer for, and takes back: invoices and credit notes, in one series of numbers without a gap."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from openevent.core.append_only import AppendOnly
from openevent.core.money import MoneyField

INVOICE, CREDIT_NOTE = "invoice", "credit note"


class InvoiceSeries(models.Model):
    """The numbers of one seller: whoever owns the event, or the event itself where nobody does.

    Who takes the next number holds this row's lock until the invoice is committed, so that there is never a gap.
    """

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="invoice_series"
    )
    event = models.OneToOneField("events.Event", models.PROTECT, null=True, blank=True, related_name="invoice_series")
    last = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "series of invoices"
        constraints = [
            models.CheckConstraint(
                condition=Q(owner=None) ^ Q(event=None), name="a_series_is_of_an_owner_or_of_an_event"
            )
        ]

    def __str__(self):
        return f"{self.pk:03}"


class OrderInvoice(AppendOnly):
    """`said` is all that the paper says, frozen when it was issued; amounts of a credit note are below zero."""

    series = models.ForeignKey(InvoiceSeries, models.PROTECT, related_name="invoices")
    number = models.PositiveIntegerField()
    event = models.ForeignKey("events.Event", models.PROTECT, related_name="order_invoices")
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="invoices")
    kind = models.CharField(max_length=20, choices=[(kind, kind.capitalize()) for kind in (INVOICE, CREDIT_NOTE)])
    total = MoneyField()
    tax = MoneyField()  # which the total contains
    currency = models.CharField(max_length=3)
    said = models.JSONField()
    issued_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = "invoice of an order"
        verbose_name_plural = "invoices of orders"
        constraints = [models.UniqueConstraint(fields=["series", "number"], name="one_invoice_per_number")]
        indexes = [models.Index(fields=["event", "issued_at"], name="order_invoice_by_event")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.identifier}"

    @property
    def identifier(self):
        """007-00042: the series, and the number within it."""
        return f"{self.series_id:03}-{self.number:05}"
