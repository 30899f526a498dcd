"""What is sold: ticket types with their price, their stock and their rules; tags; the event's tax."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from events.models.part import EventPart
from openevent.core.columns import Line, flag, long_text, rich_text, text
from openevent.core.money import ZERO, MoneyField
from orders.rules import TAXES, TICKETS

FREE, PAID, DONATION = "free", "paid", "donation"
KINDS = {  # the contract's spellings: with a registration form or without, they cost the same
    "free": FREE,
    "paid": PAID,
    "donation": DONATION,
    "registration": FREE,
    "freeRegistration": FREE,
    "paidRegistration": PAID,
    "donationRegistration": DONATION,
}
NOT_NEGATIVE = [MinValueValidator(0)]


class Ticket(EventPart):
    """A ticket type. `reserved` counts the seats that are held or sold; no row goes above its quantity."""

    policy = TICKETS
    unversioned = frozenset({"reserved"})

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="tickets")
    name = Line(max_length=400)
    description = rich_text()
    type = models.CharField(max_length=40, choices=[(kind, kind) for kind in KINDS])
    price = MoneyField(null=True, blank=True, default=ZERO, validators=NOT_NEGATIVE)
    min_price = MoneyField(default=ZERO, validators=NOT_NEGATIVE)
    max_price = MoneyField(null=True, blank=True, default=ZERO, validators=NOT_NEGATIVE)
    quantity = models.PositiveIntegerField(default=100)
    reserved = models.PositiveIntegerField(default=0, editable=False)
    position = models.IntegerField(null=True, blank=True, default=1)
    min_order = models.PositiveIntegerField(default=1)
    max_order = models.PositiveIntegerField(default=10)
    sales_starts_at = models.DateTimeField()
    sales_ends_at = models.DateTimeField()
    is_fee_absorbed = flag()
    is_hidden = flag()
    is_description_visible = flag()
    is_checkin_restricted = flag(default=True)
    auto_checkin_enabled = flag()
    form_id = text(200)
    badge_id = text(200)
    ticket_tags = models.ManyToManyField("orders.TicketTag", blank=True, related_name="tickets")

    class Meta(EventPart.Meta):
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(reserved__lte=F("quantity")), name="never_more_sold_than_there_are"),
            models.UniqueConstraint(
                fields=["event", "name"], condition=Q(deleted_at=None), name="one_ticket_type_per_name_and_event"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def kind(self):
        """free, paid or donation."""
        return KINDS.get(self.type, PAID)

    @property
    def available(self):
        """Seats left, not counting holds that have ended but still stand in the counter."""
        return max(self.quantity - self.reserved, 0)

    def is_on_sale(self, now=None):
        return self.sales_starts_at <= (now or timezone.now()) <= self.sales_ends_at


class TicketTag(EventPart):
    event = models.ForeignKey("events.Event", models.CASCADE, related_name="ticket_tags")
    name = text()

    class Meta(EventPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["event", "name"], condition=Q(deleted_at=None), name="one_ticket_tag_per_name_and_event"
            )
        ]

    def __str__(self):
        return self.name or ""


class Tax(EventPart):
    policy = TAXES

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="taxes")
    name = Line(max_length=200, blank=True, default="")
    rate = models.DecimalField(
        max_digits=6, decimal_places=3, default=0, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    is_tax_included_in_price = flag()
    country = text(200)
    tax_id = Line(max_length=200, blank=True, default="")
    should_send_invoice = flag()
    is_invoice_sent = flag()
    registered_company = text()
    contact_name = text()
    phone = text(100)
    email = text(254)
    address = text(1000)
    city = text(200)
    state = text(200)
    zip = text(50)
    invoice_footer = long_text()

    class Meta(EventPart.Meta):
        verbose_name_plural = "taxes"
        constraints = [
            models.UniqueConstraint(fields=["event"], condition=Q(deleted_at=None), name="one_tax_per_event")
        ]

    def __str__(self):
        return f"{self.name} {self.rate.normalize():f}%"
