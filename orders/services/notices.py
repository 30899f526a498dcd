"""What an order means to people who have an account: behind their bells, and in the event's live room."""

from django.db import models
from django.urls import reverse
from django.utils.html import escape

from accounts.models import User, normalise_email
from events.rules import ORGANIZER, OWNER
from events.services.team import people_at
from notifications.services.live import announce
from notifications.services.notify import notify_all
from orders.models.order import CANCELLED, COMPLETED
from orders.services.moves import STATES, WAS_SOLD


def tell_room(what: str, about: models.Model) -> None:
    """Say to those who watch the event that something happened to this order or attendee: `order.completed`."""
    name = about._meta.model_name
    announce("event", about.event_id, {"meta": what, name: about.identifier if name == "order" else about.pk})


def tell_accounts(order, *, holders, by, before) -> None:
    """The buyer, who comes on a ticket, and after a sale that is undone the organizers; nobody of their own deed."""
    state = STATES[order.status]
    facts = {"about": order, "event_id": order.event_id, "by": by}
    if order.user and state.bell:
        title, action = state.title.format(order.event.name), reverse("order", args=[order.identifier])
        notify_all([order.user], state.bell, title=title, message=_message(order), action=action, **facts)
    if order.status == COMPLETED and holders:
        title, action = f"Your ticket for {order.event.name}", reverse("event", args=[order.event.identifier])
        message = f"<p>From {escape(order.buyer_name or 'somebody')}. The ticket is in your mail.</p>"
        notify_all(
            _accounts_of(holders), "ticket_purchased_attendee", title=title, message=message, action=action, **facts
        )
    if order.status == CANCELLED and before in WAS_SOLD:
        title = f"Order {order.identifier} for {order.event.name} was cancelled"
        action = f"/manage/{order.event.identifier}/orders/{order.identifier}"
        people = [person for person in people_at(order.event_id, OWNER, ORGANIZER) if person != by]
        notify_all(people, "ticket_cancelled_organizer", title=title, message=_message(order), action=action, **facts)


def _message(order):
    note = f": {escape(order.cancel_note)}" if order.status == CANCELLED and order.cancel_note else "."
    return f"<p>Order {order.identifier}{note}</p>"


def _accounts_of(holders):
    """Whoever has proven that a holder's address is theirs."""
    return User.objects.filter(email__in={normalise_email(holder.email) for holder in holders}, is_verified=True)
