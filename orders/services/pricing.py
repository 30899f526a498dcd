"""What a cart costs: the one function that every price comes from, the shop's and the API's."""

from dataclasses import dataclass, replace
from decimal import Decimal

from openevent.core.money import ZERO, round_money
from openevent.core.refusals import Refused
from orders.models import AccessCode, DiscountCode, Tax, Ticket
from orders.models.codes import PERCENT
from orders.services.cart import Cart, Item

HIGHEST_TOTAL = Decimal("9999999999")  # what the column holds
HUNDRED = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a quote. Discount, fee, tax and total are of the whole line; the tax is part of the total."""

    ticket: Ticket
    quantity: int
    price: Decimal  # of one, before discount
    discount: Decimal
    fee: Decimal
    tax: Decimal
    tax_name: str = ""
    tax_rate: Decimal | None = None  # None: it is not taxed
    total: Decimal
    is_discounted: bool
    is_unlocked: bool

    @property
    def before_tax_added(self) -> Decimal:
        return self.price * self.quantity - self.discount + self.fee


@dataclass(frozen=True, kw_only=True)
class Quote:
    """Amounts in the event's currency. The lines' totals sum to the total, which is never below zero."""

    cart: Cart
    lines: tuple[Line, ...]

    @property
    def currency(self) -> str:
        return self.cart.event.currency

    @property
    def discount_code(self) -> DiscountCode | None:
        return self.cart.discount

    @property
    def access_code(self) -> AccessCode | None:
        return self.cart.access

    @property
    def tax_row(self) -> Tax | None:
        return self.cart.tax

    @property
    def sub_total(self) -> Decimal:
        """After discounts, with fees, before a tax that is added on top."""
        return sum((line.before_tax_added for line in self.lines), ZERO)

    @property
    def discount(self) -> Decimal:
        return sum((line.discount for line in self.lines), ZERO)

    @property
    def fee(self) -> Decimal:
        return sum((line.fee for line in self.lines), ZERO)

    @property
    def tax(self) -> Decimal:
        return sum((line.tax for line in self.lines), ZERO)

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self.lines), ZERO)

    @property
    def discounted_seats(self) -> int:
        return sum(line.quantity for line in self.lines if line.is_discounted)

    @property
    def unlocked_seats(self) -> int:
        return sum(line.quantity for line in self.lines if line.is_unlocked)


def price_cart(cart: Cart) -> Quote:
    """The cart's quote: prices of the database, minus the discount, plus fees, with the event's tax."""
    lines = _with_tax(tuple(_line(item, cart) for item in cart.items), cart.tax, cart.event.currency)
    quote = Quote(cart=cart, lines=lines)
    if max(quote.total, *(line.price * line.quantity for line in lines)) > HIGHEST_TOTAL:  # a discount is kept too
        raise Refused("total-too-large", "This is more than one order can hold.", pointer=cart.items[0].pointer)
    return quote


def with_amount(quote: Quote, amount: Decimal) -> Quote:
    """The same tickets for an amount that the team has named; the lines share it in proportion."""
    currency, tax = quote.currency, quote.tax_row
    amount = round_money(amount, currency)
    shares = share_amount(amount, [(line.total, line.quantity) for line in quote.lines], currency)
    lines = []
    for line, share in zip(quote.lines, shares, strict=True):
        within = _tax_within(share, tax, currency)
        on_top = within if tax is not None and not tax.is_tax_included_in_price else ZERO
        discount = discount_for(share - on_top, line)
        lines.append(replace(line, discount=discount, fee=ZERO, tax=within, total=share))
    return replace(quote, lines=tuple(lines))


def discount_for(amount: Decimal, line) -> Decimal:
    """What a line without fees is discounted by, so that it comes to this amount before a tax that is added; below
    zero where more is asked than its tickets cost: a surcharge.
    """
    return line.price * line.quantity - amount


def share_amount(amount: Decimal, lines: list[tuple[Decimal, int]], currency: str) -> list[Decimal]:
    """Parts of an amount for lines of (total, quantity), in proportion to their totals, or to their quantities
    where all are free. The parts sum to the amount to the last cent.
    """
    is_free = not any(total for total, _ in lines)
    weights = [quantity if is_free else total for total, quantity in lines]
    shares, passed, given = [], ZERO, ZERO
    for weight in weights:
        passed += weight
        shares.append(round_money(amount * passed / sum(weights), currency) - given)
        given += shares[-1]
    return shares


def _line(item: Item, cart: Cart) -> Line:
    currency = cart.event.currency
    is_discounted = cart.discount is not None and item.ticket.pk in cart.discount_tickets
    discount = _discount(item, cart.discount, currency) if is_discounted else ZERO
    charged = cart.fee.of(item.price - discount / item.quantity, currency) * item.quantity
    fee = ZERO if item.ticket.is_fee_absorbed else charged
    return Line(
        ticket=item.ticket,
        quantity=item.quantity,
        price=item.price,
        discount=discount,
        fee=fee,
        tax=ZERO,
        total=item.price * item.quantity - discount + fee,
        is_discounted=is_discounted,
        is_unlocked=item.ticket.pk in cart.access_tickets,
    )


def _discount(item: Item, code: DiscountCode, currency: str) -> Decimal:
    """Of the whole line; each ticket is rounded by itself and never costs less than nothing."""
    one = item.price * code.value / HUNDRED if code.type == PERCENT else code.value
    return min(round_money(one, currency), item.price) * item.quantity


def _with_tax(lines: tuple[Line, ...], tax: Tax | None, currency: str) -> tuple[Line, ...]:
    """The tax is rounded once, on the sum; the lines share it so that theirs adds up to the same."""
    if tax is None:
        return lines
    taxed, passed, given = [], ZERO, ZERO
    for line in lines:
        passed += line.total
        rate = tax.rate / (HUNDRED + tax.rate) if tax.is_tax_included_in_price else tax.rate / HUNDRED
        share = round_money(passed * rate, currency) - given
        given += share
        total = line.total if tax.is_tax_included_in_price else line.total + share
        taxed.append(replace(line, tax=share, tax_name=tax.name, tax_rate=tax.rate, total=total))
    return tuple(taxed)


def _tax_within(total: Decimal, tax: Tax | None, currency: str) -> Decimal:
    return ZERO if tax is None else round_money(total * tax.rate / (HUNDRED + tax.rate), currency)
