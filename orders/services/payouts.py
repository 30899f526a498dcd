"""What of an event's money is its organizer's in the end, where it lies, and who pays it out to them.

What providers keep for themselves is not in our ledger: it stands on their own statements, and is not guessed here.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from events.models import Event
from openevent.core.money import ZERO, round_money
from orders.models import LedgerLine, Refund
from orders.models.payment import OWED
from orders.payments import PROVIDERS
from orders.services.fees import fees_earned
from orders.services.find_ledger import Balance, balances_of

SITE, OWN, HAND = "with_site", "with_providers", "by_hand"


@dataclass(frozen=True, kw_only=True)
class Payout:
    """In one currency: where it lies, what of it is promised back, and the site's fee, which is invoiced by itself."""

    currency: str
    with_site: Decimal = ZERO
    with_providers: Decimal = ZERO
    by_hand: Decimal = ZERO
    owed_by_site: Decimal = ZERO  # of what is with the site: it pays out what is left after that
    owed: Decimal = ZERO
    fee: Decimal = ZERO

    @property
    def from_site(self) -> Decimal:
        return self.with_site - self.owed_by_site

    @property
    def kept(self) -> Decimal:
        """What is the organizer's once everything that is promised has gone back."""
        return self.with_site + self.with_providers + self.by_hand - self.owed


def holder_of(balance: Balance) -> str:
    """Who has this money: the site, a provider for the organizer, or the organizer themselves."""
    if balance.provider not in PROVIDERS:
        return HAND
    return OWN if balance.account else SITE


def payouts_of(event: Event) -> list[Payout]:
    sums = defaultdict(lambda: defaultdict(lambda: ZERO))
    for balance in balances_of(LedgerLine.objects.filter(event=event)):
        sums[balance.currency][holder_of(balance)] += balance.left
    open_ones = Refund.objects.filter(order__event=event, state__in=OWED).order_by()
    open_ones = open_ones.values_list("currency", "provider", "payment__account").annotate(Sum("amount"))
    for currency, provider, account, amount in open_ones:
        amount = round_money(amount, currency)  # SQLite adds in floating point
        sums[currency]["owed"] += amount
        if provider in PROVIDERS and not account:
            sums[currency]["owed_by_site"] += amount
    for (_, currency), earned in fees_earned(order__event=event).items():
        if currency in sums:
            sums[currency]["fee"] += earned.fee
    return [Payout(currency=currency, **parts) for currency, parts in sorted(sums.items())]
