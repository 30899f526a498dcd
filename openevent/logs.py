"""What the log says: everything but people's addresses, and the secrets that addresses, requests and mishaps carry."""

import logging
import re

SECRETS = (
    # Links that open an order or an account to whoever has them, and tokens where none should have been sent.
    (
        r"(/orders/[^/\s]+/(?=[A-Z2-7]{26})|/accounts/verify/|/accounts/password/new/|/v1/tasks/files/|/v1/orders/papers/"
        r"|[?&](?:jwt|token|access_token|refresh_token)=)[^/?&\s\"']+",
        r"\1…",
    ),
    (r"\b(JWT|Bearer|Basic) [\w.~+/=-]{8,}", r"\1 …"),
    (r"\beyJ[\w-]+\.[\w-]+\.[\w-]+", "…"),
    (r"(password['\"]?\s*[=:]\s*['\"]?)[^&'\"\n]+", r"\1…"),
    # Of payment providers: what stands for a card, and their keys.
    (r"\b(tok|pm|src|card|sk|rk|whsec)_\w+", r"\1_…"),
    (r"\b[3-6]\d{3}(?:[ -]?\d{4}){2}[ -]?\d{3,4}\b", "…"),
    # Who somebody is.
    (r"\w[\w.+'-]*@[\w-]+(?:\.[\w-]+)+", "…@…"),
)
SECRETS = [(re.compile(pattern), kept) for pattern, kept in SECRETS]


class WithoutSecrets(logging.Formatter):
    def format(self, record):
        line = super().format(record)
        for pattern, kept in SECRETS:
            line = pattern.sub(kept, line)
        return line
