"""A text that only this server reads: mails hold links, settings hold keys, and a copied database opens no door."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac

UNREADABLE = "This text was sealed with a key that the server no longer has."


def seal(text: str) -> str:
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return UNREADABLE


class SealedText(models.TextField):
    """Encrypted in the database with a key made from SECRET_KEY, plain everywhere else."""

    def from_db_value(self, value, expression, connection):
        return unseal(value) if value else value

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return seal(value) if value else value


def _keys() -> MultiFernet:
    # The first seals; those that SECRET_KEY_FALLBACKS keeps still open what is older.
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    macs = [salted_hmac("openevent.mail", "seal", secret, algorithm="sha256") for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(mac.digest())) for mac in macs])
