"""Which mails of an event somebody wants."""

from events.models import EmailNotification
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class EmailNotificationSerializer(ResourceSerializer):
    class Meta:
        model = EmailNotification
        fields = (
            *("next_event", "new_paper", "session_accept_reject", "session_schedule", "after_ticket_purchase"),
            *("event_id", "event", "user"),
        )


class EmailNotificationViewSet(ResourceViewSet):
    serializer_class = EmailNotificationSerializer
