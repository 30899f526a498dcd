"""Past orders: who bought what, with lines, amounts and counters that agree with each other."""

from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.text import slugify

from openevent.core.money import ZERO, round_money
from orders.demo import content
from orders.demo.dice import dice_for
from orders.models import AccessCode, Attendee, DiscountCode, LedgerLine, Order, OrderLine, Ticket
from orders.models.order import CANCELLED, COMPLETED, EXPIRED, PLACED, SEATED

BATCH = 2000
WEIGHTS = (44, 30, 10, 3, 13)  # how often each ticket type is bought
BOBS = 67  # every so manieth order is bob's
OFFLINE = ("bank", "bank", "onsite", "invoice")


def sell(event, *, total, seed, bob):
    """Top up the event's orders to `total`. The same seed buys the same things, for the same names."""
    tickets = list(Ticket.objects.filter(event=event).order_by("position"))
    codes = {
        "discount_code": DiscountCode.objects.get(event=event, code=content.DISCOUNT_CODE),
        "access_code": AccessCode.objects.get(event=event, code=content.ACCESS_CODE),
    }
    present = Order.objects.filter(event=event).count()
    for first in range(present, total, BATCH):
        carts = [
            _cart(dice_for(seed, "order", number), number, event, tickets, codes, bob)
            for number in range(first, min(first + BATCH, total))
        ]
        _keep(sorted(carts, key=lambda cart: cart[0].created_at))
    if present < total:
        count_again(event, tickets, codes)


def _cart(dice, number, event, tickets, codes, bob):
    """One order with its lines and attendees, not yet kept."""
    ticket = dice.choices(tickets, WEIGHTS)[0]
    quantity = dice.choices((1, 2, 3, 4), (55, 30, 10, 5))[0]
    quantity = min(quantity, ticket.max_order)
    line = _line(dice, ticket, quantity, codes["discount_code"])
    bought_at = timezone.now() - timedelta(days=58) * dice.random() - timedelta(hours=1)
    buyer = _person(dice, number)
    state = _state(dice, line.total, bought_at)
    uses = quantity if state["status"] in SEATED else 0
    order = Order(
        event=event,
        user=bob if number % BOBS == 0 else None,
        **(_account(bob) if number % BOBS == 0 else buyer),
        amount=line.total,
        currency=event.currency,
        created_at=bought_at,
        discount_code=codes["discount_code"] if line.discount else None,
        access_code=codes["access_code"] if ticket.is_hidden else None,
        discount_uses=uses if line.discount else 0,
        access_uses=uses if ticket.is_hidden else 0,
        **state,
    )
    line.order = order
    attendees = [
        Attendee(
            event=event,
            ticket=ticket,
            order=order,
            user=order.user if seat == 0 else None,
            created_at=bought_at,
            is_discount_applied=bool(line.discount),
            is_access_code_applied=ticket.is_hidden,
            **_holder(dice, order, f"{number}-{seat}", seat),
        )
        for seat in range(quantity)
    ]
    return order, line, attendees


def _line(dice, ticket, quantity, discount_code):
    price = ticket.price if ticket.kind != "donation" else Decimal(dice.choice((10, 15, 20, 25, 50)))
    discount = ZERO
    if ticket.name == "Regular" and dice.random() < 0.15:
        discount = round_money(price * quantity * discount_code.value / 100, "EUR")
    total = price * quantity - discount
    rate = content.TAX["rate"]
    return OrderLine(
        ticket=ticket,
        quantity=quantity,
        price=price,
        discount=discount,
        tax=round_money(total * rate / (100 + rate), "EUR"),
        tax_name=content.TAX["name"],
        tax_rate=rate,
        total=total,
    )


def _state(dice, amount, bought_at):
    """What became of it: most are paid, a few wait for a transfer, a few came to nothing."""
    status = dice.choices((COMPLETED, PLACED, CANCELLED, EXPIRED), (88, 5, 4, 3))[0]
    if status == PLACED and not amount:
        status = COMPLETED
    mode = dice.choice(OFFLINE) if amount else "free"
    state = {"status": status, "payment_mode": mode}
    if status == COMPLETED:
        waited = timedelta(hours=dice.randrange(1, 20)) if amount else timedelta(seconds=2)
        state["completed_at"] = min(bought_at + waited, timezone.now())
    elif status == CANCELLED:
        state["cancel_note"] = "The buyer asked for it."
    elif status == PLACED:
        state["expires_at"] = max(bought_at, timezone.now() - timedelta(days=12)) + timedelta(days=14)
    elif status == EXPIRED:
        state["expires_at"] = bought_at + timedelta(minutes=15)
    return state


def _person(dice, number):
    first, last = dice.choice(content.FIRST_NAMES), dice.choice(content.LAST_NAMES)
    mailbox = slugify(f"{first} {last}") or "guest"
    return {"first_name": first, "last_name": last, "email": f"{mailbox}.{number}@example.net"}


def _account(user):
    return {"first_name": user.first_name, "last_name": user.last_name, "email": user.email}


def _holder(dice, order, number, seat):
    """The buyer comes first; of those who come along, some have given an address of their own."""
    if seat == 0:
        return {"firstname": order.first_name, "lastname": order.last_name, "email": order.email}
    person = _person(dice, number)
    own = dice.random() < 0.5
    return {
        "firstname": person["first_name"],
        "lastname": person["last_name"],
        "email": person["email"] if own else None,
    }


def _keep(carts):
    Order.objects.bulk_create(order for order, line, attendees in carts)
    OrderLine.objects.bulk_create(line for order, line, attendees in carts)
    Attendee.objects.bulk_create(person for order, line, attendees in carts for person in attendees)
    LedgerLine.objects.bulk_create(_booked(order) for order, line, attendees in carts if _is_paid(order))


def count_again(event, tickets, codes):
    """Set the counters to what was sold; the stock grows where a benchmark needs more than the hall holds."""
    seated = Attendee.objects.filter(event=event, order__status__in=SEATED)
    reserved = dict(seated.order_by().values_list("ticket").annotate(Count("pk")))
    for ticket in tickets:
        sold = reserved.get(ticket.pk, 0)
        quantity = max(ticket.quantity, sold + sold // 4)
        if ticket == tickets[-1]:
            quantity = sold + content.LEFT_OF_LAST_TYPE
        Ticket.objects.filter(pk=ticket.pk).update_at(event.pk, reserved=sold, quantity=quantity)
    for relation, applied in (
        ("discount_code", "is_discount_applied"),
        ("access_code", "is_access_code_applied"),
    ):
        code = codes[relation]
        used = seated.filter(Q(**{f"order__{relation}": code, applied: True})).count()
        type(code).objects.filter(pk=code.pk).update_at(event.pk, used=used)


def _is_paid(order):
    return order.status == COMPLETED and order.amount


def _booked(order):
    facts = {"order": order, "event_id": order.event_id, "amount": order.amount, "currency": order.currency}
    return LedgerLine(**facts, provider=order.payment_mode, time=order.completed_at, by_name="the organizer")
