"""Secrets in links: random ones, of which we keep a hash, and signed claims, of which we keep nothing."""

import base64
import hashlib
import secrets

from django.core import signing
from django.utils.crypto import salted_hmac

from openevent.core.refusals import Refused


def new_token():
    """A secret of 256 random bits. Show it once and keep its hash: then a copied database opens no door."""
    return secrets.token_urlsafe(32)


def hash_token(token):
    """Hex SHA-256: enough for a secret that nobody can guess, and it can be looked up by equality."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def sign_claim(claim, *, purpose, compress=False):
    """A JSON value as URL-safe text that only we can have made, and only for this purpose."""
    return signing.dumps(claim, salt=f"openevent.{purpose}", compress=compress)


def read_claim(text, *, purpose, seconds):
    """What was signed for this purpose at most so many seconds ago; else refused: 403 forged, 410 too old."""
    try:
        return signing.loads(text, salt=f"openevent.{purpose}", max_age=seconds)
    except signing.SignatureExpired:
        raise Refused("link-expired", "This link is too old. Ask for a new one.", status=410) from None
    except signing.BadSignature:
        raise Refused("link-invalid", "This link is not one of ours.", status=403) from None


def derive_secret(purpose, seed):
    """A secret of 128 bits as 26 capitals and digits, which the server's key makes of a stored random seed.

    For links and codes that must be shown again later: a copied database has the seeds, not the secrets.
    """
    digest = salted_hmac(f"openevent.{purpose}", seed, algorithm="sha256").digest()
    return base64.b32encode(digest[:16]).decode().rstrip("=")
