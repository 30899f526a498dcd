"""Inviting somebody to help at an event: offered to an address by mail, taken by the account that has proven it."""

from django.conf import settings
from django.urls import reverse

from accounts.models import User, normalise_email
from accounts.services.log import record
from events.models import Event, Role, RoleInvite
from events.models.role_invite import ACCEPTED, DECLINED, PENDING
from events.rules import OWNER, owns_the_event, reaches
from events.services.create_event import give_role
from events.services.offers import check_is_meant, find_offer, fresh, gone, is_expired, is_meant
from events.services.roles import MEANING, POINTER, check_may_give, lock_team, pass_on
from notifications.services.mail import send_mail
from notifications.services.notify import notify
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused
from openevent.core.tokens import new_token


def invite(event: Event, email: str, role: Role, *, by) -> RoleInvite:
    """Offer a role and mail the link. Asked again, the old link stops working and a new one goes out.

    Offering the owner's role is how an event is handed over to an address; one such offer stands at a time.
    """
    email = normalise_email(email)
    with atomic():
        event = lock_team(event.pk, by)
        _check_may_offer(role.name, event=event, by=by)
        if event.roles.filter(user__email=email, role=role).exists():
            raise Refused("has-this-role", f"{email} is {role} already.", status=409, pointer="/data/attributes/email")
        if role.name == OWNER:
            event.role_invites.filter(role=role, status=PENDING).exclude(email=email).delete()
        token = new_token()
        offer, _ = RoleInvite.objects.update_or_create(
            event=event, email=email, role=role, defaults={**fresh(token), "status": PENDING, "invited_by": by}
        )
        record("role.offered", by=by, about=event, event_id=event.pk, role=role.name, invite=offer.pk)
        _mail(offer, token, by=by)
        _tell(offer, by=by)
    return offer


def resend_invite(offer: RoleInvite, *, by) -> RoleInvite:
    """A new link for another seven days, in the name of who asks for it."""
    if offer.status != PENDING:
        raise gone("answered")
    return invite(offer.event, offer.email, offer.role, by=by)


def withdraw_invite(offer: RoleInvite, *, by) -> None:
    """The link stops working. What was accepted is a role by now: that one is taken away, not its offer (409)."""
    with atomic():
        event = lock_team(offer.event_id, by)
        _check_may_offer(offer.role.name, event=event, by=by)
        if event.role_invites.filter(pk=offer.pk, status=ACCEPTED).exists():
            raise Refused("invite-accepted", "This invitation was accepted. Remove the role instead.", status=409)
        event.role_invites.filter(pk=offer.pk).exclude(status=ACCEPTED).delete()
        record("role.offer-withdrawn", by=by, about=event, event_id=event.pk, role=offer.role.name, invite=offer.pk)


def find_invite(token: str) -> RoleInvite:
    """The offer that this link was mailed for; 404 if there is none."""
    return _open(RoleInvite.objects, token)


def accept_invite(token: str, *, by) -> RoleInvite:
    """Take the role. Only the account whose proven address was invited (403), once and in time (410)."""
    with atomic():
        offer = _open(RoleInvite.objects.select_for_update(of=("self",)), token)
        check_is_meant(offer, by)
        check_open(offer)
        offer.status = ACCEPTED
        offer.save(update_fields=["status"])
        if offer.role.name == OWNER:
            pass_on(lock_team(offer.event_id, by), to=by)
        else:
            give_role(offer.event, offer.role.name, to=by)
        record("role.accepted", by=by, about=offer.event, event_id=offer.event_id, role=offer.role.name)
    return offer


def decline_invite(token: str, *, by) -> RoleInvite:
    """No, thank you: whoever has the link may say so, unless they are signed in as somebody else."""
    with atomic():
        offer = _open(RoleInvite.objects.select_for_update(of=("self",)), token)
        if by.is_authenticated and not is_meant(offer, by):
            raise Refused("not-your-invite", "This invitation is for another address.", status=403)
        check_open(offer)
        offer.status = DECLINED
        offer.save(update_fields=["status"])
        record("role.declined", by=by, about=offer.event, event_id=offer.event_id, role=offer.role.name)
    return offer


def check_open(offer):
    """410 for an offer that nobody can take any more."""
    if reason := why_closed(offer):
        raise gone(reason)


def why_closed(offer):
    """answered, expired, or stale: who made it could not make it now. Empty while it can be taken."""
    if offer.status != PENDING:
        return "answered"
    if is_expired(offer):
        return "expired"
    inviter = offer.invited_by
    if inviter is None or not inviter.is_active or not reaches(inviter, offer, offer.role.name):
        return "stale"
    return ""


def _check_may_offer(role, *, event, by):
    """403 for a role above one's own rank; the owner's is offered by the owner alone."""
    if role != OWNER:
        check_may_give(role, event=event, by=by)
    elif not owns_the_event(by, event):
        raise Refused("not-the-owner", "Only its owner hands an event over.", status=403, pointer=POINTER)


def _open(offers, token):
    return find_offer(offers.select_related("event", "role", "invited_by").filter(event__deleted_at=None), token)


def _mail(offer, token, *, by):
    event = offer.event
    context = {
        "event_name": event.name,
        "role": str(offer.role),
        "meaning": MEANING[offer.role.name],
        "inviter": by.name,
        "until": offer.expires_at,
        "zone": event.timezone,
        "button_url": settings.BASE_URL + reverse("invite", args=[token]),
        "button_text": "See the invitation",
    }
    send_mail("event-role", to=offer.email, context=context, about=offer, by=by)


def _tell(offer, *, by):
    """Who has an account hears of it there too. The link stands in the mail alone: it must not be in the database."""
    if user := User.objects.with_email(offer.email):
        notify(
            user,
            "event_role",
            title=f"{by.name} invites you to help at {offer.event.name}",
            message=f"As {offer.role}. The link to accept it is in your mail.",
            about=offer,
            event_id=offer.event_id,
            by=by,
        )
