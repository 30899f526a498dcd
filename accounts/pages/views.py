"""The account pages that answer differently from allauth's."""

from allauth.account import views


class ConfirmEmail(views.ConfirmEmailView):
    """A used or expired link answers 410, and says where to get a new one."""

    def get(self, *args, **kwargs):
        response = super().get(*args, **kwargs)
        if not self.object:
            response.status_code = 410
        return response


class ResetPassword(views.PasswordResetFromKeyView):
    """The same for reset links."""

    def render_to_response(self, context, **kwargs):
        return super().render_to_response(context, status=410 if context.get("token_fail") else 200, **kwargs)
