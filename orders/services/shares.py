"""What each ticket of an order costs: the lines' totals, shared so that they sum to the last cent."""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from openevent.core.money import ZERO
from orders.models import Order, OrderLine
from orders.services.pricing import share_amount


class Share(NamedTuple):
    line: OrderLine | None
    amount: Decimal


def shares_of(order: Order) -> dict[int, Share]:
    """{attendee's id: their line, and what of its total is theirs}; also of tickets that were taken off the order."""
    shares, holders, lines = {}, defaultdict(list), defaultdict(list)
    for line in order.lines.all():
        if line.holder_id:  # whose ticket type was changed has a line alone
            shares[line.holder_id] = Share(line, line.total)
        else:
            lines[line.ticket_id].append(line)
    for attendee in order.attendees.order_by("pk"):
        if attendee.pk not in shares:
            holders[attendee.ticket_id].append(attendee.pk)
    for ticket_id, own in holders.items():
        # Several lines are of one type where givers have named several prices: their holders come in their order.
        places = [line for line in lines[ticket_id] for _ in range(line.quantity)]
        if len(places) != len(own):
            places = (lines[ticket_id][:1] or [None]) * len(own)
        fits = sum(line.quantity for line in lines[ticket_id]) == len(own)
        parts = [(line.total / line.quantity if fits else ZERO, 1) for line in places]
        total = sum((line.total for line in lines[ticket_id]), ZERO)
        amounts = share_amount(total, parts, order.currency)
        shares.update({pk: Share(line, amount) for pk, line, amount in zip(own, places, amounts, strict=True)})
    return shares


def prices_of(order: Order) -> dict[int, Decimal]:
    """{attendee's id: what was agreed for it}."""
    return {pk: share.amount for pk, share in shares_of(order).items()}
