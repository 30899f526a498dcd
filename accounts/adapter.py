"""How allauth's pages fit into the house: our links, our limits, our mail, one address per account."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import normalise_email
from accounts.services.email import mark_verified, match_address
from accounts.services.log import record
from openevent.core.limits import client_address
from openevent.core.refusals import Refused


class AccountAdapter(DefaultAccountAdapter):
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

    def set_password(self, user, password):
        super().set_password(user, password)
        record("user.password-changed", by=user, about=user)

    # Mail: to the stored address, with links that begin with our own address and not with what a caller named us.

    def send_password_reset_mail(self, user, email, context):
        self.send_mail("account/email/password_reset_key", user.email, context)

    def format_email_subject(self, subject):
        return str(subject)

    def send_mail(self, template_prefix, email, context):
        context = {name: at_home(value) if name.endswith("_url") else value for name, value in context.items()}
        context |= {"email": email, "base_url": settings.BASE_URL}
        context.pop("request", None)
        self.deliver(template_prefix.rsplit("/", 1)[-1], self.render_mail(template_prefix, email, context))

    def deliver(self, kind: str, message: EmailMultiAlternatives) -> None:
        """Hand over a finished mail; sent once what it speaks of is committed."""
        transaction.on_commit(message.send)


def at_home(url):
    """The same path under the configured address of this server."""
    parts = urlsplit(url)
    return settings.BASE_URL + parts._replace(scheme="", netloc="").geturl()
