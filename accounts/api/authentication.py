"""Who is calling: a token in the header, or the session of our own pages."""

from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated

from accounts.services.tokens import read_access_token
from openevent.core.refusals import Refused

TOKEN_SCHEMES = (b"jwt", b"bearer")
TOKEN_PARAMETERS = ("jwt", "token", "access_token")


class JWTAuthentication(BaseAuthentication):
    """`Authorization: JWT <token>`. No header: an anonymous caller. A bad token: refused."""

    def authenticate(self, request):
        if any(name in request.query_params for name in TOKEN_PARAMETERS):
            # An address ends up in logs, histories and Referer headers.
            raise AuthenticationFailed("Send the token in the Authorization header, never in the address.")
        scheme, _, token = get_authorization_header(request).partition(b" ")
        if scheme.lower() not in TOKEN_SCHEMES:
            return None
        try:
            return read_access_token(token.strip())
        except Refused as refusal:
            raise AuthenticationFailed(refusal.detail) from None

    def authenticate_header(self, request):
        return "JWT"


class PageAuthentication(SessionAuthentication):
    """The session cookie, for fetches of our own pages: they send the CSRF token, other sites cannot."""


def ask_fresh(request, purpose):
    """Some things are done by whoever has just signed in, not by a token renewed for weeks."""
    token = request.auth
    if token is not None and not token.get("fresh"):
        raise NotAuthenticated(f"Sign in again to {purpose}.")
