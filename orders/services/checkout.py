"""Buying: an order is made with its seats, filled in, and brought to the state that its payment gives it."""

import logging
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import chain, repeat

from django.db import transaction
from django.utils import timezone

from accounts.models import normalise_email
from accounts.services.log import record
from openevent.core.atomic import atomic
from openevent.core.idempotency import note_made
from openevent.core.refusals import Refused
from orders.models import Attendee, Order, OrderLine, Ticket
from orders.models.order import COMPLETED, EXPIRED, INITIALIZING, ON_THE_CLOCK, PENDING, PLACED, SEATED
from orders.payments import OFFLINE_MODES, ONLINE_MODES, payment_of
from orders.services.cart import Cart, check_sale, may_sell
from orders.services.holders import set_names
from orders.services.invoicing import keep_invoiced
from orders.services.ledger import book_the_rest
from orders.services.mails import tell_people
from orders.services.notices import tell_room
from orders.services.pricing import Quote, price_cart, with_amount
from orders.services.states import GUEST, SERVER, change_status, end_of, lock_order, move, parts_of
from orders.services.stock import SoldOut, release_for_a_buyer, sold_out, take

log = logging.getLogger(__name__)
BILLING = ("is_billing_enabled", "company", "tax_business_info", "address", "city", "state", "country", "zipcode")


def create_order(cart: Cart, *, by, amount: Decimal | None = None) -> Order:
    """An order with an empty attendee per seat, `initializing`: its seats are held for order-expiry-time.

    `by` is a user, or anonymous in the shop. An amount counts from the event's team and staff alone. 409 when
    the seats are gone, 422 for what the ticket types or codes do not allow.
    """
    check_sale(cart, by=by)
    quote = _quote(cart, amount, by=by)
    return _with_seats(cart, lambda: _write(quote, by=by, status=INITIALIZING))


def order_attendees(
    cart: Cart,
    attendees,
    *,
    by,
    payment_mode: str = "free",
    status: str | None = None,
    amount: Decimal | None = None,
    details: Mapping | None = None,
    holders: Sequence[Mapping] = (),
) -> Order:
    """The classic flow: attendees who were there first get their order, `pending`; None are empty ones, on site, of
    whom `holders` names the first.

    Right after the commit the server completes it if there is nothing to pay, or places it if its payment mode
    is an offline one. The team and staff may say the status, and then it stays.
    """
    on_the_team = may_sell(by, cart.event)
    check_sale(cart, by=by)
    quote = _quote(cart, amount, by=by)
    payment = payment_of(payment_mode if quote.total else "free", event=None if on_the_team else cart.event)
    url = None if on_the_team else payment.start(Order(amount=quote.total)).payment_url
    chosen = status if on_the_team else None
    values = {**(details or {}), "payment_mode": payment.mode, "payment_url": url}
    facts = {"by": by, "status": chosen or PENDING, "attendees": attendees, "details": values, "holders": holders}
    order = _with_seats(cart, lambda: _write(quote, **facts))
    if chosen is None:
        transaction.on_commit(lambda: settle(order.pk), robust=True)
    return order


def settle(order_id) -> None:
    """Bring a classic order from `pending` to where its payment mode leads, if nobody has to wait for money."""
    with atomic():
        order = Order.objects.select_related("event").filter(pk=order_id, is_classic=True).first()
        if order is None or lock_order(order).current_status != PENDING:
            return
        if not order.amount:
            move(order, COMPLETED, by=SERVER)
        elif order.payment_mode in OFFLINE_MODES and payment_of(order.payment_mode).is_enabled(order.event):
            move(order, PLACED, by=SERVER)


def settle_waiting_orders() -> int:
    """Settle what a stopped server left pending between two commits."""
    waiting = Order.objects.filter(is_classic=True, status=PENDING, expires_at__gt=timezone.now(), deleted_at=None)
    ids = list(waiting.exclude(amount__gt=0, payment_mode__in=ONLINE_MODES).values_list("pk", flat=True))
    for order_id in ids:
        settle(order_id)
    return len(ids)


def fill_in(order: Order, *, by, buyer: Mapping | None = None, holders: Mapping[int, Mapping] | None = None) -> Order:
    """Who buys and who comes: `buyer` has first_name, last_name, email and billing parts, `holders` maps an
    attendee's id to firstname, lastname, email (and other answers). What is left out stays as it is.
    """
    with atomic():
        order = lock_order(order)
        if not parts_of(by, order):
            raise Refused("not-your-order", "Only its buyer and the team fill in an order.", status=403)
        refuse_unless_open(order)
        if buyer:
            for name in ("first_name", "last_name", *BILLING):
                if name in buyer:
                    setattr(order, name, buyer[name])
            if "email" in buyer and order.user_id is None:
                order.email = normalise_email(buyer["email"])
            order.save()
        attendees = {attendee.pk: attendee for attendee in order.attendees.filter(deleted_at=None)}
        for attendee_id, answers in (holders or {}).items():
            if attendee_id not in attendees:
                raise Refused("attendee-unknown", "This attendee is not of this order.", status=404)
            set_names(attendees[attendee_id], answers)
        if buyer or holders:
            record("order.filled-in", by=by, about=order, event_id=order.event_id)
        return order


def finish_order(order: Order, *, by, mode: str | None = None) -> Order:
    """The buyer is done: completed if there is nothing to pay, placed with an offline mode, pending with a
    provider (`payment_url` then says where to pay). Asked again for what is done already, it stays as it is.
    """
    with atomic():
        order = lock_order(order)
        if order.current_status not in (*ON_THE_CLOCK, EXPIRED):
            return order
        refuse_unless_open(order)
        payment = payment_of("free" if not order.amount else mode or order.payment_mode, event=order.event)
        start = payment.start(order)
        order = change_status(order, start.status, by=by, mode=payment.mode)
        if order.payment_url != start.payment_url:
            order.payment_url = start.payment_url
            order.save(update_fields=["payment_url"])
        return order


def refuse_unless_open(order: Order) -> None:
    """409 unless its seats are held and it is not paid yet."""
    if order.current_status == EXPIRED:
        detail = "The time to check out is over, and the seats are on sale again. Choose your tickets anew."
        raise Refused("order-expired", detail, status=409)
    if order.current_status not in ON_THE_CLOCK:
        raise Refused("order-not-open", "This order is finished and cannot be filled in any more.", status=409)


# ── Behind both flows ────────────────────────────────────────────────────────────────────────────


def may_have_orders(by) -> bool:
    """Whether orders can be kept in this caller's account; guests have none."""
    return getattr(by, "is_authenticated", False)


def _quote(cart: Cart, amount: Decimal | None, *, by) -> Quote:
    quote = price_cart(cart)
    return with_amount(quote, amount) if amount is not None and may_sell(by, cart.event) else quote


def _with_seats(cart: Cart, write) -> Order:
    """Write an order with its seats. Those that ended holds still occupy are freed first, and asked for once more."""
    tickets = {item.ticket.pk: item.ticket for item in cart.items}
    if any(tickets[pk].available < count for pk, count in cart.seats.items()):
        _free_seats(cart)
    try:
        return write()
    except SoldOut:
        _free_seats(cart)
        return write()


def _free_seats(cart: Cart) -> None:
    """Release the ended holds that stand in the way; sold out if what is left is still too little."""
    release_for_a_buyer(tickets=list(cart.seats), access=cart.access, discount=cart.discount)
    for ticket in Ticket.objects.filter(pk__in=cart.seats):
        if ticket.available < cart.seats[ticket.pk]:
            raise sold_out(ticket)


def _write(quote: Quote, *, by, status, attendees=None, details=None, holders=()) -> Order:
    """One transaction: the order, its lines and attendees, what was paid at once, and last the counters."""
    cart, counts = quote.cart, _counted_uses(quote, by=by)
    with atomic():
        order = _new_order(quote, by=by, status=status, is_classic=attendees is not None, details=details or {})
        order.access_uses, order.discount_uses = counts if status in SEATED else (0, 0)
        order.save(force_insert=True)
        note_made(order)
        OrderLine.objects.bulk_create(_lines(quote, order))
        if attendees is None:
            Attendee.objects.bulk_create(_empty_attendees(quote, order, by=by, holders=holders))
        else:
            _adopt(attendees, quote, order)
        amounts = {"amount": str(order.amount), "seats": sum(cart.seats.values())}
        actor = by if may_have_orders(by) else GUEST
        record("order.created", by=actor, about=order, event_id=order.event_id, **amounts)
        tell_room("order.created", order)
        if status in (PLACED, COMPLETED):
            record(f"order.{status}", by=by, about=order, event_id=order.event_id)
            tell_people(order, by=by)
        if status == COMPLETED and order.amount:
            book_the_rest(order, by=by, reference=order.paid_via or "")
        if status in SEATED:
            take(
                cart.seats,
                access=(order.access_code_id, order.access_uses),
                discount=(order.discount_code_id, order.discount_uses),
            )
        if order.amount and status in (PLACED, COMPLETED):
            keep_invoiced(order, by=by)
        return order


def _new_order(quote: Quote, *, by, status, is_classic, details) -> Order:
    user = by if may_have_orders(by) else None
    event, now = quote.cart.event, timezone.now()
    buyer = {name: user and getattr(user, name) for name in ("first_name", "last_name", "email")}
    return Order(
        event=event,
        status=status,
        amount=quote.total,
        currency=quote.currency,
        discount_code=quote.discount_code if quote.discounted_seats else None,
        access_code=quote.access_code if quote.unlocked_seats else None,
        is_classic=is_classic,
        created_at=now,
        expires_at=end_of(status, event=event, began=now),
        completed_at=now if status == COMPLETED else None,
        **{"user": user, **buyer, **details},
    )


def _counted_uses(quote: Quote, *, by) -> tuple[int, int]:
    """How far the order moves its codes' counters; staff's coupon is not consumed."""
    return quote.unlocked_seats, 0 if may_sell(by, quote.cart.event) else quote.discounted_seats


def _lines(quote: Quote, order: Order) -> list[OrderLine]:
    return [
        OrderLine(
            order=order,
            ticket=line.ticket,
            quantity=line.quantity,
            price=line.price,
            discount=line.discount,
            fee=line.fee,
            tax=line.tax,
            tax_name=line.tax_name,
            tax_rate=line.tax_rate,
            total=line.total,
        )
        for line in quote.lines
    ]


def _empty_attendees(quote: Quote, order: Order, *, by, holders=()) -> list[Attendee]:
    creator = by if may_have_orders(by) else None
    names = chain(holders, repeat({}))
    return [
        Attendee(
            event=quote.cart.event,
            ticket=line.ticket,
            order=order,
            creator=creator,
            is_discount_applied=line.is_discounted,
            is_access_code_applied=line.is_unlocked,
            **next(names),
        )
        for line in quote.lines
        for _ in range(line.quantity)
    ]


def _adopt(attendees, quote: Quote, order: Order) -> None:
    """Give waiting attendees their order; 409 if somebody else did so first."""
    adopted = 0
    for line in quote.lines:
        ids = [attendee.pk for attendee in attendees if attendee.ticket_id == line.ticket.pk]
        adopted += Attendee.objects.filter(pk__in=ids, order=None, deleted_at=None).update_at(
            order.event_id,
            order=order,
            is_discount_applied=line.is_discounted,
            is_access_code_applied=line.is_unlocked,
        )
    if adopted != sum(quote.cart.seats.values()):
        raise Refused(
            "attendee-has-an-order",
            "An attendee of this order has one already.",
            status=409,
            pointer="/data/relationships/attendees",
        )
