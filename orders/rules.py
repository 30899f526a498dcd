"""Who may do what with tickets, orders and attendees, as clauses."""

import rules
from django.apps import apps
from django.db.models import Q

from accounts.rules import may_open_panel, rows_in_panel
from events.rules import (
    BACKSTAGE,
    PROGRAMME,
    REGISTRAR,
    TEAM,
    coorganizes,
    events_seen,
    events_where,
    owns_the_event,
    registers,
    rows_at,
    rows_of_seen_events,
    team_rows,
)
from openevent.core.policies import (
    EVERY_ROW,
    NO_ROW,
    allowed_to,
    is_signed_in,
    is_site_staff,
    nobody,
    own_rows,
    rows_for_staff,
)


def is_addressed_to(user, address):
    """Whether a guest's order or a ticket is this user's by its e-mail, which counts once it is proven."""
    return user.is_verified and bool(address) and address == user.email


@rules.predicate
def bought_it(user, order):
    if not user.is_authenticated:
        return False
    return order.user_id == user.pk or (order.user_id is None and is_addressed_to(user, order.email))


@rules.predicate
def holds_it(user, attendee):
    return user.is_authenticated and (attendee.user_id == user.pk or is_addressed_to(user, attendee.email))


@rules.predicate
def bought_the_order(user, attendee):
    """The buyer of an attendee's order; before there is an order, whoever made the attendee."""
    if not user.is_authenticated:
        return False
    if attendee.order_id is None:
        return attendee.creator_id == user.pk
    return bought_it(user, attendee.order)


def orders_bought(user, path=""):
    """Q over orders, or over rows that have one: those in the account, and the guest's ones of its proven address."""
    own = Q(**{f"{path}user": user.pk})
    return own | Q(**{f"{path}user": None, f"{path}email": user.email}) if user.is_verified else own


def attendees_held(user):
    """Q over attendees: the tickets in this user's name."""
    own = Q(user=user.pk)
    return own | Q(email=user.email) if user.is_verified else own


def events_with_ticket(user):
    """The events for which this user holds or has bought a ticket that is paid, or is to be paid later."""
    held = apps.get_model("orders.Attendee").objects.filter(
        attendees_held(user) | orders_bought(user, "order__"),
        order__status__in=("completed", "placed"),
        order__deleted_at=None,
        deleted_at=None,
    )
    return held.values("event")


def tickets_seen(user, model):
    """Hidden ticket types are the team's, and a buyer's who has bought one."""
    if is_site_staff(user):
        return EVERY_ROW
    seen = Q(is_hidden=False) & events_seen(user, model.event_path)
    if not user.is_authenticated:
        return seen
    orders, attendees = (model._meta.get_field(name).related_model.objects for name in ("order_lines", "attendees"))
    bought = orders.filter(orders_bought(user, "order__")).values("ticket")
    held = attendees.filter(attendees_held(user)).exclude(order=None).values("ticket")
    return seen | Q(event_id__in=events_where(user, TEAM)) | Q(pk__in=bought) | Q(pk__in=held)


def orders_seen(user, model):
    """One's own, those in which one holds a ticket, and those of the events on whose team one is."""
    if is_site_staff(user):
        return EVERY_ROW
    if not user.is_authenticated:
        return NO_ROW
    attendees = model._meta.get_field("attendees").related_model.objects
    held = attendees.filter(attendees_held(user), deleted_at=None).exclude(order=None).values("order")
    team = Q(event_id__in=events_where(user, TEAM), event__deleted_at=None)
    return orders_bought(user) | Q(pk__in=held) | team


def attendees_seen(user, model):
    """Those of one's orders, oneself, and those of the events where one is at the door or on the team."""
    if is_site_staff(user):
        return EVERY_ROW
    if not user.is_authenticated:
        return NO_ROW
    at_work = Q(event_id__in=events_where(user, TEAM | {REGISTRAR}), event__deleted_at=None)
    bought = orders_bought(user, "order__") & ~Q(order=None)
    return bought | Q(order=None, creator=user.pk) | attendees_held(user) | at_work


def orders_worked_on(user, model):
    """Orders of which everything may be read: those one bought, and those of the events on whose team one is."""
    if is_site_staff(user):
        return EVERY_ROW
    if not user.is_authenticated:
        return NO_ROW
    return orders_bought(user) | Q(event_id__in=events_where(user, TEAM), event__deleted_at=None)


def buyers_known(user):
    """Q over accounts: those who bought at the events on whose team one is."""
    if not user.is_authenticated or not (events := events_where(user, TEAM)):
        return NO_ROW
    orders = user._meta.get_field("orders").related_model.objects
    return Q(pk__in=orders.filter(event__in=events, event__deleted_at=None).exclude(user=None).values("user"))


def stripe_seen(user, model):
    """The team's, and whoever buys at the event: their browser needs the publishable key."""
    seen = team_rows(user, model)
    if seen == EVERY_ROW or not user.is_authenticated:
        return seen
    orders = model._meta.get_field("event").related_model._meta.get_field("orders").related_model.objects
    return seen | Q(event__in=orders.filter(orders_bought(user), deleted_at=None).values("event"))


@rules.predicate
def is_for_tickets(user, code):
    """Not the kind that lowers the site's own invoices, which the site gives."""
    return code.used_for == "ticket"


SCANS = allowed_to(registers, rows=rows_at(TEAM | {REGISTRAR}))
keeps_the_code = (coorganizes & is_for_tickets) | is_site_staff
DISCOUNTS = {**BACKSTAGE, "add": keeps_the_code, "change": keeps_the_code, "delete": keeps_the_code}
CHECK_INS = {**SCANS, "change": nobody}
TICKETS = {**PROGRAMME, "rows": tickets_seen}
TAXES = {**PROGRAMME, "rows": rows_of_seen_events, "private_rows": team_rows}
ORDERS = {
    "rows": orders_seen,
    "private_rows": orders_worked_on,
    "sees_private": coorganizes | bought_it,
    "add": is_signed_in,
    "change": coorganizes | bought_it,
    "delete": is_site_staff,
}
ATTENDEES = {
    "rows": attendees_seen,
    "private_rows": attendees_seen,
    "sees_private": registers | bought_the_order | holds_it,
    "add": is_signed_in,
    "change": registers | bought_the_order,
    "delete": coorganizes | bought_the_order,
}
INVOICES = allowed_to(is_site_staff, rows=own_rows, private_rows=rows_for_staff)
SALES = allowed_to(nobody, rows=rows_in_panel("sales"), sees_private=may_open_panel("sales"))
STRIPE = {**allowed_to(owns_the_event, rows=stripe_seen), "private_rows": team_rows}
