"""Choosing a new password: by the link in a mail, or with the present one."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.account.utils import url_str_to_user_pk
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.services.sign_in import sign_in
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused


def ask_reset(email, *, request):
    """Mail a link to a new password; where there is no account the mail says so, by the same work."""
    user = User.objects.with_email(email)
    request_password_reset(request, email, [user] if user and user.is_active else [], default_token_generator)


@atomic()
def reset_password(token, password, *, request):
    """The account of a link's token, with this password from now on. The token is bound to the old one, so it ends."""
    user = _whose(token)
    if user is None:
        raise Refused(
            "link-invalid",
            "This link is not one of ours, too old, or was used already.",
            status=404,
            pointer="/data/token",
        )
    _check(password, user, status=422, pointer="/data/password")
    return _set(user, password, request=request, notice="password_reset")


@atomic()
def change_password(user, old, new, *, request):
    if not has_password(user, old, request=request):
        raise Refused("wrong-password", "This is not your present password.", status=400, pointer="/data/old-password")
    if old == new:
        raise Refused("same-password", "The new password is the old one.", status=400, pointer="/data/new-password")
    _check(new, user, status=400, pointer="/data/new-password")
    return _set(user, new, request=request, notice="password_changed")


def has_password(user, password, *, request):
    """Whether it is theirs. Asked at the one door, where wrong tries are counted; 429 when there were too many."""
    try:
        return sign_in(user.email, password, request=request) == user
    except Refused as refusal:
        if refusal.status == 429:
            raise
        return False


def _whose(token):
    number, _, key = token.partition("-")
    try:
        user = User.objects.select_for_update().filter(pk=url_str_to_user_pk(number)).first()
    except (ValueError, ValidationError):
        return None
    return user if user and user.is_active and default_token_generator.check_token(user, key) else None


def _check(password, user, **where):
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise Refused("weak-password", " ".join(problem.messages), **where) from None


def _set(user, password, *, request, notice):
    """By the adapter, as on the pages: it is written down, and the owner is told."""
    adapter = get_adapter(request)
    adapter.set_password(user, password)
    adapter.send_notification_mail(f"account/email/{notice}", user, email=user.email)
    return user
