"""What somebody wants to buy, read strictly and checked against what may be sold to them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property

from django.utils import timezone

from events.models import Event
from events.rules import coorganizes
from openevent.core.money import ZERO, round_money
from openevent.core.refusals import Refused
from orders.models import AccessCode, DiscountCode, Order, Tax, Ticket
from orders.models.ticket import DONATION, FREE
from orders.services.codes import check_access, check_discount, check_quantities
from orders.services.fees import NO_FEE, Fee, fee_at

MOST_SEATS = 10_000  # of one type in one cart; what an order may hold is said by the ticket type
MOST_LINES = 100
HIGHEST_PRICE = Decimal(10) ** 9


@dataclass(frozen=True, kw_only=True)
class Wish:
    """So many seats of a ticket type; `price` is what a giver offers for one, and counts for donations only."""

    ticket_id: int
    quantity: int = 1
    price: Decimal | None = None
    pointer: str | None = None  # where in the request it stands


@dataclass(frozen=True, kw_only=True)
class Item:
    """A wish with its ticket type, and what one costs before any discount."""

    ticket: Ticket
    quantity: int
    price: Decimal
    pointer: str | None = None


@dataclass(frozen=True, kw_only=True)
class Cart:
    event: Event
    items: tuple[Item, ...]
    discount: DiscountCode | None = None
    access: AccessCode | None = None
    tax: Tax | None = None
    fee: Fee = NO_FEE  # of the site, on each ticket that costs something
    discount_tickets: frozenset[int] = frozenset()  # ids of the ticket types that the discount is for
    access_tickets: frozenset[int] = frozenset()  # ids of the hidden ones that the access code opens

    @cached_property
    def seats(self) -> dict[int, int]:
        """How many seats of each ticket type, in ascending id."""
        wanted = Counter()
        for item in self.items:
            wanted[item.ticket.pk] += item.quantity
        return dict(sorted(wanted.items()))

    def count_of(self, ticket_ids) -> int:
        return sum(count for ticket_id, count in self.seats.items() if ticket_id in ticket_ids)


def read_wishes(given, *, pointer="/tickets") -> list[Wish]:
    """Wishes from the JSON that clients send: `[{"id": "3", "quantity": 2, "price": 5}]`; 422 with its place."""
    if not isinstance(given, list) or not given:
        raise Refused("tickets-missing", "Say which tickets, as a list.", pointer=pointer)
    if len(given) > MOST_LINES:
        raise Refused("too-many-lines", f"At most {MOST_LINES} lines in one order.", pointer=pointer)
    wishes = [_read_wish(entry, f"{pointer}/{number}") for number, entry in enumerate(given)]
    wanted = [wish for wish in wishes if wish.quantity]
    if not wanted:
        raise Refused("tickets-missing", "Choose at least one ticket.", pointer=pointer)
    return wanted


def _read_wish(entry, pointer):
    if not isinstance(entry, dict):
        raise Refused("not-an-object", "A ticket is named as an object with id and quantity.", pointer=pointer)
    price = entry.get("price")
    return Wish(
        ticket_id=read_id(entry.get("id"), pointer=f"{pointer}/id"),
        quantity=read_quantity(entry.get("quantity", 1), pointer=f"{pointer}/quantity"),
        price=None if price is None else read_amount(price, pointer=f"{pointer}/price"),
        pointer=pointer,
    )


def read_id(given, *, pointer) -> int:
    """An id as clients send it: a number, or a number in a text."""
    if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) <= 18:
        return int(given)
    if isinstance(given, int) and not isinstance(given, bool) and 0 <= given < 10**18:
        return given
    raise Refused("not-an-id", "This is not an id.", pointer=pointer)


def read_quantity(given, *, pointer) -> int:
    if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) <= 9:
        given = int(given)
    if isinstance(given, float) and given.is_integer() and abs(given) <= MOST_SEATS:
        given = int(given)
    if not isinstance(given, int) or isinstance(given, bool) or given < 0:
        raise Refused("not-a-quantity", "A quantity is a whole number, 0 or more.", pointer=pointer)
    if given > MOST_SEATS:
        raise Refused("quantity-too-large", f"At most {MOST_SEATS} of one type.", pointer=pointer)
    return given


def read_amount(given, *, pointer) -> Decimal:
    """An amount of money from JSON or a form: not negative, finite, and no larger than anybody would pay."""
    try:
        amount = Decimal(str(given).strip()) if isinstance(given, str | int | float | Decimal) else None
    except InvalidOperation:
        amount = None
    if amount is None or isinstance(given, bool) or not amount.is_finite():
        raise Refused("not-an-amount", "This is not an amount of money.", pointer=pointer)
    if amount < 0 or amount > HIGHEST_PRICE:
        raise Refused("amount-out-of-range", f"An amount is from 0 to {HIGHEST_PRICE:,}.", pointer=pointer)
    return amount


def open_cart(
    wishes: Sequence[Wish],
    *,
    by,
    event: Event | None = None,
    discount: DiscountCode | None = None,
    access: AccessCode | None = None,
    discount_pointer: str | None = None,
    access_pointer: str | None = None,
) -> Cart:
    """A cart that can be priced for this caller, who may be anonymous or a guest.

    Refused: ticket types that are not there or not seen (404), of several events, donations out of their
    range, and codes that do not hold (422). Whether it may be *bought* is asked by `check_sale`.
    """
    tickets = _find_tickets(wishes)
    for wish in wishes:
        if wish.ticket_id not in tickets:
            raise _unknown(wish)
    event = event or tickets[wishes[0].ticket_id].event
    for wish in wishes:
        if tickets[wish.ticket_id].event_id != event.pk:
            raise Refused("mixed-events", "All tickets of an order are for one event.", pointer=_at(wish, "id"))
    on_the_team = may_sell(by, event)
    if event.deleted_at is not None or (event.state != "published" and not on_the_team):
        raise _unknown(wishes[0])
    items = tuple(_item(wish, tickets[wish.ticket_id], event.currency) for wish in wishes)
    costs = any(item.price and not item.ticket.is_fee_absorbed for item in items)
    cart = Cart(event=event, items=items, tax=_tax(event), fee=fee_at(event) if costs else NO_FEE)
    if access is not None:
        cart = check_access(cart, access, pointer=access_pointer)
    for wish in wishes:
        if tickets[wish.ticket_id].is_hidden and not on_the_team and wish.ticket_id not in cart.access_tickets:
            raise _unknown(wish)
    if discount is not None:
        cart = check_discount(cart, discount, by=by, pointer=discount_pointer)
    return cart


def cart_for(order: Order, ticket: Ticket) -> Cart:
    """One seat of this type as if it had been in the order from the start: with the codes that the order has."""
    item = _item(Wish(ticket_id=ticket.pk), ticket, order.currency)
    meant_for, opens = (
        frozenset(code.tickets.values_list("pk", flat=True)) if code else frozenset()
        for code in (order.discount_code, order.access_code)
    )
    return Cart(
        event=order.event,
        items=(item,),
        discount=order.discount_code,
        access=order.access_code,
        tax=_tax(order.event),
        fee=fee_at(order.event),
        discount_tickets=meant_for,
        access_tickets=opens,
    )


def may_sell(by, event) -> bool:
    """Whether this caller is of the event's team or staff: not bound to sales windows and order limits."""
    return hasattr(by, "is_authenticated") and coorganizes(by, event)


def check_sale(cart: Cart, *, by) -> None:
    """Refuse what may not be bought now: closed sales, too few or too many of a type or with a code."""
    if may_sell(by, cart.event):
        return
    now = timezone.now()
    if cart.event.ends_at < now:
        raise Refused("event-is-over", "This event is over.", status=409, pointer=cart.items[0].pointer)
    for item in cart.items:
        ticket, count = item.ticket, cart.seats[item.ticket.pk]
        if not ticket.is_on_sale(now):
            reason = "is not on sale yet" if now < ticket.sales_starts_at else "is no longer on sale"
            raise Refused("not-on-sale", f"“{ticket.name}” {reason}.", status=409, pointer=_at(item, "id"))
        if count < ticket.min_order:
            detail = f"“{ticket.name}” is sold from {ticket.min_order} up."
            raise Refused("too-few", detail, pointer=_at(item, "quantity"))
        if ticket.max_order is not None and count > ticket.max_order:
            detail = f"At most {ticket.max_order} of “{ticket.name}” in one order."
            raise Refused("too-many", detail, pointer=_at(item, "quantity"))
    check_quantities(cart)


def _find_tickets(wishes: Iterable[Wish]) -> dict[int, Ticket]:
    ids = {wish.ticket_id for wish in wishes}
    return Ticket.objects.filter(deleted_at=None).select_related("event").in_bulk(ids)


def _item(wish: Wish, ticket: Ticket, currency: str) -> Item:
    return Item(ticket=ticket, quantity=wish.quantity, price=_price(wish, ticket, currency), pointer=wish.pointer)


def _price(wish: Wish, ticket: Ticket, currency: str) -> Decimal:
    """What one costs: only a giver names the price, and only between the organizer's bounds."""
    if ticket.kind == FREE:
        return ZERO
    if ticket.kind != DONATION:
        return round_money(ticket.price or ZERO, currency)
    least, most = (round_money(bound or ZERO, currency) for bound in (ticket.min_price, ticket.max_price))
    offered = least if wish.price is None else round_money(wish.price, currency)
    if offered < least:
        detail = f"At least {least.normalize():f} for “{ticket.name}”."
        raise Refused("donation-too-small", detail, pointer=_at(wish, "price"))
    if most and offered > most:
        detail = f"At most {most.normalize():f} for “{ticket.name}”."
        raise Refused("donation-too-large", detail, pointer=_at(wish, "price"))
    return offered


def _tax(event: Event) -> Tax | None:
    return Tax.objects.filter(event=event, deleted_at=None).first() if event.is_tax_enabled else None


def _unknown(wish: Wish) -> Refused:
    return Refused("ticket-unknown", "There is no such ticket.", status=404, pointer=_at(wish, "id"))


def _at(thing, name):
    return f"{thing.pointer}/{name}" if thing.pointer else None
