"""Ticket types, codes and orders, as tests need them: one line each, everything else sensible."""

from decimal import Decimal

from events.tests.factories import in_days
from orders.models import AccessCode, DiscountCode, Tax, Ticket
from orders.services.cart import Wish, open_cart
from orders.services.checkout import create_order, fill_in, finish_order


def make_ticket(event, **attributes):
    """A free ticket type of 100 that is on sale; with a price it is a paid one."""
    kind = "paid" if attributes.get("price") else "free"
    values = {
        "name": f"Ticket {Ticket.objects.count() + 1}",
        "type": kind,
        "quantity": 100,
        "sales_starts_at": in_days(-1),
        "sales_ends_at": in_days(20),
        **attributes,
    }
    if "price" in values:
        values["price"] = Decimal(values["price"])
    return Ticket.objects.create(event=event, **values)


def make_donation(event, *, least=0, most=0, **attributes):
    return make_ticket(event, type="donation", min_price=Decimal(least), max_price=Decimal(most), **attributes)


def make_tax(event, rate=19, *, included=False, **attributes):
    event.is_tax_enabled = True
    event.save(update_fields=["is_tax_enabled"])
    return Tax.objects.create(
        event=event, name="VAT", rate=Decimal(rate), is_tax_included_in_price=included, **attributes
    )


def make_discount(event, *tickets, percent=None, amount=None, **attributes):
    """A discount code for these ticket types, valid now."""
    kind, value = ("percent", percent) if percent is not None else ("amount", amount if amount is not None else 5)
    values = {"code": "HARBOUR", "valid_from": in_days(-1), "valid_till": in_days(10), **attributes}
    code = DiscountCode.objects.create(event=event, type=kind, value=Decimal(value), used_for="ticket", **values)
    code.tickets.set(tickets)
    return code


def make_access(event, *tickets, **attributes):
    """An access code that opens these hidden ticket types, valid now."""
    values = {"code": "BACKDOOR", "valid_from": in_days(-1), "valid_till": in_days(10), **attributes}
    code = AccessCode.objects.create(event=event, **values)
    code.tickets.set(tickets)
    return code


def cart_of(*wanted, by, **options):
    """A cart of ticket types, each alone or with its quantity: `cart_of((seat, 2), other, by=bob)`."""
    wishes = [
        Wish(ticket_id=entry[0].pk, quantity=entry[1], pointer=f"/tickets/{number}")
        if isinstance(entry, tuple)
        else Wish(ticket_id=entry.pk, pointer=f"/tickets/{number}")
        for number, entry in enumerate(wanted)
    ]
    return open_cart(wishes, by=by, **options)


def make_order(*wanted, by, **options):
    """An order by the create-order flow, `initializing`."""
    return create_order(cart_of(*wanted, by=by, **options), by=by)


def make_finished_order(*wanted, by, mode=None, names=None, **options):
    """The same, with holders named after the buyer, and finished: completed if free, else placed or pending."""
    order = make_order(*wanted, by=by, **options)
    name = names or {"firstname": by.first_name, "lastname": "Example", "email": by.email}
    fill_in(order, by=by, holders={attendee.pk: name for attendee in order.attendees.all()})
    return finish_order(order, by=by, mode=mode)
