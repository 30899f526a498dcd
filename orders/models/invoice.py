"""What the owner of an event owes the site for a month of its sales."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from openevent.core.columns import moment, text
from openevent.core.money import ZERO, MoneyField
from openevent.core.rows import SoftDeleted
from orders.rules import INVOICES

DUE, PAID, REFUNDED, FAILED = "due", "paid", "refunded", "failed"
STATUSES = (PAID, DUE, "refunding", REFUNDED, FAILED, "resolved")
PAID_VIA = ("free", "stripe", "paypal", "transfer", "onsite", "cheque")


def choices(words):
    return [(word, word.capitalize()) for word in words]


class EventInvoice(SoftDeleted):
    """Numbers have no gap, so a row is never removed; what it was made of are its orders."""

    policy = INVOICES
    event_path = "event__"

    event = models.ForeignKey("events.Event", models.PROTECT, related_name="event_invoices")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="event_invoices"
    )
    identifier = models.CharField(max_length=40, unique=True, editable=False)
    month = models.CharField(max_length=10, editable=False)  # whose sales: 2026-10
    amount = MoneyField(validators=[MinValueValidator(0)], editable=False)
    discount = MoneyField(default=ZERO, editable=False)  # by which a code has lowered the fees to this amount
    discount_code = models.ForeignKey(
        "orders.DiscountCode", models.PROTECT, null=True, blank=True, editable=False, related_name="event_invoices"
    )
    currency = models.CharField(max_length=3, editable=False)
    status = models.CharField(max_length=20, null=True, blank=True, default=DUE, choices=choices(STATUSES))

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    issued_at = models.DateTimeField(default=timezone.now, editable=False)
    due_at = models.DateTimeField(editable=False)
    completed_at = moment()

    paid_via = text(20, choices=choices(PAID_VIA))
    payment_mode = text(50)
    transaction_id = text(200)
    brand = text(50)
    exp_month = models.IntegerField(null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(12)])
    exp_year = models.IntegerField(null=True, blank=True, validators=[MinValueValidator(2015), MaxValueValidator(9999)])
    last4 = text(10)
    stripe_token = text(200)
    paypal_token = text(200)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "month", "currency"], name="one_invoice_per_event_month_and_currency"
            )
        ]
        indexes = [models.Index(fields=["status", "due_at"], name="invoice_by_status")]

    def __str__(self):
        return self.identifier

    # ── What a provider is told of what is paid; an order says the same of itself ────────────────────

    bill_kind = "invoice"

    @property
    def bill_title(self):
        return f"Invoice {self.identifier}, {self.event.name}"

    @property
    def payer_email(self):
        return self.user and self.user.email

    @property
    def payer_name(self):
        return self.user and self.user.name
