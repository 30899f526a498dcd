"""Which of an event's attendees are meant: by words or order code, state, ticket type. And a list of them by pages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from orders.models import Attendee, Order
from orders.models.order import CANCELLED, COMPLETED, EXPIRED, ON_THE_CLOCK, PLACED
from orders.services.admission import AT_THE_DOOR as PAID_AT_THE_DOOR
from orders.services.find_orders import LONGEST, has_status_now, says, words_of

SOLD, PAID, AWAITING, HELD, GONE, EVERYBODY = "sold", "paid", "awaiting", "held", "gone", "all"
EXPECTED, IN, OUT = "expected", "in", "out"
STATES = {  # what a state is called
    SOLD: "With a ticket",
    EXPECTED: "To come",
    IN: "In",
    OUT: "Gone out",
    PAID: "Paid or free",
    AWAITING: "Awaiting payment",
    HELD: "In checkout",
    GONE: "Cancelled or expired",
    EVERYBODY: "Everybody",
}
AT_THE_DOOR = {  # of those whom it lets in: so the door counts them too
    EXPECTED: Q(is_checked_in=False, is_checked_out=False),
    IN: Q(is_checked_in=True),
    OUT: Q(is_checked_in=False, is_checked_out=True),
}
STATUSES = {
    SOLD: (PLACED, COMPLETED),
    PAID: (COMPLETED,),
    AWAITING: (PLACED,),
    HELD: ON_THE_CLOCK,
    GONE: (CANCELLED, EXPIRED),
}
CODE = re.compile(r"[A-Za-z][A-Za-z0-9-]{3,39}")


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list of attendees is narrowed to. Made of a query string by `Filters.of`: what makes no sense is left out.

    Without a state it is those with a ticket. People without an order hold no seat and are never meant.
    """

    q: str = ""
    ticket: int | None = None
    state: str = SOLD
    order: str = ""  # the whole code of one

    @classmethod
    def of(cls, given: Mapping) -> "Filters":
        def said(name):
            return " ".join(given.get(name, "").replace("\x00", " ").split())[:LONGEST]

        return cls(
            q=said("q"),
            ticket=int(said("ticket")) if re.fullmatch(r"[0-9]{1,18}", said("ticket")) else None,
            state=said("state") if said("state") in STATES else SOLD,
            order=said("order"),
        )

    def rows(self, event) -> QuerySet[Attendee]:
        """The attendees meant, in no particular order."""
        rows = Attendee.objects.filter(in_state(self.state, event), event=event, deleted_at=None)
        if self.ticket is not None:
            rows = rows.filter(ticket=self.ticket)
        if self.order:
            rows = rows.filter(order__identifier=self.order.upper())
        return rows.filter(_found(event, self.q)) if words_of(self.q) else rows

    def pairs(self, **change) -> list[tuple[str, str]]:
        """What a query string or a form would say, with changes: `pairs(state="in")`."""
        blank, said = vars(Filters()), {**vars(self), **change}
        return [(name, str(value)) for name, value in said.items() if value not in (None, "", blank.get(name))]

    def query(self, **change) -> str:
        return urlencode(self.pairs(**change))

    def without(self, *names) -> "Filters":
        blank = Filters()
        return replace(self, **{name: getattr(blank, name) for name in names})


def in_state(state: str, event) -> Q:
    """Q over an event's attendees: those whose order is in this state, as the clock has it now."""
    # By the orders' ids, not by a join: an index answers for all of them at once.
    orders = Order.objects.filter(event=event, deleted_at=None).order_by()
    if state in AT_THE_DOOR:
        orders = orders.filter(Q(status=COMPLETED) | Q(status=PLACED, payment_mode=PAID_AT_THE_DOOR))
    elif state != EVERYBODY:
        orders = orders.filter(has_status_now(STATUSES[state]))
    return AT_THE_DOOR.get(state, Q()) & Q(order__in=orders.values("pk"))


def _found(event, text):
    """Whose name or address has all of the words in it, or whose order has this code."""
    found = says(words_of(text))
    if CODE.fullmatch(text):
        order = Order.objects.filter(event=event, identifier=text.upper()).values_list("pk", flat=True).first()
        found |= Q(order=order) if order else Q()
    return found
