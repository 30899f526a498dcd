"""The site's settings: one row, of which everybody reads the public part."""

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


class SettingSerializer(ResourceSerializer):
    class Meta:
        model = Setting
        fields = (*(column.name for column in Setting._meta.concrete_fields if not column.primary_key), *ACTIVATED)
        private_fields = (*SECRETS, *FOR_STAFF)
        secrets = SECRETS


class SettingViewSet(ResourceViewSet):
    serializer_class = SettingSerializer
    only_key = "1"
    verbs = ("retrieve", "partial_update")
