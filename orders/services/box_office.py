"""Selling on site: the money is in the till, so one step makes a completed order with its seats, ledger and tickets."""

from collections.abc import Mapping

from accounts.models import normalise_email
from openevent.core.refusals import Refused
from orders.models import Order
from orders.models.order import AT_THE_DOOR, COMPLETED
from orders.services.cart import Cart, may_sell
from orders.services.checkout import order_attendees

CASH, TERMINAL = "cash", "card terminal"
MEANS = (CASH, TERMINAL)


def sell_on_site(cart: Cart, *, by, means: str, buyer: Mapping[str, str]) -> Order:
    """A completed order for whoever stands there; `buyer` may have first_name, last_name and email, or nothing.

    403 to all but the team. `means` is what the money came by, and the reference of its line in the ledger. The first
    ticket is in the buyer's name; with an address they have their tickets by mail.
    """
    if not may_sell(by, cart.event):
        raise Refused("not-on-site", "Tickets are sold on site by the event's team.", status=403)
    is_free = not any(item.price for item in cart.items)
    names = {name: buyer.get(name) or None for name in ("first_name", "last_name")}
    email = normalise_email(buyer["email"]) if buyer.get("email") else None
    return order_attendees(
        cart,
        None,
        by=by,
        payment_mode=AT_THE_DOOR,
        status=COMPLETED,
        details={**names, "email": email, "user": None, "paid_via": None if is_free else means},
        holders=[{"firstname": names["first_name"], "lastname": names["last_name"], "email": email}],
    )
