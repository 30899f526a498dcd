"""Whether an address has an account: old clients ask, so strangers can. Throttled, and no page uses it."""

from rest_framework.response import Response

from accounts.api.both_shapes import PlainView, body_of
from accounts.models import User
from accounts.services.email import read_address
from openevent.core.describing import says
from openevent.core.limits import client_address, limit


class CheckEmailView(PlainView):
    """POST {email} -> {exists}."""

    authentication_classes = ()

    @says(takes={"email": str}, answers={"exists": bool})
    def post(self, request):
        limit("check-email", client_address(request), "20/m")
        email = read_address(body_of(request).get("email"), pointer="/email")
        return Response({"exists": User.objects.with_email(email) is not None})
