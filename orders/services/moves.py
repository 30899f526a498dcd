"""The one table of an order's states: who may move it from where to where, and what comes with being in each.

What a move does to seats, money, mail, papers and bell follows from the state it leads to, whoever moves the order and
through which door. Each move is a line of the log, `order.` and the state's name. Whatever is not here is refused.
"""

from dataclasses import dataclass

from orders.models.order import CANCELLED, COMPLETED, EXPIRED, INITIALIZING, PENDING, PLACED, STATUSES

BUYER, TEAM, STAFF = "buyer", "team", "staff"
# Those who act and are no account: the server itself, and its clock. (A guest with the secret link is a buyer.)
GUEST, SERVER, CLOCK = "guest", "server", "clock"

# A buyer completes only what costs nothing, and gives back what was paid only where the event pays it back.
MOVES = {
    BUYER: {
        INITIALIZING: {PENDING, PLACED, COMPLETED, CANCELLED},
        PENDING: {PLACED, COMPLETED, CANCELLED},
        PLACED: {CANCELLED},
        COMPLETED: {CANCELLED},
    },
    TEAM: {
        INITIALIZING: {PENDING, PLACED, COMPLETED, CANCELLED},
        PENDING: {PLACED, COMPLETED, CANCELLED},
        PLACED: {COMPLETED, CANCELLED},
        COMPLETED: {PLACED, CANCELLED},
        EXPIRED: {PLACED, COMPLETED},
    },
    STAFF: {status: set(STATUSES) for status in STATUSES},
    SERVER: {
        INITIALIZING: {PENDING, PLACED, COMPLETED, CANCELLED},
        PENDING: {PLACED, COMPLETED, CANCELLED},
        PLACED: {COMPLETED},
        EXPIRED: {COMPLETED},
    },
    CLOCK: {INITIALIZING: {EXPIRED}, PENDING: {EXPIRED}, PLACED: {EXPIRED}},
}

HELD, SOLD, FREE = "held", "sold", "on sale again"
BOOKED, NOT_THERE, OWED = "booked", "taken back if it was said by hand", "owed back"
CHECKOUT, PROVIDER, TERM = "order-expiry-time", "half an hour more", "the event's payment term"
WAS_SOLD = (PLACED, COMPLETED)


@dataclass(frozen=True, kw_only=True)
class State:
    """What is true of an order in this state, and what its people hear when it gets there."""

    seats: str
    money: str = ""
    ends: str = ""  # what the clock gives it; empty: nothing but a person or a payment ends it
    mail: str = ""  # its kind, to the buyer
    papers: tuple[str, ...] = ()  # that come with the mail
    holders: bool = False  # whoever comes along gets their own ticket by mail
    title: str = ""  # behind the bell of the buyer's account
    bell: str = ""  # by which kind it is switched
    told_after: tuple[str, ...] = STATUSES  # from which states it is news to its buyer


STATES = {
    INITIALIZING: State(seats=HELD, ends=CHECKOUT),
    PENDING: State(seats=HELD, ends=PROVIDER),
    PLACED: State(
        seats=SOLD,
        money=NOT_THERE,
        ends=TERM,
        mail="order-placed",
        papers=("order-summary",),
        title="Your order for {}: how to pay",
        bell="ticket_purchased",
    ),
    COMPLETED: State(
        seats=SOLD,
        money=BOOKED,
        mail="order-completed",
        papers=("order-tickets", "order-summary"),
        holders=True,
        title="Your tickets for {}",
        bell="ticket_purchased",
    ),
    CANCELLED: State(
        seats=FREE,
        money=OWED,
        mail="order-cancelled",
        title="Your order for {} was cancelled",
        bell="ticket_cancelled",
    ),
    EXPIRED: State(  # a checkout that ends is over without a word: nothing was ordered yet
        seats=FREE,
        money=OWED,
        mail="order-expired",
        title="Your order for {} was not paid in time",
        bell="ticket_cancelled",
        told_after=WAS_SOLD,
    ),
}
