"""What the site's staff grants: panels, system roles, and what one does without a proven address."""

from accounts.models import CustomSystemRole, PanelPermission, UserPermission
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class UserPermissionSerializer(ResourceSerializer):
    class Meta:
        model = UserPermission
        fields = ("name", "description", "unverified_user", "anonymous_user")


class UserPermissionViewSet(ResourceViewSet):
    serializer_class = UserPermissionSerializer


class PanelPermissionSerializer(ResourceSerializer):
    class Meta:
        model = PanelPermission
        fields = ("panel_name", "can_access", "custom_system_roles")


class PanelPermissionViewSet(ResourceViewSet):
    serializer_class = PanelPermissionSerializer


class CustomSystemRoleSerializer(ResourceSerializer):
    class Meta:
        model = CustomSystemRole
        fields = ("name", "panel_permissions")


class CustomSystemRoleViewSet(ResourceViewSet):
    serializer_class = CustomSystemRoleSerializer
