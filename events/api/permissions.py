"""The table of what roles at events may do."""

from events.models import EventRolePermission, Service
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class ServiceSerializer(ResourceSerializer):
    class Meta:
        model = Service
        fields = ("name",)


class ServiceViewSet(ResourceViewSet):
    serializer_class = ServiceSerializer
    verbs = ("list", "retrieve", "partial_update")


class EventRolePermissionSerializer(ResourceSerializer):
    class Meta:
        model = EventRolePermission
        type = "event-role-permissions"
        fields = ("can_create", "can_read", "can_update", "can_delete", "role", "service")


class EventRolePermissionViewSet(ResourceViewSet):
    serializer_class = EventRolePermissionSerializer
    verbs = ("list", "retrieve", "partial_update")
