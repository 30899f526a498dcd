"""Signing in for API clients: plain JSON, not JSON:API."""

from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.both_shapes import answer_refusal
from accounts.services.sign_in import sign_in
from accounts.services.tokens import give_tokens, renew_tokens
from openevent.core.refusals import Refused


class LoginView(APIView):
    """POST {email|username, password, remember-me, include-in-response} -> {access_token, refresh_token?}."""

    authentication_classes = ()  # whoever signs in again may send an expired token along

    def post(self, request):
        body = request.data if isinstance(request.data, dict) else {}
        email, password = body.get("email") or body.get("username"), body.get("password")
        if not (email and password and isinstance(email, str) and isinstance(password, str)):
            pointer = "/password" if email and isinstance(email, str) else "/email"
            detail = "Send both email and password, as text."
            return answer_refusal(Refused("sign-in-incomplete", detail, status=400, pointer=pointer))
        try:
            user = sign_in(email, password, request=request)
        except Refused as refusal:
            return answer_refusal(refusal)
        remember = bool(body.get("remember-me")) and bool(body.get("include-in-response"))
        return Response(give_tokens(user, remember=remember))


class RenewView(APIView):
    """POST {refresh_token}, or the refresh token as the header's token -> {access_token, refresh_token}."""

    authentication_classes = ()

    def post(self, request):
        body = request.data if isinstance(request.data, dict) else {}
        token = body.get("refresh_token") or request.headers.get("Authorization", "").partition(" ")[2]
        try:
            return Response(renew_tokens(str(token).strip()))
        except Refused as refusal:
            return answer_refusal(refusal)
