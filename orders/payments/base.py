"""What a way of paying has to do. A new one is one more file here and one more line in `__init__.py`."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from events.models import Event
from openevent.core.refusals import Refused
from orders.models import Order, Payment, Refund


@dataclass(frozen=True, kw_only=True)
class Start:
    """Where an order stands once its buyer has chosen this way of paying."""

    status: str
    payment_url: str | None = None  # where the buyer pays, or the word that clients read in its place


class WayOfPaying(ABC):
    """One way of paying: the payment mode of that name, at events that enable it."""

    mode: str

    @abstractmethod
    def is_enabled(self, event: Event) -> bool:
        """Whether the organizer takes money this way."""

    def is_offered(self, event: Event) -> bool:
        """Whether a buyer can finish this way in the shop."""
        return self.is_enabled(event)

    @abstractmethod
    def start(self, order: Order) -> Start:
        """The buyer chose this mode: the state to go to. Nothing is written; the caller holds the row's lock."""

    def instructions(self, event: Event) -> str:
        """How to pay, in the organizer's own words."""
        return ""


# ── Providers: those who are asked over the network ──────────────────────────────────────────────────


class ProviderAway(Refused):
    """The provider did not answer, or nothing that can be read: nobody knows whether it has done what we asked."""

    def __init__(self, name):
        detail = f"{name} does not answer at the moment. Your places are still held: try again in a minute."
        super().__init__("provider-away", detail, status=503, retry_after=30)


class Declined(Refused):
    """The provider answered no, and this is why."""

    def __init__(self, why, *, code="payment-declined", pointer=None):
        super().__init__(code, why, pointer=pointer)


class Forged(Refused):
    """A message that says it comes from the provider, and does not show it."""

    def __init__(self, why):
        super().__init__("not-from-the-provider", why, status=400)


@dataclass(frozen=True, kw_only=True)
class Pages:
    """Where the provider sends the buyer back to."""

    success: str
    cancel: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """How a payment stands, as the provider says."""

    state: str  # of orders.models.payment
    reference: str = ""  # by which it is asked for from now on, if that is new
    money_reference: str = ""  # of what moved the money
    amount: Decimal | None = None
    currency: str = ""
    error: str = ""
    pay_url: str = ""
    card: Mapping = field(default_factory=dict)  # brand, last4, exp_month, exp_year
    answer: Mapping = field(default_factory=dict)  # what clients are shown of it


@dataclass(frozen=True, kw_only=True)
class Returned:
    """Something that went back of a payment, or was to, as the provider says; whoever asked for it."""

    reference: str
    amount: Decimal
    key: str = ""  # with which we have asked for it, if we have
    is_gone: bool = True  # or it came to nothing
    is_dispute: bool = False  # the buyer's bank took it
    is_decided: bool = True
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Told:
    """An event that the provider sent by itself, its signature checked."""

    event_id: str
    type: str
    references: tuple[str, ...]  # of the payment, by the provider's ids and by our key


class Provider(WayOfPaying):
    """Takes the money on a page of its own. None of its calls is made within a unit of work."""

    name: str

    @abstractmethod
    def has_keys(self) -> bool:
        """Whether the site has an account there."""

    def account_of(self, event: Event) -> str:
        """The organizer's own account at the provider; empty if the site's own takes the money."""
        return ""

    @abstractmethod
    def ask(self, payment: Payment, *, pages: Pages | None = None, token: str = "") -> Found:
        """Ask for the money of a payment that was written down. Asked again with the same key, it is the same."""

    @abstractmethod
    def look(self, payment: Payment) -> Found:
        """How a payment stands. Changes nothing."""

    @abstractmethod
    def give_back(self, refund: Refund) -> str:
        """Give back once, however often it is called with the same key; the provider's reference of it."""

    @abstractmethod
    def returns(self, payment: Payment) -> list[Returned]:
        """What went back of a payment, the oldest first. Changes nothing."""

    @abstractmethod
    def read_event(self, body: bytes, headers: Mapping[str, str]) -> Told:
        """What the provider tells, from the raw body; Forged if it is not theirs."""
