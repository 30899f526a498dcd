"""Signing in for API clients: plain JSON, not JSON:API."""

from rest_framework.response import Response
from rest_framework.views import APIView

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
            return Response({"error": "Send both email and password, as text."}, status=400)
        try:
            user = sign_in(email, password, request=request)
        except Refused as refusal:
            if refusal.status == 429:
                raise
            return Response({"error": refusal.detail}, status=refusal.status)
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
            return Response({"error": refusal.detail}, status=refusal.status)
