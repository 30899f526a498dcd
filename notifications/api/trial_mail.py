"""Whether mail goes out at all, tried by staff."""

from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from accounts.api.both_shapes import PlainView, body_of, text_in
from accounts.services.email import read_address
from notifications.services.mail import send_mail, words_about
from openevent.core.describing import says
from openevent.core.policies import is_site_staff


class TrialMailView(PlainView):
    """POST {recipient} -> {message}."""

    sign_in_first = True

    @says(takes={"recipient": str}, answers={"message": str})
    def post(self, request):
        if not is_site_staff(request.user):
            raise PermissionDenied
        address = read_address(text_in(body_of(request), "recipient", under="", status=422), pointer="/recipient")
        mail = send_mail("test-mail", to=address, context={}, by=request.user)
        return Response({"message": words_about(mail)})
