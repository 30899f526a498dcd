"""What the log says: everything but the secrets that addresses carry."""

import logging
import re

# Links that open an order or an account to whoever has them, and tokens where none should have been sent.
SECRETS = re.compile(
    r"(/orders/[^/\s]+/(?=[A-Z2-7]{26}\b)|/accounts/verify/|/accounts/password/new/"
    r"|[?&](?:jwt|token|access_token|refresh_token)=)[^/?&\s\"']+"
)


class WithoutSecrets(logging.Formatter):
    def format(self, record):
        return SECRETS.sub(r"\1…", super().format(record))
