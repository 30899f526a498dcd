"""Django's door to sign_in: forms, the admin and re-authentication come through here."""

from django.contrib.auth.backends import ModelBackend

from accounts.models import User
from accounts.services.sign_in import sign_in
from openevent.core.prepared import find_row
from openevent.core.refusals import Refused


class EmailBackend(ModelBackend):
    """None for wrong credentials; a Refused with status 429 goes on to whoever answers the request."""

    def authenticate(self, request, email=None, username=None, password=None, **credentials):
        email = email or username
        if request is None or not email or not password:
            return None
        try:
            return sign_in(email, password, request=request)
        except Refused as refusal:
            if refusal.status == 429:
                raise
            return None

    def get_user(self, user_id):
        """Asked for every page of whoever is signed in, so by a question that is written once."""
        user = find_row(User.objects.all(), "pk", user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
