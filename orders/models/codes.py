"""Codes that a buyer types: discounts, and access to hidden ticket types."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from events.models.part import EventPart
from events.rules import BACKSTAGE
from openevent.core.columns import Line, flag, moment, url
from openevent.core.money import MoneyField
from orders.rules import DISCOUNTS

NOT_NEGATIVE = [MinValueValidator(0)]
AMOUNT, PERCENT = "amount", "percent"


class Code(EventPart):
    """`used` counts the tickets bought with it; without a `tickets_number` there is no limit."""

    policy = BACKSTAGE
    unversioned = frozenset({"used"})

    code = Line(max_length=200)
    is_active = flag(default=True)
    tickets_number = models.PositiveIntegerField(null=True, blank=True)
    used = models.PositiveIntegerField(default=0, editable=False)
    min_quantity = models.IntegerField(null=True, blank=True, default=1, validators=NOT_NEGATIVE)
    max_quantity = models.IntegerField(null=True, blank=True, default=100)
    valid_till = moment()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta(EventPart.Meta):
        abstract = True

    def __str__(self):
        return self.code

    def is_in_time(self, now=None):
        now = now or timezone.now()
        return (self.valid_from is None or self.valid_from <= now) and (
            self.valid_till is None or now <= self.valid_till
        )

    def covers(self, count):
        """Whether so many more tickets are within its limit, as far as this row knows."""
        return self.tickets_number is None or self.used + count <= self.tickets_number


def code_constraints(kind):
    return [
        models.CheckConstraint(
            condition=Q(tickets_number=None) | Q(used__lte=F("tickets_number")),
            name=f"{kind}_code_never_used_too_often",
        ),
        models.UniqueConstraint(
            fields=["event", "code"], condition=Q(deleted_at=None), name=f"one_{kind}_code_per_text_and_event"
        ),
    ]


class DiscountCode(Code):
    """Of the tickets that a buyer orders; or of the site's invoices for the event, once an invoice."""

    policy = DISCOUNTS

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="discount_codes")
    marketer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="discount_codes"
    )
    tickets = models.ManyToManyField("orders.Ticket", blank=True, related_name="discount_codes")
    type = models.CharField(max_length=20, choices=[(AMOUNT, "Amount"), (PERCENT, "Percent")])
    value = MoneyField(validators=NOT_NEGATIVE)
    used_for = models.CharField(max_length=20, choices=[("ticket", "Tickets"), ("event", "Event invoices")])
    discount_url = url()
    valid_from = moment()

    class Meta(Code.Meta):
        constraints = code_constraints("discount")


class AccessCode(Code):
    event = models.ForeignKey("events.Event", models.CASCADE, related_name="access_codes")
    marketer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="access_codes"
    )
    tickets = models.ManyToManyField("orders.Ticket", blank=True, related_name="access_codes")
    access_url = url()
    valid_from = models.DateTimeField()

    class Meta(Code.Meta):
        constraints = code_constraints("access")
