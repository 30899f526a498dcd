"""Signing in and out for API clients: plain JSON, not JSON:API."""

from django.conf import settings
from django.contrib.auth import logout
from rest_framework.response import Response

from accounts.api.authentication import PageAuthentication
from accounts.api.both_shapes import PlainView, body_of
from accounts.services.sign_in import sign_in
from accounts.services.tokens import RefreshToken, end_renewals, give_tokens, renew_tokens
from openevent.core.describing import says
from openevent.core.refusals import Refused

# A refresh token that its client does not keep itself: sent to the address that renews and nowhere else, and only good
# together with a header, which other sites cannot send. What that must say is in a second cookie, for scripts to read.
COOKIE = {"key": "refresh_token_cookie", "path": "/v1/auth/token/refresh"}
CSRF_COOKIE = {"key": "csrf_refresh_token", "path": "/"}


CREDENTIALS = {"email?": str, "username?": str, "password": str}
TOKENS = {"access_token": str, "refresh_token?": str}


def credentials_in(request):
    body = body_of(request)
    email, password = body.get("email") or body.get("username"), body.get("password")
    if not (email and password and isinstance(email, str) and isinstance(password, str)):
        pointer = "/password" if email and isinstance(email, str) else "/email"
        raise Refused("sign-in-incomplete", "Send both email and password, as text.", status=400, pointer=pointer)
    return email, password


def keep_in_cookies(answer, token):
    kept = {"max_age": RefreshToken.lifetime, "secure": settings.SECURE, "samesite": "Lax"}
    answer.set_cookie(value=token, httponly=True, **COOKIE, **kept)
    answer.set_cookie(value=RefreshToken(token)["csrf"], **CSRF_COOKIE, **kept)


class LoginView(PlainView):
    """POST {email|username, password, remember-me, include-in-response} -> {access_token, refresh_token?}."""

    authentication_classes = ()  # whoever signs in again may send an expired token along

    @says(takes={**CREDENTIALS, "remember-me?": bool, "include-in-response?": bool}, answers=TOKENS)
    def post(self, request):
        email, password = credentials_in(request)
        user = sign_in(email, password, request=request)
        tokens = give_tokens(user, remember=bool(request.data.get("remember-me")))
        if "refresh_token" not in tokens or request.data.get("include-in-response"):
            return Response(tokens)
        answer = Response({"access_token": tokens["access_token"]})
        keep_in_cookies(answer, tokens["refresh_token"])
        return answer


class FreshLoginView(PlainView):
    """POST {email|username, password} of whoever is signed in -> {access_token}, good for what asks for a fresh one."""

    sign_in_first = True

    @says(takes=CREDENTIALS, answers={"access_token": str})
    def post(self, request):
        email, password = credentials_in(request)
        if sign_in(email, password, request=request) != request.user:
            raise Refused("invalid-credentials", "Invalid Credentials", status=401)
        return Response(give_tokens(request.user))


class RenewView(PlainView):
    """POST {refresh_token}, or the refresh token as the header's token, or in its cookie -> {access_token, …}."""

    authentication_classes = ()

    @says(takes={"refresh_token?": str}, answers=TOKENS)
    def post(self, request):
        token = body_of(request).get("refresh_token") or request.headers.get("Authorization", "").partition(" ")[2]
        if token or COOKIE["key"] not in request.COOKIES:
            return Response(renew_tokens(str(token).strip()))
        csrf = request.headers.get("X-CSRF-Token", "")
        tokens = renew_tokens(request.COOKIES[COOKIE["key"]], csrf=csrf)
        answer = Response({"access_token": tokens["access_token"]})
        keep_in_cookies(answer, tokens["refresh_token"])
        return answer


class LogoutView(PlainView):
    """POST -> {success}. Takes back what a browser keeps by itself; a token ends by being forgotten."""

    authentication_classes = (PageAuthentication,)

    @says(answers={"success": bool})
    def post(self, request):
        if request.user.is_authenticated:
            logout(request._request)
        answer = Response({"success": True})
        for cookie in (COOKIE, CSRF_COOKIE):
            answer.delete_cookie(**cookie, samesite="Lax")
        return answer


class BlacklistView(PlainView):
    """POST -> {success}. No refresh token that was handed out until now renews anything."""

    sign_in_first = True

    @says(answers={"success": bool})
    def post(self, request):
        end_renewals(request.user)
        return Response({"success": True})


class WhoAmIView(PlainView):
    """GET -> {user_id}."""

    sign_in_first = True

    @says(answers={"user_id": int})
    def get(self, request):
        return Response({"user_id": request.user.pk})
