"""How allauth's pages fit into the house: our links, our limits, our mail, one address per account."""

from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import Setting, normalise_email
from accounts.services.email import mark_verified, match_address
from accounts.services.log import record
from openevent.core.limits import client_address
from openevent.core.refusals import Refused

BUTTONS = {  # mail: (the link in its context, what the button says)
    "email_confirmation": ("activate_url", "Verify my address"),
    "email_confirmation_signup": ("activate_url", "Verify my address"),
    "password_reset_key": ("password_reset_url", "Set a new password"),
    "account_already_exists": ("password_reset_url", "Set a new password"),
    "unknown_account": ("signup_url", "Make an account"),
}
PAGES_OF_FRONT_ENDS = {"account_signup": "register", "account_reset_password": "forgot-password"}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "E-mail and password do not match. Check both, or set a new password.",
        "enter_current_password": "This is not your present password.",
        "incorrect_password": "This is not your password.",
    }

    def clean_email(self, email):
        return normalise_email(email)

    def get_client_ip(self, request):
        return client_address(request)

    def is_safe_url(self, url):
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    # Signing in: the limits are those of sign_in, which every door shares.

    def pre_authenticate(self, request, **credentials):
        pass

    def _rollback_login_failed_rl_usage(self):
        pass

    def authenticate(self, request, **credentials):
        try:
            return super().authenticate(request, **credentials)
        except Refused as refusal:
            page = render(request, "429.html", {"refusal": refusal}, status=refusal.status)
            page["Retry-After"] = str(refusal.retry_after)
            raise ImmediateHttpResponse(page) from None

    def pre_login(self, request, user, **how):
        match_address(user)
        return super().pre_login(request, user, **how)

    def save_user(self, request, user, form, commit=True):
        user = super().save_user(request, user, form, commit=commit)
        record("user.signed-up", by=user, about=user)
        return user

    def confirm_email(self, request, email_address):
        confirmed = super().confirm_email(request, email_address)
        if confirmed and email_address.email == email_address.user.email:
            mark_verified(email_address.user, by=email_address.user)
        return confirmed

    # Whoever made an account on the way somewhere goes on there, also when the mail is opened in another browser.

    def get_email_confirmation_url(self, request, emailconfirmation):
        if front_end := self.front_end():
            return f"{front_end}/verify?{urlencode({'token': emailconfirmation.key})}"
        url, after = super().get_email_confirmation_url(request, emailconfirmation), get_next_redirect_url(request)
        return f"{url}?{urlencode({REDIRECT_FIELD_NAME: after})}" if after else url

    def set_password(self, user, password):
        super().set_password(user, password)
        record("user.password-changed", by=user, about=user)

    # Mail: to the stored address, with links that begin with our own address, or that of the front end which the site's
    # staff have set, and not with what a caller named us.

    def front_end(self):
        """Where whoever asked by a program goes on. What our own pages were asked leads back to them."""
        by_program = self.request is not None and self.request.path.startswith("/v1/")
        return Setting.current().front_end if by_program else ""

    def get_reset_password_from_key_url(self, key):
        if front_end := self.front_end():
            return f"{front_end}/reset-password?{urlencode({'token': key})}"
        return super().get_reset_password_from_key_url(key)

    def lead(self, link):
        front_end = self.front_end()
        if front_end and link.startswith(f"{front_end}/"):
            return link
        pages = {reverse(name): page for name, page in PAGES_OF_FRONT_ENDS.items()} if front_end else {}
        page = pages.get(urlsplit(link).path)
        return f"{front_end}/{page}" if page else at_home(link)

    def send_password_reset_mail(self, user, email, context):
        self.send_mail("account/email/password_reset_key", user.email, context)

    def format_email_subject(self, subject):
        return str(subject)

    def send_mail(self, template_prefix, email, context):
        links = {name: self.lead(link) for name, link in context.items() if name.endswith("_url")}
        context = {**context, **links, "email": email, "base_url": settings.BASE_URL}
        context.pop("request", None)
        kind = template_prefix.rsplit("/", 1)[-1]
        if kind in BUTTONS:
            link, words = BUTTONS[kind]
            context |= {"button_url": context[link], "button_text": words}
        context["subject"] = render_to_string(f"{template_prefix}_subject.txt", context).strip()
        self.deliver(kind, self.render_mail(template_prefix, email, context))

    def deliver(self, kind: str, message: EmailMultiAlternatives) -> None:
        """Hand over a finished mail; sent once what it speaks of is committed."""
        transaction.on_commit(message.send)


def at_home(url):
    """The same path under the configured address of this server."""
    parts = urlsplit(url)
    return settings.BASE_URL + parts._replace(scheme="", netloc="").geturl()
