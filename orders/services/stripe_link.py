"""Linking an event to its owner's account with Stripe, and taking the link away."""

from accounts.models import Setting
from accounts.services.log import record
from events.models import Event
from events.rules import owns_the_event
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused
from openevent.core.tokens import read_claim, sign_claim
from orders.models import StripeAuthorization
from orders.payments import PROVIDERS

PURPOSE, SECONDS = "stripe-link", 900  # to choose an account at Stripe


def page_to_link(event: Event, *, by, back: str) -> str:
    """Stripe's page, on which the owner chooses an account; it leads back with a code. 403 as for `link_stripe`."""
    _refuse_unless_possible(event)
    _refuse_if_linked(event)
    state = sign_claim({"event": event.pk, "user": by.pk}, purpose=PURPOSE)
    return PROVIDERS["stripe"].page_to_join(state=state, back=back)


def event_to_link(state: str, *, by) -> Event:
    """The event for which this person has gone to Stripe a little while ago; 403 and 410 for whatever else comes."""
    claim = read_claim(state, purpose=PURPOSE, seconds=SECONDS)
    event = Event.objects.filter(pk=claim["event"], deleted_at=None).first()
    if claim["user"] != by.pk or event is None or not owns_the_event(by, event):
        raise Refused("link-invalid", "This link is not one of yours.", status=403)
    return event


def link_by_code(event: Event, *, code: str, by) -> StripeAuthorization:
    """The whole of it: the code is kept, and exchanged for the account."""
    _refuse_if_linked(event)
    link = link_stripe(event, stripe_auth_code=code, by=by)
    join_account(link, by=by)
    return link


def link_stripe(event: Event, *, stripe_auth_code: str, by) -> StripeAuthorization:
    """Keep the code that Stripe has given the owner; 403 where nothing could be done with it."""
    _refuse_unless_possible(event)
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


def why_not_linked(event: Event) -> str:
    """Why nothing can be linked now, in one sentence; empty if it can."""
    if not event.can_pay_by_stripe:
        return "This event does not take payments by Stripe: switch that on first."
    if not Setting.current().is_stripe_activated:
        return "This site has no account with Stripe to link to."
    return ""


def _refuse_unless_possible(event):
    if why := why_not_linked(event):
        refuse(why)


def _refuse_if_linked(event):
    if StripeAuthorization.objects.filter(event=event).exists():
        raise Refused("linked-already", "This event is linked to an account already: unlink that first.", status=409)


def _say(event, is_linked):
    event.is_stripe_linked = is_linked
    event.save(update_fields=["is_stripe_linked"])


def refuse(detail):
    raise Refused("stripe-not-possible", detail, status=403, pointer="/data/relationships/event")
