"""What the site charges for a ticket, by country and currency."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from events.services.currencies import CURRENCIES
from openevent.core.columns import Line
from openevent.core.money import MoneyField
from openevent.core.policies import SETTINGS
from openevent.core.rows import Row

EVERYWHERE = "global"  # the country of the fee where none of its own is set
CHARGED_IN = frozenset({*CURRENCIES, "RUB"})


def check_currency(name):
    if name not in CHARGED_IN:
        raise ValidationError("There is no such currency. Name one like EUR.")


class TicketFee(Row):
    """A part of the price of each ticket, in percent, and the most that it may come to."""

    policy = SETTINGS

    country = Line(max_length=100, default=EVERYWHERE)
    currency = models.CharField(max_length=3, null=True, blank=True, validators=[check_currency])
    service_fee = models.DecimalField(
        max_digits=6,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    maximum_fee = MoneyField(null=True, blank=True, validators=[MinValueValidator(0)])

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["currency", "country"], name="one_ticket_fee_per_currency_and_country")
        ]

    def __str__(self):
        return f"{self.service_fee or 0}% in {self.country}, {self.currency}"
