"""Messages behind somebody's bell."""

from rest_framework import serializers

from notifications.models import Notification
from notifications.services.notify import push
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class NotificationSerializer(ResourceSerializer):
    created_at = serializers.DateTimeField(source="received_at", read_only=True)
    content = serializers.DictField(read_only=True)

    class Meta:
        model = Notification
        fields = ("title", "message", "action", "is_read", "received_at", "created_at", "content", "user")
        read_only_fields = ("title", "message", "action", "received_at")
        needs = ("actor",)


class NotificationViewSet(ResourceViewSet):
    """They are read and put away; the house alone writes them."""

    serializer_class = NotificationSerializer
    verbs = ("list", "retrieve", "partial_update", "destroy")

    def perform_update(self, serializer, notification):
        super().perform_update(serializer, notification)
        push(notification.user_id, [])

    def perform_destroy(self, notification):
        super().perform_destroy(notification)
        push(notification.user_id, [])
