"""An order: who buys, what it costs, and in which state it is."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from events.models.part import PlainEventPart
from openevent.core.columns import Sought, flag, long_text, moment, text, url
from openevent.core.money import ZERO, MoneyField
from openevent.core.tokens import derive_secret, new_token
from orders.rules import ORDERS

INITIALIZING, PENDING, PLACED = "initializing", "pending", "placed"
COMPLETED, CANCELLED, EXPIRED = "completed", "cancelled", "expired"
STATUSES = (INITIALIZING, PENDING, PLACED, COMPLETED, CANCELLED, EXPIRED)
ON_THE_CLOCK = (INITIALIZING, PENDING)  # a hold, which ends at expires_at
SEATED = (INITIALIZING, PENDING, PLACED, COMPLETED)  # the states that hold seats
AT_THE_DOOR = "onsite"  # whoever pays there is let in, pays, and is awaited until then
PAYMENT_MODES = ("free", "stripe", "paypal", "bank", "cheque", "onsite", "omise", "alipay", "paytm", "invoice")
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that reads like a digit
ALPHABET = LETTERS + "23456789"


def new_order_code():
    """Eight characters to read out on a telephone; the first a letter, so never taken for a number."""
    return secrets.choice(LETTERS) + "".join(secrets.choice(ALPHABET) for _ in range(7))


def ended_holds(now=None):
    """Q: orders that the clock has ended, whether or not anybody has tidied up after them."""
    return Q(status__in=ON_THE_CLOCK, expires_at__lte=now or timezone.now())


def overdue(now=None):
    """Q: placed orders for whose money nobody waits any longer. The clock ends them within a minute."""
    return Q(status=PLACED, expires_at__lte=now or timezone.now(), deleted_at=None) & ~Q(payment_mode=AT_THE_DOOR)


def status_now(now=None):
    """The status as the clock has it: a hold that has ended is expired from that second."""
    return Case(When(ended_holds(now), then=Value(EXPIRED)), default=F("status"), output_field=models.CharField())


class Order(PlainEventPart):
    policy = ORDERS
    unversioned = frozenset({"discount_uses", "access_uses", "is_told_to_team", "sought"})
    event = models.ForeignKey("events.Event", models.PROTECT, related_name="orders")

    identifier = models.CharField(max_length=40, unique=True, default=new_order_code, editable=False)
    seed = models.CharField(max_length=64, default=new_token, editable=False)  # of the secret link
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="orders")
    first_name = text(200)
    last_name = text(200)
    email = models.EmailField(null=True, blank=True, db_index=True)  # normalised; also of guests

    status = models.CharField(
        max_length=20, default=INITIALIZING, choices=[(status, status.capitalize()) for status in STATUSES]
    )
    expires_at = moment()  # a checkout's hold, or a placed order's payment term
    amount = MoneyField(default=ZERO)
    due = MoneyField(default=ZERO, editable=False)  # of a completed order: still to be paid, for a dearer ticket
    currency = models.CharField(max_length=3, default="USD", editable=False)
    payment_mode = models.CharField(
        max_length=20, default="free", choices=[(mode, mode.capitalize()) for mode in PAYMENT_MODES]
    )
    discount_code = models.ForeignKey(
        "orders.DiscountCode", models.SET_NULL, null=True, blank=True, related_name="orders"
    )
    access_code = models.ForeignKey("orders.AccessCode", models.SET_NULL, null=True, blank=True, related_name="orders")
    marketer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="marketed_orders"
    )
    event_invoice = models.ForeignKey(  # by which the site has charged its fee on this order
        "orders.EventInvoice", models.SET_NULL, null=True, blank=True, editable=False, related_name="orders"
    )
    # How many uses of its codes' counters this order holds: none of a coupon that staff send.
    discount_uses = models.PositiveIntegerField(default=0, editable=False)
    access_uses = models.PositiveIntegerField(default=0, editable=False)
    is_told_to_team = flag(editable=False)  # by mail, that it was sold
    is_classic = flag(editable=False)  # made from attendees that were there before it

    is_billing_enabled = flag()
    company = text()
    tax_business_info = text()
    address = text(1000)
    city = text(200)
    state = text(200)
    country = text(200)
    zipcode = text(50)
    order_notes = long_text()
    cancel_note = long_text()

    transaction_id = text(200, editable=False)
    paid_via = text(50, editable=False)
    brand = text(50, editable=False)
    exp_month = text(10, editable=False)
    exp_year = text(10, editable=False)
    last4 = text(10, editable=False)
    payment_url = text(2000, editable=False)
    tickets_pdf_url = url(editable=False)

    sought = Sought(of=("identifier", "first_name", "last_name", "email"))
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    completed_at = moment(editable=False)
    deleted_at = moment(editable=False)  # by staff: gone from the API, kept for ledger and log

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "expires_at"]),
            # What an event has sold, when and for how much, is counted in this index alone.
            models.Index(
                fields=["event", "status", "created_at", "expires_at", "currency", "amount"],
                condition=Q(deleted_at=None),
                name="order_figures",
            ),
            models.Index(fields=["event", "-created_at", "-id"], name="order_newest_first"),
            models.Index(fields=["event"], condition=Q(is_told_to_team=False), name="order_to_tell_of"),
        ]

    def __str__(self):
        return self.identifier

    @classmethod
    def live_rows(cls):
        """Orders of a deleted event stay readable to their buyers."""
        return Q(deleted_at=None)

    @property
    def current_status(self):
        """The status as the clock has it."""
        ended = self.status in ON_THE_CLOCK and self.expires_at is not None and self.expires_at <= timezone.now()
        return EXPIRED if ended else self.status

    @property
    def awaited_until(self):
        """Until when the money of a placed order is awaited; None if there is no end to that."""
        return self.expires_at if self.status == PLACED and self.payment_mode != AT_THE_DOOR else None

    @property
    def secret(self):
        """The part of the order's secret link that nobody can guess. Not stored: derived from the seed."""
        return derive_secret("order-link", self.seed)

    # ── What a provider is told of what is paid; an invoice says the same of itself ──────────────────

    bill_kind = "order"

    @property
    def bill_title(self):
        return f"{self.event.name}, order {self.identifier}"

    @property
    def payer_email(self):
        return self.email

    @property
    def payer_name(self):
        return self.buyer_name

    @property
    def buyer_name(self):
        return " ".join(part for part in (self.first_name, self.last_name) if part)


class OrderLine(models.Model):
    """What was agreed for one ticket type, in the order's currency. The lines' totals sum to the amount."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    ticket = models.ForeignKey("orders.Ticket", models.PROTECT, related_name="order_lines")
    holder = models.OneToOneField(  # alone on it, because their ticket type was changed
        "orders.Attendee", models.SET_NULL, null=True, blank=True, related_name="own_line"
    )
    quantity = models.PositiveIntegerField()
    price = MoneyField()  # of one, before discount
    discount = MoneyField(default=ZERO)  # of the whole line
    fee = MoneyField(default=ZERO)  # what the buyer pays for service
    tax = MoneyField(default=ZERO)  # included in the total
    tax_name = models.CharField(max_length=200, blank=True)
    tax_rate = models.DecimalField(max_digits=6, decimal_places=3, null=True)  # in percent; None: it is not taxed
    total = MoneyField()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.quantity} × {self.ticket}"

    @property
    def is_tax_added(self):
        """Whether its tax is on top of its price, as far as the sums say."""
        return self.total == self.price * self.quantity - self.discount + self.fee + self.tax
