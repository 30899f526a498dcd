"""Who may do what with tickets, orders and attendees, as clauses."""

import rules
from django.db.models import Q

from events.rules import (
    PROGRAMME,
    REGISTRAR,
    TEAM,
    coorganizes,
    events_seen,
    events_where,
    registers,
    rows_of_seen_events,
    team_rows,
)
from openevent.core.policies import EVERY_ROW, NO_ROW, is_signed_in, is_site_staff


@rules.predicate
def bought_it(user, order):
    return user.is_authenticated and order.user_id == user.pk


@rules.predicate
def holds_it(user, attendee):
    return user.is_authenticated and attendee.user_id == user.pk


@rules.predicate
def bought_the_order(user, attendee):
    """The buyer of an attendee's order; before there is an order, whoever made the attendee."""
    if not user.is_authenticated:
        return False
    if attendee.order_id is None:
        return attendee.creator_id == user.pk
    return attendee.order.user_id == user.pk


def tickets_seen(user, model):
    """Hidden ticket types are the team's, and a buyer's who has bought one."""
    if is_site_staff(user):
        return EVERY_ROW
    seen = Q(is_hidden=False) & events_seen(user, model.event_path)
    if not user.is_authenticated:
        return seen
    bought = user.orders.values("attendees__ticket")
    return seen | Q(event_id__in=events_where(user, TEAM)) | Q(pk__in=bought)


def orders_seen(user, model):
    """One's own, those in which one holds a ticket, and those of the events on whose team one is."""
    if is_site_staff(user):
        return EVERY_ROW
    if not user.is_authenticated:
        return NO_ROW
    held = user.attendees.exclude(order=None).values("order")
    return Q(user=user.pk) | Q(pk__in=held) | Q(event_id__in=events_where(user, TEAM), event__deleted_at=None)


def attendees_seen(user, model):
    """Those of one's orders, oneself, and those of the events where one is at the door or on the team."""
    if is_site_staff(user):
        return EVERY_ROW
    if not user.is_authenticated:
        return NO_ROW
    at_work = Q(event_id__in=events_where(user, TEAM | {REGISTRAR}), event__deleted_at=None)
    return Q(order__user=user.pk) | Q(order=None, creator=user.pk) | Q(user=user.pk) | at_work


TICKETS = {**PROGRAMME, "rows": tickets_seen}
TAXES = {**PROGRAMME, "rows": rows_of_seen_events, "private_rows": team_rows}
ORDERS = {
    "rows": orders_seen,
    "private_rows": orders_seen,
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
