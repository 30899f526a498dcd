"""The e-mail address of an account, and whether it is proven to be its owner's."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.internal.flows.signup import send_unknown_account_mail
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.models import User, normalise_email
from accounts.services.log import record
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused


def read_address(text, *, pointer):
    """An address in its one spelling, or refused."""
    try:
        validate_email(email := normalise_email(text) if isinstance(text, str) else None)
    except ValidationError:
        raise Refused("not-an-address", "This is not an e-mail address.", pointer=pointer) from None
    return email


@atomic()
def match_address(user):
    """Make allauth's address rows say what the account says: it is the truth, and has one address."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    address, _ = EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"primary": True, "verified": user.is_verified}
    )
    return address


@atomic()
def mark_verified(user, *, by):
    user.is_verified = True
    user.save(update_fields=["is_verified"])
    record("user.verified", by=by, about=user)


def ask_to_verify(user, *, request, signup=False):
    """Mail a link that proves the address (rate-limited by allauth: asked too often, nothing is sent)."""
    return send_verification_email_to_address(request, match_address(user), signup=signup)


def ask_to_verify_at(email, *, request):
    """The same for whoever knows only the address. Each gets one mail, so that neither answer nor work tells more."""
    user = User.objects.with_email(email)
    if user is None or not user.is_active:
        send_unknown_account_mail(request, email)
    elif user.is_verified:
        get_adapter(request).send_mail("account/email/already_verified", email, {})
    else:
        match_address(user).send_confirmation(request)


@atomic()
def prove_address(token, *, of=None):
    """Take the signed token of a mail as proof; of this account, where one is named."""
    found = EmailConfirmationHMAC.from_key(token)
    address = found and found.email_address
    if (
        not address
        or not address.user.is_active
        or address.email != address.user.email
        or of not in (None, address.user)
    ):
        raise Refused(
            "link-invalid",
            "This link is not one of ours, not for this address, too old, or was used already.",
            status=400 if of is None else 422,
            pointer="/data/token",
        )
    address.set_verified()
    mark_verified(address.user, by=address.user)
    return address.user


@atomic()
def change_email(user, email, *, by, request):
    """Give an account another address: unproven again, and both addresses are told."""
    before, user.email, user.is_verified = user.email, normalise_email(email), False
    user.save(update_fields=["email", "is_verified"])
    record("user.email-changed", by=by, about=user)
    ask_to_verify(user, request=request)
    get_adapter(request).send_mail("account/email/email_changed", before, {"to_email": user.email})
