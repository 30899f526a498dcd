"""Linking an event to its owner's account with Stripe, and taking the link away."""

from accounts.models import Setting
from accounts.services.log import record
from events.models import Event
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused
from orders.models import StripeAuthorization
from orders.payments import PROVIDERS


def link_stripe(event: Event, *, stripe_auth_code: str, by) -> StripeAuthorization:
    """Keep the code that Stripe has given the owner; 403 where nothing could be done with it."""
    if not event.can_pay_by_stripe:
        refuse("This event does not take payments by Stripe: switch that on first.")
    if not Setting.current().is_stripe_activated:
        refuse("This site has no account with Stripe to link to.")
    with atomic():
        link = StripeAuthorization.objects.create(event=event, stripe_auth_code=stripe_auth_code)
        _say(event, True)
        record("event.stripe-linked", by=by, about=event, event_id=event.pk)
        return link


def join_account(link: StripeAuthorization, *, by) -> None:
    """Exchange the code for the owner's account, to which the money of this event goes from then on.

    Without that the link is not there: 422 with Stripe's reason, 503 while it is away.
    """
    try:
        account = PROVIDERS["stripe"].account_by_code(link.stripe_auth_code)
    except Refused:
        unlink_stripe(link, by=by)
        raise
    for name, value in account.items():
        setattr(link, name, value)
    link.save()


def unlink_stripe(link: StripeAuthorization, *, by) -> None:
    """Nothing of it is kept."""
    event = link.event
    with atomic():
        link.delete()
        _say(event, False)
        record("event.stripe-unlinked", by=by, about=event, event_id=event.pk)


def _say(event, is_linked):
    event.is_stripe_linked = is_linked
    event.save(update_fields=["is_stripe_linked"])


def refuse(detail):
    raise Refused("stripe-not-possible", detail, status=403, pointer="/data/relationships/event")
