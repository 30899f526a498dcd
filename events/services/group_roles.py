"""Asking somebody to run a group along: offered to an address by mail, taken by the account that has proven it."""

from django.conf import settings
from django.urls import reverse

from accounts.services.log import record
from events.models import Group, Role, UsersGroupsRoles
from events.rules import ORGANIZER, OWNER
from events.services.create_event import forget_roles
from events.services.offers import check_is_meant, find_offer, fresh, gone, is_expired
from notifications.services.mail import send_mail
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused
from openevent.core.tokens import new_token


def invite_to_group(group: Group, email: str, role: Role, *, by) -> UsersGroupsRoles:
    """Offer to organize the group, and mail the link."""
    if role.name != ORGANIZER:
        pointer = "/data/relationships/role"
        raise Refused("role-not-offered", "A group has organizers, and nobody else.", status=403, pointer=pointer)
    with atomic():
        token = new_token()
        offer = UsersGroupsRoles.objects.create(group=group, email=email, role=role, invited_by=by, **fresh(token))
        record("group-role.offered", by=by, about=group, role=role.name, invite=offer.pk)
        _mail(offer, token, by=by)
    return offer


def resend_group_invite(offer: UsersGroupsRoles, *, by) -> UsersGroupsRoles:
    """A new link for another seven days; the one before stops working."""
    with atomic():
        offer = UsersGroupsRoles.objects.select_for_update(of=("self",)).select_related("group").get(pk=offer.pk)
        if offer.accepted:
            raise gone("answered", status=409)
        token = new_token()
        for column, value in {**fresh(token), "invited_by": by}.items():
            setattr(offer, column, value)
        offer.save()
        record("group-role.offered", by=by, about=offer.group, role=offer.role.name, invite=offer.pk)
        _mail(offer, token, by=by)
    return offer


def find_group_invite(token: str) -> UsersGroupsRoles:
    """The offer that this link was mailed for; 404 if there is none."""
    return _open(UsersGroupsRoles.objects, token)


def accept_group_invite(token: str, *, by) -> UsersGroupsRoles:
    """Run the group along. Only the account whose proven address was invited (403), once (409) and in time (410)."""
    with atomic():
        offer = _open(UsersGroupsRoles.objects.select_for_update(of=("self",)), token)
        check_is_meant(offer, by)
        check_group_invite(offer)
        offer.user, offer.accepted = by, True
        offer.save(update_fields=["user", "accepted"])
        forget_roles(by)
        record("group-role.accepted", by=by, about=offer.group, role=offer.role.name)
    return offer


def check_group_invite(offer: UsersGroupsRoles) -> None:
    """Refused for an offer that nobody can take any more: answered, too old, or made by whoever owns it no more."""
    if offer.accepted:
        raise gone("answered", status=409)
    if is_expired(offer):
        raise gone("expired")
    inviter = offer.invited_by
    if inviter is None or not inviter.is_active or not (inviter.is_site_staff or inviter.pk == offer.group.user_id):
        raise gone("stale")


def remove_group_role(held: UsersGroupsRoles, *, by) -> None:
    """From the next request on this person runs neither the group nor its events; an open invitation is withdrawn."""
    if held.role.name == OWNER:
        raise Refused("owner-stays", "A group keeps its owner.", status=403)
    with atomic():
        held.delete()
        for user in (held.user, by):
            user and forget_roles(user)
        record("group-role.removed", by=by, about=held.group, role=held.role.name, user=held.user_id)


def _open(offers, token):
    return find_offer(offers.select_related("group", "role", "invited_by").filter(group__deleted_at=None), token)


def _mail(offer, token, *, by):
    context = {
        "group_name": offer.group.name,
        "inviter": by.name,
        "until": offer.expires_at,
        "button_url": settings.BASE_URL + reverse("group-invite", args=[token]),
        "button_text": "See the invitation",
    }
    send_mail("group-role", to=offer.email, context=context, about=offer, by=by)
