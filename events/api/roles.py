"""Roles, and who has which at an event."""

from events.models import Role, UsersEventsRoles
from events.rules import OWNER
from openevent.core.refusals import Refused
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet

BUILT_IN = {"owner", "organizer", "coorganizer", "track_organizer", "moderator", "registrar", "attendee"}


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
        fixed = ("role",)  # people are invited to a role; nobody is moved into one
        needs = ("role",)


class UsersEventsRolesViewSet(ResourceViewSet):
    serializer_class = UsersEventsRolesSerializer
    verbs = ("retrieve", "partial_update", "destroy")

    def perform_destroy(self, held):
        if held.role.name == OWNER:
            raise Refused("owner-stays", "The owner hands the event over; the role is not removed.", status=403)
        super().perform_destroy(held)
