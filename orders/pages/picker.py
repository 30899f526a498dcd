"""The ticket picker: what can be chosen at an event, what somebody chose, and what it costs."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db.models import Q
from django.http import QueryDict
from django.utils import dateformat, timezone
from django.utils.functional import cached_property

from events.models.event import Event
from openevent.core.refusals import Refused
from orders.models import AccessCode, DiscountCode, Tax, Ticket
from orders.models.ticket import DONATION
from orders.pages.sums import empty_sum, sum_of_quote
from orders.services.cart import Cart, Wish, check_sale, may_sell, open_cart, read_amount, read_quantity
from orders.services.codes import check_access, check_discount, find_access, find_discount
from orders.services.pricing import Quote, price_cart
from orders.services.stock import seats_left

FEW = 10  # from here on the number left is shown in the colour of hurry


@dataclass
class Line:
    """One ticket type, with what was typed for it."""

    ticket: Ticket
    left: int
    quantity: int = 0
    quantity_typed: str = ""
    price_typed: str = ""
    price: Decimal | None = None
    error: str = ""
    on_site: bool = False  # sold by the team, whom dates and sizes of orders do not bind

    @property
    def is_gift(self) -> bool:
        return self.ticket.kind == DONATION

    @property
    def least(self) -> int:
        return 1 if self.on_site else max(self.ticket.min_order or 1, 1)

    @property
    def most(self) -> int:
        return self.left if self.on_site else min(self.ticket.max_order or self.left, self.left)

    @property
    def is_scarce(self) -> bool:
        return 0 < self.left <= FEW

    @property
    def shown_left(self) -> int | None:
        return self.left if self.is_scarce or self.ticket.event.show_remaining_tickets else None

    @property
    def closed(self) -> str:
        """Why this type cannot be bought now, in words; empty if it can."""
        now = timezone.now()
        if self.on_site:
            return "" if self.left else "Sold out"
        if now < self.ticket.sales_starts_at:
            opens = self.ticket.sales_starts_at.astimezone(self.ticket.event.zone)
            return f"From {dateformat.format(opens, 'j M, H:i')}"
        if not self.ticket.is_on_sale(now):
            return "Sale ended"
        return "" if self.left >= self.least else "Sold out"


@dataclass
class Picker:
    event: Event
    lines: list[Line]
    by: object
    code: str = ""
    access: AccessCode | None = None
    discount: DiscountCode | None = None
    code_error: str = ""
    quote: Quote | None = None
    errors: list[dict] = field(default_factory=list)
    on_site: bool = False

    @property
    def is_open(self) -> bool:
        return any(not line.closed for line in self.lines)

    @property
    def wishes(self) -> list[Wish]:
        return [
            Wish(ticket_id=line.ticket.pk, quantity=line.quantity, price=line.price, pointer=str(line.ticket.pk))
            for line in self.lines
            if line.quantity
        ]

    @property
    def sum(self) -> dict:
        return sum_of_quote(self.quote) if self.quote else empty_sum(self.event.currency)

    @cached_property
    def tax_words(self) -> str:
        tax = Tax.objects.filter(event=self.event, deleted_at=None).first() if self.event.is_tax_enabled else None
        if tax is None:
            return ""
        return f"Prices {'include' if tax.is_tax_included_in_price else 'without'} {tax.name or 'tax'}"

    @property
    def code_note(self) -> str:
        if self.code_error:
            return ""
        opened = "Your code opens more tickets." if self.access else ""
        return opened or (f"{self.discount.code} takes something off." if self.discount else "")

    def blame(self, refused: Refused) -> None:
        """Put a refusal beside the field that its pointer names."""
        place, _, part = (refused.pointer or "").strip("/").partition("/")
        line = next((line for line in self.lines if str(line.ticket.pk) == place), None)
        if line:
            line.error = refused.detail
            link = f"{'price' if part == 'price' else 'quantity'}-{place}"
            self.errors.append({"link": link, "label": line.ticket.name, "text": refused.detail})
        elif place.endswith("code"):
            self.code_error = refused.detail
            self.errors.append({"link": "code", "label": "Code", "text": refused.detail})
        else:
            self.errors.append({"link": "tickets-title", "label": "", "text": refused.detail})


def read_picker(event: Event, typed: QueryDict, *, by, on_site: bool = False) -> Picker:
    """The picker as somebody filled it in. What is wrong is told beside its field, the rest is kept and priced.

    On site the team sells, whatever the dates of sale say.
    """
    picker = Picker(event, [], by, code=typed.get("code", "").strip()[:200], on_site=on_site)
    _read_code(picker)
    _read_lines(picker, typed)
    _price(picker)
    return picker


def check_picker(picker: Picker) -> bool:
    """Whether it may be bought as it stands; else its errors say why not."""
    if not picker.errors and not picker.wishes:
        picker.errors.append({"link": "tickets-title", "label": "", "text": "Choose at least one ticket."})
    if not picker.errors:
        try:
            check_sale(picker.quote.cart, by=picker.by)
        except Refused as refused:
            picker.blame(refused)
    return not picker.errors


def _read_code(picker: Picker) -> None:
    """One field for both kinds of code; who has one of each puts a comma between."""
    if not picker.code:
        return
    nothing = Cart(event=picker.event, items=())
    for text in dict.fromkeys([picker.code, *picker.code.split(",")[:2]]):
        access, discount = find_access(text, picker.event), find_discount(text, picker.event)
        try:
            if access:
                check_access(nothing, access, pointer="code")
                picker.access = access
            if discount:
                check_discount(nothing, discount, by=picker.by, pointer="code")
                picker.discount = discount
        except Refused as refused:
            picker.blame(refused)
    if not (picker.access or picker.discount or picker.code_error):
        picker.blame(Refused("code-unknown", "No code of this event reads like that.", pointer="code"))


def _read_lines(picker: Picker, typed: QueryDict) -> None:
    shown = Q(is_hidden=False) | Q(pk__in=picker.access.tickets.all() if picker.access else ())
    tickets = picker.event.tickets.filter(deleted_at=None).select_related("event")
    tickets = list(tickets if may_sell(picker.by, picker.event) else tickets.filter(shown))
    left = seats_left(tickets)
    for ticket in tickets:
        line = Line(ticket, left[ticket.pk], on_site=picker.on_site)
        line.quantity_typed = typed.get(f"quantity-{ticket.pk}", "").strip()[:9]
        line.price_typed = typed.get(f"price-{ticket.pk}", "").strip()[:20]
        picker.lines.append(line)
        try:
            if line.quantity_typed and not line.closed:
                line.quantity = read_quantity(line.quantity_typed, pointer=f"{ticket.pk}/quantity")
            if line.is_gift and line.price_typed and line.quantity:
                line.price = read_amount(line.price_typed.replace(",", "."), pointer=f"{ticket.pk}/price")
        except Refused as refused:
            picker.blame(refused)


def _price(picker: Picker) -> None:
    """The quote of every line that is right as it stands."""
    wishes = [wish for wish in picker.wishes if not _line_of(picker, wish).error]
    if not wishes:
        return
    try:
        cart = open_cart(wishes, by=picker.by, event=picker.event, access=picker.access, access_pointer="code")
        if picker.discount:
            cart = _with_discount(picker, cart)
        picker.quote = price_cart(cart)
    except Refused as refused:
        picker.blame(refused)
        if any(_line_of(picker, wish).error for wish in wishes):
            _price(picker)


def _with_discount(picker: Picker, cart: Cart) -> Cart:
    """A discount that does not hold for this many still lets the sum be seen without it."""
    try:
        return check_discount(cart, picker.discount, by=picker.by, pointer="code")
    except Refused as refused:
        picker.blame(refused)
        return replace(cart, discount=None)


def _line_of(picker: Picker, wish: Wish) -> Line:
    return next(line for line in picker.lines if line.ticket.pk == wish.ticket_id)
