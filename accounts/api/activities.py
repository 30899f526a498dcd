"""The log of who did what, for reports."""

from rest_framework import serializers

from accounts.models import Activity
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class ActivitySerializer(ResourceSerializer):
    actor = serializers.CharField(source="actor_name", read_only=True)

    class Meta:
        model = Activity
        fields = read_only_fields = ("actor", "time", "action")


class ActivityViewSet(ResourceViewSet):
    """Lines are only ever added, so the newest one tells whether there are others."""

    serializer_class = ActivitySerializer
    verbs = ("list", "retrieve")

    @classmethod
    def clock_mark(cls, rows):
        return rows.order_by("-pk").values_list("pk", flat=True).first()
