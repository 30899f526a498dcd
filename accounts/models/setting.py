"""The one row of settings that the site's staff changes while the server runs."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from openevent.core.columns import flag, long_text, text, url
from openevent.core.policies import SETTINGS, every_row
from openevent.core.rows import Row
from openevent.core.sealed import SealedText

# Written, never sent back: whoever keeps the site reads only whether one is set.
SECRETS = (
    *("aws_key", "aws_secret", "gs_key", "gs_secret", "google_recaptcha_secret", "google_client_secret"),
    *("fb_client_secret", "tw_consumer_secret", "in_client_secret", "stripe_secret_key", "stripe_test_secret_key"),
    *("paypal_secret", "paypal_sandbox_secret", "omise_test_secret", "omise_live_secret", "alipay_secret_key"),
    *("paytm_live_secret", "paytm_sandbox_secret", "sendgrid_key", "smtp_password"),
    "rocket_chat_registration_secret",
)


def between(lowest, highest):
    return [MinValueValidator(lowest), MaxValueValidator(highest)]


def sealed():
    return SealedText(max_length=1000, null=True, blank=True)


class Setting(Row):
    """Everybody reads the public part; what signed-in people and staff read besides is said by the API."""

    policy = {**SETTINGS, "rows": every_row}

    app_name = text()
    tagline = text()
    order_expiry_time = models.PositiveIntegerField(default=15, validators=between(1, 60))  # minutes
    start_pg_event_id = text()
    start_pg_enabled = text(default="default")
    max_complex_custom_fields = models.PositiveIntegerField(default=30, validators=between(1, 30))
    analytics_key = text()
    fb_client_id = text()
    google_url = text()
    github_url = text()
    twitter_url = text()
    support_url = text()
    facebook_url = text()
    instagram_url = text()
    patreon_url = text()
    gitter_url = text()
    telegram_url = text()
    youtube_url = text()
    weblate_url = text()
    frontend_url = url()
    rocket_chat_url = url()
    cookie_policy = long_text(default="This website, and certain approved third parties, use functional cookies.")
    cookie_policy_link = text()
    is_paytm_activated = flag()
    stripe_client_id = text()
    stripe_publishable_key = text()
    stripe_test_client_id = text()
    stripe_test_publishable_key = text()
    stripe_mode = text()
    paypal_mode = text()
    paypal_client = text()
    paypal_sandbox_client = text()
    omise_mode = text()
    omise_test_public = text()
    omise_live_public = text()
    alipay_publishable_key = text()
    paytm_mode = text()
    paytm_live_merchant = text()
    paytm_sandbox_merchant = text()
    admin_billing_contact_name = text()
    admin_billing_phone = text()
    admin_billing_email = models.EmailField(null=True, blank=True)
    admin_billing_state = text()
    admin_billing_country = text()
    admin_billing_tax_info = text()
    admin_company = text()
    admin_billing_address = text()
    admin_billing_city = text()
    admin_billing_zip = text()
    admin_billing_additional_info = long_text()
    admin_billing_logo = url()
    logo_size = models.PositiveIntegerField(default=1000)
    image_size = models.PositiveIntegerField(default=10000)
    slide_size = models.PositiveIntegerField(default=20000)
    android_app_url = text()
    web_app_url = text()
    app_environment = text(default="production")
    static_domain = text()
    storage_place = text()
    aws_key = sealed()
    aws_secret = sealed()
    aws_bucket_name = text()
    aws_region = text()
    gs_key = sealed()
    gs_secret = sealed()
    gs_bucket_name = text()
    is_google_recaptcha_enabled = flag()
    google_recaptcha_site = text()
    google_recaptcha_secret = sealed()
    google_client_id = text()
    google_client_secret = sealed()
    fb_client_secret = sealed()
    tw_consumer_key = text()
    tw_consumer_secret = sealed()
    in_client_id = text()
    in_client_secret = sealed()
    stripe_secret_key = sealed()
    stripe_test_secret_key = sealed()
    paypal_secret = sealed()
    paypal_sandbox_secret = sealed()
    omise_test_secret = sealed()
    omise_live_secret = sealed()
    alipay_secret_key = sealed()
    paytm_live_secret = sealed()
    paytm_sandbox_secret = sealed()
    email_service = text()
    email_from = text()
    email_from_name = text()
    sendgrid_key = sealed()
    smtp_host = text()
    smtp_username = text()
    smtp_password = sealed()
    smtp_port = models.PositiveIntegerField(null=True, blank=True)
    smtp_encryption = text()
    rocket_chat_registration_secret = sealed()
    invoice_sending_day = models.PositiveIntegerField(default=1)
    invoice_sending_timezone = text(default="UTC")
    admin_billing_paypal_email = models.EmailField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_row_of_settings")]

    def __str__(self):
        return self.app_name or "openevent"

    @classmethod
    def current(cls):
        """The settings, made on first use."""
        return cls.objects.get_or_create(pk=1)[0]

    @property
    def front_end(self):
        """The address of another front end than our own pages, without a slash at its end; empty if there is none."""
        address = (self.frontend_url or "").rstrip("/")
        return "" if address == settings.BASE_URL else address

    # What can be used is worked out, not switched on.

    @property
    def is_paypal_activated(self) -> bool:
        return bool(
            (self.paypal_client and self.paypal_secret) or (self.paypal_sandbox_client and self.paypal_sandbox_secret)
        )

    @property
    def is_stripe_activated(self) -> bool:
        return bool(
            (self.stripe_client_id and self.stripe_secret_key)
            or (self.stripe_test_client_id and self.stripe_test_secret_key)
        )

    @property
    def is_omise_activated(self) -> bool:
        return bool(
            (self.omise_test_public and self.omise_test_secret) or (self.omise_live_public and self.omise_live_secret)
        )

    @property
    def is_alipay_activated(self) -> bool:
        return bool(self.alipay_publishable_key and self.alipay_secret_key)

    @property
    def is_billing_paypal_activated(self) -> bool:
        return bool(self.admin_billing_paypal_email)
