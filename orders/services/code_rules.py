"""What a discount or access code may be, for every door."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError

from openevent.core.refusals import Refused
from openevent.core.serializers import is_other
from orders.models import AccessCode, DiscountCode, Ticket
from orders.models.codes import PERCENT
from orders.models.ticket import FREE


def check_limits(given: dict, code=None) -> None:
    """What both kinds have: a time, a number, a quantity an order. ValidationError at the column to blame."""
    now = _values(given, code)
    if now("valid_from") and now("valid_till") and now("valid_till") < now("valid_from"):
        raise ValidationError({"valid_till": "It cannot end before it begins."})
    low, high, number = now("min_quantity"), now("max_quantity"), now("tickets_number")
    limited = high is not None and high >= 0
    if limited and low is not None and low > high:
        raise ValidationError({"max_quantity": "The most in one order cannot be lower than the least."})
    if limited and number is not None and number < high:
        raise ValidationError(
            {"tickets_number": "The code must last for as many tickets as one order may hold with it."}
        )
    if code and number is not None and number < code.used:
        raise ValidationError({"tickets_number": f"{code.used} are used already."})


def check_discount_code(given: dict, code: DiscountCode | None = None) -> None:
    """With a code, `given` is what is to change of it; without one it is new."""
    check_limits(given, code)
    now = _values(given, code)
    if code and now("used_for") != code.used_for:
        raise Refused(
            "used-for-fixed", "What a code is for cannot change.", status=409, pointer="/data/attributes/used-for"
        )
    if now("type") == PERCENT and now("value") > 100:
        raise ValidationError({"value": "A percentage is 100 at most."})
    chosen, added = _tickets(given, code)
    for ticket in added:
        if ticket.kind == FREE:
            raise ValidationError({"tickets": f"{ticket.name} is free already."})
    is_worth_another = code is None or any(
        name in given and is_other(getattr(code, name), given[name]) for name in ("type", "value")
    )
    for ticket in chosen if is_worth_another else added:
        if now("type") != PERCENT and ticket.price is not None and now("value") > ticket.price:
            raise ValidationError({"value": f"This is more than {ticket.name} costs."})


def check_access_code(given: dict, code: AccessCode | None = None) -> None:
    check_limits(given, code)
    _, added = _tickets(given, code)
    if shown := [ticket.name for ticket in added if not ticket.is_hidden]:
        detail = f"{shown[0]} is not hidden, so it needs no code."
        raise Refused("ticket-not-hidden", detail, status=409, pointer="/data/relationships/tickets")


def _values(given, code):
    return lambda name: given.get(name, getattr(code, name, None))


def _tickets(given, code) -> tuple[Iterable[Ticket], list[Ticket]]:
    """The ticket types that a code will have, and those of them that it has not yet."""
    there = list(code.tickets.all()) if code else []
    chosen = given.get("tickets", there)
    return chosen, [ticket for ticket in chosen if ticket not in there]
