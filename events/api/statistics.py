"""The numbers of an event's programme, for its team."""

from events.models import EventStatistics
from events.models.programme import SESSION_STATES
from events.services.statistics import programme_counts
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet

COUNTS = (
    *(f"sessions_{state}" for state in (*SESSION_STATES, "submitted")),
    *("sessions", "speakers", "speaker_without_session", "sponsors"),
)


class EventStatisticsSerializer(ResourceSerializer):
    class Meta:
        model = EventStatistics
        fields = ("identifier",)


class EventStatisticsViewSet(ResourceViewSet):
    serializer_class = EventStatisticsSerializer
    verbs = ("retrieve",)


EventStatisticsSerializer.extend(batches=dict.fromkeys(COUNTS, programme_counts))
