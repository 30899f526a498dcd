"""The e-mail address of an account, and whether it is proven to be its owner's."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress

from accounts.models import normalise_email
from accounts.services.log import record
from openevent.core.atomic import atomic


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


@atomic()
def change_email(user, email, *, by, request):
    """Give an account another address: unproven again, and both addresses are told."""
    before, user.email, user.is_verified = user.email, normalise_email(email), False
    user.save(update_fields=["email", "is_verified"])
    record("user.email-changed", by=by, about=user)
    ask_to_verify(user, request=request)
    get_adapter(request).send_mail("account/email/email_changed", before, {"to_email": user.email})
