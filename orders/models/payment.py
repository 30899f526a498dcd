"""Money on its way: what a buyer was asked for by a provider, and what is to be given back."""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone

from openevent.core.columns import text
from openevent.core.money import MoneyField
from openevent.core.sealed import SealedText

STARTED, PAID, FAILED = "started", "paid", "failed"
WAITING, DONE, UNDONE = "waiting", "done", "undone"
OWED = (WAITING, FAILED)  # what was promised back and is not given yet
HOUSE, PROVIDER, DISPUTE = "house", "provider", "dispute"  # who began to give it back


def new_key():
    """What a provider knows a request of ours by: asked again with the same key, it does nothing twice."""
    return secrets.token_hex(16)


def states(*words):
    return [(word, word.capitalize()) for word in words]


class AboutDebt:
    """A row about money for an order, which its buyer pays, or for an invoice, which the site is paid."""

    @property
    def debt(self):
        return self.order if self.order_id else self.invoice

    @debt.setter
    def debt(self, debt):
        setattr(self, debt.bill_kind, debt)


def one_debt(name):
    of_order, of_invoice = models.Q(order=None), models.Q(invoice=None)
    return models.CheckConstraint(condition=(of_order & ~of_invoice) | (of_invoice & ~of_order), name=name)


class Payment(AboutDebt, models.Model):
    """One try to pay. It is written before the provider hears of it, and `paid` is its last state."""

    order = models.ForeignKey("orders.Order", models.PROTECT, null=True, blank=True, related_name="payments")
    invoice = models.ForeignKey("orders.EventInvoice", models.PROTECT, null=True, blank=True, related_name="payments")
    provider = models.CharField(max_length=20)  # the payment mode of that name
    kind = models.CharField(max_length=20)  # by which of the provider's calls
    account = models.CharField(max_length=200, blank=True)  # the organizer's at the provider; empty: the site's own
    key = models.CharField(max_length=40, unique=True, default=new_key)
    reference = models.CharField(max_length=200, blank=True, db_index=True)  # by which we ask how it stands
    customer = models.CharField(max_length=200, blank=True)  # the buyer, as the provider knows them
    money_reference = models.CharField(max_length=200, blank=True, db_index=True)  # of what moved the money
    amount = MoneyField()
    currency = models.CharField(max_length=3)
    pay_url = SealedText(blank=True)  # where the buyer pays
    state = models.CharField(max_length=10, default=STARTED, choices=states(STARTED, PAID, FAILED))
    error = models.TextField(blank=True)

    created_at = models.DateTimeField(default=timezone.now)
    paid_at = models.DateTimeField(null=True, blank=True)
    looks = models.PositiveSmallIntegerField(default=0)
    next_look_at = models.DateTimeField(null=True, blank=True)  # by the clock; None: no more

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "reference"],
                condition=~models.Q(reference=""),
                name="one_payment_per_reference",
            ),
            one_debt("a_payment_is_of_one_debt"),
        ]
        indexes = [
            models.Index("next_look_at", name="payment_to_look_at", condition=~models.Q(next_look_at=None)),
        ]

    def __str__(self):
        return f"{self.provider} for {self.debt}"


class Refund(AboutDebt, models.Model):
    """Money that we owe back: a line of the outbox. It stays until it is given, whoever is away meanwhile.

    Without a payment it did not pass through a provider: somebody gives it back by hand and says so. What somebody
    gave back on the provider's own pages, and what a buyer's bank took back, is kept here too; `undone` is what came
    to nothing without anybody owing it.
    """

    order = models.ForeignKey("orders.Order", models.PROTECT, null=True, blank=True, related_name="refunds")
    invoice = models.ForeignKey("orders.EventInvoice", models.PROTECT, null=True, blank=True, related_name="refunds")
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, blank=True, related_name="refunds")
    attendee = models.ForeignKey(
        "orders.Attendee", models.SET_NULL, null=True, blank=True, related_name="refunds"
    )  # if it is for one ticket
    provider = models.CharField(max_length=20)
    source = models.CharField(
        max_length=10,
        default=HOUSE,
        choices=[(HOUSE, "Here"), (PROVIDER, "On the provider’s pages"), (DISPUTE, "The buyer’s bank")],
    )
    key = models.CharField(max_length=40, unique=True, default=new_key)
    turn = models.PositiveSmallIntegerField(default=0)  # how often it was begun anew after a no
    asked_at = models.DateTimeField(null=True, blank=True)  # when the provider first heard of it
    reference = models.CharField(max_length=200, blank=True)
    amount = MoneyField()
    currency = models.CharField(max_length=3)
    reason = text(400)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    state = models.CharField(max_length=10, default=WAITING, choices=states(WAITING, DONE, FAILED, UNDONE))
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)  # by the clock; None: nobody tries by themself
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="a_refund_gives_something"),
            one_debt("a_refund_is_of_one_debt"),
            models.UniqueConstraint(
                fields=["payment", "reference"],
                condition=~models.Q(reference=""),
                name="one_refund_per_reference_of_a_payment",
            ),
        ]
        indexes = [
            models.Index("next_try_at", name="refund_to_try", condition=~models.Q(next_try_at=None)),
            models.Index(fields=["state", "created_at"], name="refund_by_state"),
        ]

    def __str__(self):
        return f"{self.amount} {self.currency} back for {self.debt}"

    @property
    def is_by_hand(self):
        return self.payment_id is None

    @property
    def present_key(self):
        """What the provider is asked with now: to a key that it has answered it would only repeat its answer."""
        return f"{self.key}-{self.turn}" if self.turn else self.key
