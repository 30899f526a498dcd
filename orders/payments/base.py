"""What a way of paying has to do. A new provider is one more file here and one more line in `__init__.py`."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from events.models import Event
from openevent.core.refusals import Refused
from orders.models import Order


@dataclass(frozen=True, kw_only=True)
class Start:
    """Where an order stands once its buyer has chosen this way of paying."""

    status: str
    payment_url: str | None = None  # where the buyer pays, or the word that clients read in its place


class Payment(ABC):
    """One way of paying: the payment mode of that name, at events that enable it."""

    mode: str
    takes_money_here = True  # whether a buyer can finish in the shop

    @abstractmethod
    def is_enabled(self, event: Event) -> bool:
        """Whether the organizer takes money this way."""

    @abstractmethod
    def start(self, order: Order) -> Start:
        """The buyer chose this mode: the state to go to. Nothing is written; the caller holds the row's lock."""

    def instructions(self, event: Event) -> str:
        """How to pay, in the organizer's own words."""
        return ""

    def is_paid(self, order: Order) -> bool:
        """Ask the provider whether the money is there. Called without a lock: it may go over the network."""
        return False

    def refund(self, order: Order) -> str:
        """Give the money back, or say in one sentence who has to."""
        raise Refused("refund-not-possible", f"Payments by {self.mode} cannot be given back from here.", status=409)
