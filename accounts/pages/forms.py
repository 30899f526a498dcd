"""The forms of the account pages: allauth's, in our words, looking accounts up by equality alone."""

from allauth.account import forms as allauth_forms
from django.db import IntegrityError

from accounts.models import User
from accounts.services.passwords import ask_reset
from openevent.core.atomic import atomic


class Plain:
    """Labels say what to enter, so placeholders would only say it twice."""

    words = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.words.get(name, field.label)
            if field.widget.input_type == "password":
                is_new = field.widget.attrs.get("autocomplete") == "new-password"
                field.help_text = "8 characters or more." if is_new else ""


class SignInForm(Plain, allauth_forms.LoginForm):
    words = {"login": "E-mail", "remember": "Keep me signed in on this device"}


class SignUpForm(Plain, allauth_forms.SignupForm):
    words = {"email": "E-mail"}

    def try_save(self, request):
        try:
            with atomic():
                return self.save_or_pretend(request)
        except IntegrityError:  # somebody pressed twice, and the first was quicker
            self.account_already_exists = True
            return self.save_or_pretend(request)

    def save_or_pretend(self, request):
        if self.account_already_exists:
            # As much work as making an account, so that the time tells nothing.
            User().set_password(self.cleaned_data["password1"])
        return super().try_save(request)


class AskResetForm(Plain, allauth_forms.ResetPasswordForm):
    words = {"email": "E-mail"}

    def clean_email(self):
        return self.cleaned_data["email"]

    def save(self, request, **options):
        ask_reset(self.cleaned_data["email"], request=request)
        return self.cleaned_data["email"]


class ResetForm(Plain, allauth_forms.ResetPasswordKeyForm):
    words = {"password1": "New password", "password2": "New password again"}


class ChangePasswordForm(Plain, allauth_forms.ChangePasswordForm):
    words = {"oldpassword": "Present password", **ResetForm.words}


class ReauthenticateForm(Plain, allauth_forms.ReauthenticateForm):
    pass
