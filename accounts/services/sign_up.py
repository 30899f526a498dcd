"""Making an account."""

from django.contrib.auth.password_validation import validate_password

from accounts.models import User
from accounts.services.email import ask_to_verify
from accounts.services.log import record
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused


@atomic()
def sign_up(email, password, *, request, **attributes):
    """A new account, unverified; its address gets the mail that proves it. 409 if the address is taken.

    Raises Django's ValidationError for a password that is too short or too common.
    """
    validate_password(password)
    if User.objects.with_email(email):
        raise Refused("email-taken", "User already exists", status=409, pointer="/data/attributes/email")
    user = User.objects.create_user(email, password, **attributes)
    record("user.signed-up", by=user, about=user)
    ask_to_verify(user, request=request, signup=True)
    return user
