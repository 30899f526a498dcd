"""Shutting an account out, and letting it in again."""

from allauth.usersessions.models import UserSession

from accounts.rules import is_oneself, may_change_account
from accounts.services.log import record
from accounts.services.tokens import end_renewals
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused


@atomic()
def block(user, *, by):
    """From now on nobody is signed in to it, and nobody can sign in."""
    _check(user, by)
    if not user.is_blocked:
        user.is_blocked = True
        user.save(update_fields=["is_blocked"])
        record("user.blocked", by=by, about=user)
    end_sign_ins(user)


@atomic()
def unblock(user, *, by):
    _check(user, by)
    if user.is_blocked:
        user.is_blocked = False
        user.save(update_fields=["is_blocked"])
        record("user.unblocked", by=by, about=user)


def end_sign_ins(user):
    """Pages and renewed tokens end here; an access token asks at each call whether its account is blocked."""
    for session in UserSession.objects.filter(user=user):
        session.end()
    end_renewals(user)


def _check(user, by):
    if is_oneself(by, user):
        raise Refused("not-oneself", "Nobody shuts themself out. Ask another admin.", status=403)
    if not may_change_account(by, user):
        raise Refused("superadmins-account", "Only a superadmin changes a superadmin's account.", status=403)
