"""Whether an address has an account: old clients ask, so strangers can. Throttled, and no page uses it."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.both_shapes import answer_refusal
from accounts.models import User, normalise_email
from openevent.core.limits import client_address, limit
from openevent.core.refusals import Refused


class CheckEmailView(APIView):
    """POST {email} -> {exists}."""

    authentication_classes = ()

    def post(self, request):
        limit("check-email", client_address(request), "20/m")
        email = request.data.get("email") if isinstance(request.data, dict) else None
        try:
            validate_email(normalise_email(email) if isinstance(email, str) else None)
        except ValidationError:
            return answer_refusal(Refused("not-an-address", "This is not an e-mail address.", pointer="/email"))
        return Response({"exists": User.objects.with_email(email) is not None})
