"""What every invitation has in common: a link, mailed to one address, that its account may use once within seven days.

An offer is a row with `email`, `token_hash`, `expires_at` and `invited_by`. The token is mailed, and
only its hash is kept.
"""

from datetime import timedelta

from django.utils import timezone

from openevent.core.refusals import Refused
from openevent.core.tokens import hash_token

LIFETIME = timedelta(days=7)
GONE = {
    "answered": "This invitation has been answered already.",
    "expired": "This invitation is too old. Ask for a new one.",
    "stale": "Whoever sent this invitation can no longer do so. Ask for a new one.",
}


def fresh(token: str) -> dict:
    """The columns of an offer that has just been made, or made anew: the link before it stops working."""
    now = timezone.now()
    return {"token_hash": hash_token(token), "created_at": now, "expires_at": now + LIFETIME}


def find_offer(offers, token: str):
    """The one among these rows that this link was mailed for; 404 if there is none."""
    if offer := offers.filter(token_hash=hash_token(token)).first():
        return offer
    raise Refused("no-such-invite", "There is no such invitation, or it was withdrawn.", status=404)


def is_meant(offer, user) -> bool:
    return user.is_authenticated and user.email == offer.email


def check_is_meant(offer, user) -> None:
    """403 for everybody but the account whose proven address was invited."""
    if not is_meant(offer, user):
        raise Refused("not-your-invite", "This invitation is for another address.", status=403)
    if not user.is_verified:
        raise Refused("address-not-proven", "Verify your e-mail address first, then accept.", status=403)


def is_expired(offer) -> bool:
    return offer.expires_at <= timezone.now()


def gone(reason: str, *, status: int = 410) -> Refused:
    return Refused(f"invite-{reason}", GONE[reason], status=status)
