"""The one door: every way of signing in with a password ends here, the pages', the API's and the admin's."""

from django.utils import timezone

from accounts.models import User, normalise_email
from openevent.core.limits import client_address, give_back, limit
from openevent.core.refusals import Refused

TRIES_PER_ACCOUNT = "10/10m"
TRIES_PER_ADDRESS = "100/10m"


def sign_in(email, password, *, request):
    """The user whose password this is; else 401, in the same words and time whatever was wrong, or 429.

    Only failures use up the limits, which count by address and account: nobody locks out somebody else.
    """
    email, address = normalise_email(email), client_address(request)
    limits = ("sign-in", (address, email)), ("sign-in-anywhere", address)
    for (name, key), rate in zip(limits, (TRIES_PER_ACCOUNT, TRIES_PER_ADDRESS), strict=True):
        limit(name, key, rate)
    user = User.objects.with_email(email)
    if not _has_password(user, password) or not user.is_active:
        raise Refused("invalid-credentials", "Invalid Credentials", status=401)
    for name, key in limits:
        give_back(name, key)
    user.last_accessed_at = timezone.now()
    user.save(update_fields=["last_accessed_at"])
    return user


def _has_password(user, password):
    if user is None:
        User().set_password(password)  # as much work as checking one, so that the time tells nothing
        return False
    return user.check_password(password)
