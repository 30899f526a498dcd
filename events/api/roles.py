"""Roles, and who has which at an event."""

from events.models import Role, UsersEventsRoles
from events.models.role import BUILT_IN
from events.services.roles import change_role, remove_role
from openevent.core.refusals import Refused
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class RoleSerializer(ResourceSerializer):
    class Meta:
        model = Role
        fields = ("name", "title_name")


class RoleViewSet(ResourceViewSet):
    serializer_class = RoleSerializer

    def before_update(self, role, values):
        if role.name in BUILT_IN and values.get("name", role.name) != role.name:
            raise refuse_built_in()

    def perform_destroy(self, role):
        if role.name in BUILT_IN:
            raise refuse_built_in()
        super().perform_destroy(role)


def refuse_built_in():
    return Refused("built-in-role", "The house's own roles stay.", pointer="/data/attributes/name")


class UsersEventsRolesSerializer(ResourceSerializer):
    class Meta:
        model = UsersEventsRoles
        type = "users-events-roles"
        fields = ("event", "user", "role")
        needs = ("role",)


class UsersEventsRolesViewSet(ResourceViewSet):
    """Nobody is put on a team from outside: people are invited, and take the role themselves."""

    serializer_class = UsersEventsRolesSerializer
    verbs = ("retrieve", "partial_update", "destroy")

    def before_update(self, held, values):
        if role := values.pop("role", None):
            change_role(held, role, by=self.request.user)

    def perform_destroy(self, held):
        remove_role(held, by=self.request.user)
