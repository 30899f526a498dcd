"""Access and refresh tokens of the API: made, read, renewed and made void."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import Token

from accounts.models import RefreshFamily, User
from openevent.core.atomic import atomic
from openevent.core.prepared import Prepared
from openevent.core.refusals import Refused
from openevent.core.tokens import new_token

LIFETIME_WHEN_REMEMBERED = timedelta(minutes=90)  # a refresh token follows, so the access token may be short


class HouseToken(Token):
    """Claims as clients read them: `identity` is a number, and everything is ASCII without `>`, `?` and `~`.

    Such a payload has no `-` and no `_` in base64url: a client that decodes it with plain `atob` can read it.
    """

    @classmethod
    def for_user(cls, user, **claims):
        token = cls()
        token.payload |= {
            "identity": user.pk,
            "nbf": token["iat"],
            "fresh": False,
            "csrf": new_token().replace("-", "a").replace("_", "b"),
            "stamp": password_stamp(user),
            **claims,
        }
        return token


class AccessToken(HouseToken):
    token_type = "access"  # noqa: S105
    lifetime = settings.ACCESS_TOKEN_LIFETIME


class RefreshToken(HouseToken):
    token_type = "refresh"  # noqa: S105
    lifetime = settings.REFRESH_TOKEN_LIFETIME


def password_stamp(user):
    """Changes with the password: what carries an old stamp is void."""
    return user.get_session_auth_hash()[:32]


def give_tokens(user, *, remember=False):
    """After a sign-in: a fresh access token, and a refresh token when the user wants to be remembered."""
    access = AccessToken.for_user(user, fresh=True)
    if not remember:
        return {"access_token": str(access)}
    access.set_exp(lifetime=min(LIFETIME_WHEN_REMEMBERED, AccessToken.lifetime))
    family = RefreshFamily.objects.create(user=user, expires_at=timezone.now() + RefreshToken.lifetime)
    return {"access_token": str(access), "refresh_token": str(_member(family, generation=0))}


def renew_tokens(text, *, csrf=None):
    """An access token and the refresh token's successor; 401 when it is void, and then its whole family is.

    The predecessor stays good until the successor is used: see RefreshFamily. One that a browser sent by itself comes
    with the word against forged requests that it was made with.
    """
    token = _read(RefreshToken, text)
    if csrf is not None and not constant_time_compare(csrf, token["csrf"]):
        raise _void()
    user = account_of(token)
    with atomic():
        family = (
            RefreshFamily.objects.select_for_update()
            .filter(pk=token["family"], user=user, revoked_at=None, expires_at__gt=timezone.now())
            .first()
        )
        reused = family is not None and token["generation"] < family.generation
        if reused:
            family.revoked_at = timezone.now()
        elif family:
            family.generation = token["generation"]
        if family:
            family.save()
    if family is None or reused:
        raise _void()
    access = AccessToken.for_user(user)
    access.set_exp(lifetime=min(LIFETIME_WHEN_REMEMBERED, AccessToken.lifetime))
    successor = _member(family, generation=family.generation + 1)
    return {"access_token": str(access), "refresh_token": str(successor)}


def end_renewals(user):
    """Void the refresh tokens of an account; an access token runs out by itself."""
    RefreshFamily.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())


def read_access_token(text):
    """Whose token this is, and the token; 401 if it is forged, expired, void, or not an access token."""
    token = _read(AccessToken, text)
    return account_of(token), token


user_by_pk = Prepared(lambda slot: User.objects.filter(pk=slot).order_by())  # every signed-in call asks it


def account_of(token):
    identity = token.get("identity")
    user = next(iter(user_by_pk(identity)), None) if isinstance(identity, int) else None
    if user is None or not user.is_active or token.get("stamp") != password_stamp(user):
        raise _void()
    return user


def _member(family, *, generation):
    token = RefreshToken.for_user(family.user, family=family.pk, generation=generation)
    token.payload["exp"] = int(family.expires_at.timestamp())
    return token


def _read(kind, text):
    try:
        return kind(text)
    except TokenError:
        raise _void() from None


def _void():
    return Refused("token-invalid", "This sign-in has ended. Sign in again.", status=401)
