"""Which kinds of mail and of notification are sent."""

from rest_framework import serializers

from notifications.kinds import MAILS
from notifications.models import MessageSetting, NotificationSetting
from notifications.services.samples import sample_of
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class MessageSettingSerializer(ResourceSerializer):
    recipient = serializers.SerializerMethodField()
    email_subject = serializers.SerializerMethodField()
    email_message = serializers.SerializerMethodField()

    class Meta:
        model = MessageSetting
        fields = ("action", "enabled", "recipient", "email_subject", "email_message")
        read_only_fields = ("action",)
        depends = ("accounts",)

    def get_recipient(self, setting) -> str | None:
        return MAILS.get(setting.action)

    def get_email_subject(self, setting) -> str | None:
        sample = sample_of(setting.action)
        return sample and sample[0]

    def get_email_message(self, setting) -> str | None:
        sample = sample_of(setting.action)
        return sample and sample[1]


class MessageSettingViewSet(ResourceViewSet):
    serializer_class = MessageSettingSerializer
    verbs = ("list", "retrieve", "partial_update")


class NotificationSettingSerializer(ResourceSerializer):
    class Meta:
        model = NotificationSetting
        fields = ("type", "enabled")
        read_only_fields = ("type",)
        depends = ("accounts",)


class NotificationSettingViewSet(ResourceViewSet):
    serializer_class = NotificationSettingSerializer
    verbs = ("list", "retrieve", "partial_update")
