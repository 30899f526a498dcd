"""The site's settings: one row, of which everybody reads the public part."""

from email.utils import parseaddr

from django.conf import settings
from rest_framework import serializers

from accounts.models import Setting
from accounts.models.setting import SECRETS
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet

FOR_STAFF = (
    *("app_environment", "static_domain", "storage_place", "aws_bucket_name", "aws_region", "gs_bucket_name"),
    *("is_google_recaptcha_enabled", "google_recaptcha_site", "google_client_id", "tw_consumer_key", "in_client_id"),
    *("email_service", "email_from", "email_from_name", "smtp_host", "smtp_username", "smtp_port"),
    *("smtp_encryption", "invoice_sending_day", "invoice_sending_timezone", "admin_billing_paypal_email"),
)
ACTIVATED = (
    *("is_paypal_activated", "is_stripe_activated", "is_omise_activated", "is_alipay_activated"),
    "is_billing_paypal_activated",
)
SENDER, SENDS_FROM = parseaddr(settings.DEFAULT_FROM_EMAIL)
CONFIGURED = {  # without these, old clients send no form of settings
    "app_name": "openevent",
    "tagline": "Events and tickets on your own server",
    "static_domain": settings.BASE_URL,
    "frontend_url": settings.BASE_URL,
    "email_from": SENDS_FROM,
    "email_from_name": SENDER or "openevent",
}


class FromConfiguration(serializers.CharField):
    """What the server is configured with, until staff say something else; sent back, it is not something else."""

    def get_attribute(self, setting):
        return super().get_attribute(setting) or CONFIGURED[self.source]

    def to_representation(self, text):
        return text

    def run_validation(self, sent=serializers.empty):
        text = super().run_validation(sent)
        return None if text == CONFIGURED[self.source] else text


class UrlFromConfiguration(FromConfiguration, serializers.URLField):
    pass


class SettingSerializer(ResourceSerializer):
    class Meta:
        model = Setting
        fields = (*(column.name for column in Setting._meta.concrete_fields if not column.primary_key), *ACTIVATED)
        private_fields = (*SECRETS, *FOR_STAFF)
        secrets = SECRETS

    def build_standard_field(self, field_name, model_field):
        field_class, options = super().build_standard_field(field_name, model_field)
        if field_name in CONFIGURED:
            field_class = UrlFromConfiguration if field_class is serializers.URLField else FromConfiguration
        return field_class, options


class SettingViewSet(ResourceViewSet):
    serializer_class = SettingSerializer
    only_key = "1"
    verbs = ("retrieve", "partial_update")
