"""New passwords and proven addresses for API clients: plain JSON, the texts under `data`."""

from rest_framework.response import Response

from accounts.api.authentication import ask_fresh
from accounts.api.both_shapes import PlainView, body_of, data_of, text_in
from accounts.services.email import ask_to_verify_at, prove_address, read_address
from accounts.services.passwords import ask_reset, change_password, has_password, reset_password
from openevent.core.describing import says
from openevent.core.limits import client_address, limit

ADDRESS, TOKEN = {"data": {"email": str}}, {"data": {"token": str}}
WHOSE = {"id": int, "email": str, "name": str}


def address_for_mail(request, purpose):
    """The address that the mail shall go to: one a minute for each caller, three an hour for each address."""
    email = read_address(text_in(data_of(request), "email"), pointer="/data/email")
    limit(purpose, client_address(request), "1/m")
    limit(f"{purpose}-to", email, "3/h")
    return email


class ResetPasswordView(PlainView):
    """POST {data: {email}} -> the same answer for every address. PATCH {data: {token, password}} -> whose it was."""

    authentication_classes = ()

    @says(takes=ADDRESS, answers={"message": str, "email": str})
    def post(self, request):
        email = address_for_mail(request, "reset-password")
        ask_reset(email, request=request._request)
        return Response({"message": "If the address has an account, a mail with a link is on its way.", "email": email})

    @says(takes={"data": {"token": str, "password": str}}, answers=WHOSE)
    def patch(self, request):
        limit("reset-password-by-link", client_address(request), "20/m")
        token, password = (text_in(data_of(request), name) for name in ("token", "password"))
        user = reset_password(token, password, request=request._request)
        return Response({"id": user.pk, "email": user.email, "name": user.name})


class ChangePasswordView(PlainView):
    """POST {data: {old-password, new-password}} with a fresh token -> who it is. All tokens end with it."""

    sign_in_first = True

    @says(takes={"data": {"old-password": str, "new-password": str}}, answers={**WHOSE, "password-changed": bool})
    def post(self, request):
        ask_fresh(request, "change the password")
        old, new = (text_in(data_of(request), name) for name in ("old-password", "new-password"))
        user = change_password(request.user, old, new, request=request._request)
        return Response({"id": user.pk, "email": user.email, "name": user.name, "password-changed": True})


class VerifyPasswordView(PlainView):
    """POST {password} -> {result}. A wrong one counts as a failed sign-in."""

    sign_in_first = True

    @says(takes={"password": str}, answers={"result": bool})
    def post(self, request):
        password = text_in(body_of(request), "password", under="")
        return Response({"result": has_password(request.user, password, request=request)})


class VerifyEmailView(PlainView):
    """POST {data: {token}} -> {message}."""

    authentication_classes = ()

    @says(takes=TOKEN, answers={"message": str})
    def post(self, request):
        limit("verify-email", client_address(request), "20/m")
        prove_address(text_in(data_of(request), "token"))
        return Response({"message": "Email Verified"})


class ResendVerificationView(PlainView):
    """POST {data: {email}} -> the same answer for every address."""

    authentication_classes = ()

    @says(takes=ADDRESS, answers={"message": str})
    def post(self, request):
        email = address_for_mail(request, "resend-verification")
        ask_to_verify_at(email, request=request._request)
        return Response({"message": "If the address waits to be verified, a mail with a link is on its way."})
