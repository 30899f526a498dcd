"""The account pages that answer differently from allauth's."""

from allauth.account import views
from django.contrib.auth.views import redirect_to_login


class ConfirmEmail(views.ConfirmEmailView):
    """A used or expired link answers 410, and says where to get a new one."""

    def get(self, *args, **kwargs):
        response = super().get(*args, **kwargs)
        if not self.object:
            response.status_code = 410
        return response

    def get_redirect_url(self):
        """On to where one was going; through the sign-in where this browser is not the one of the sign-up."""
        url = super().get_redirect_url()
        signed_in = self.request.user.is_authenticated
        return url if signed_in or not self.get_next_url() else redirect_to_login(url).url


class ResetPassword(views.PasswordResetFromKeyView):
    """The same for reset links."""

    def render_to_response(self, context, **kwargs):
        return super().render_to_response(context, status=410 if context.get("token_fail") else 200, **kwargs)
