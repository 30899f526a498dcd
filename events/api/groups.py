"""Groups, who runs them, and who follows them."""

from rest_framework.serializers import CharField, ValidationError

from accounts.models import normalise_email
from events.models import Group, UserFollowGroup, UsersGroupsRoles
from events.services.group_roles import invite_to_group, remove_group_role
from events.services.groups import create_group, delete_group, follow, place_events, unfollow
from openevent.core.policies import is_site_staff
from openevent.core.relations import Relation
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet

MOST_LINKS = 100


def whose():
    """The account of a row: said by the server, never by a document."""
    return Relation(Group._meta.get_field("user").related_model, many=False, column="user_id")


class GroupSerializer(ResourceSerializer):
    class Meta:
        model = Group
        fields = (
            *("name", "about", "social_links", "logo_url", "banner_url", "thumbnail_image_url", "is_promoted"),
            *("follower_count", "created_at", "events", "followers"),
        )
        relations = {
            "user": whose(),
            "roles": Relation(UsersGroupsRoles, "group", path="users-groups-roles"),
            "follower": Relation(UserFollowGroup, "group", many=False, own="user"),
        }
        sets = ("events",)

    def validate_social_links(self, links):
        entries = links if isinstance(links, list) else [links] if links else []
        if len(entries) > MOST_LINKS or not all(is_link(entry) for entry in entries):
            raise ValidationError("Every link needs a name and a link.")
        return links

    def validate(self, values):
        if not is_site_staff(self.context["request"].user):
            values.pop("is_promoted", None)  # where a group is shown is the site's choice
        return values


def is_link(entry):
    return isinstance(entry, dict) and all(
        isinstance(entry.get(part), str) and entry[part] for part in ("name", "link")
    )


class GroupViewSet(ResourceViewSet):
    serializer_class = GroupSerializer

    def given(self, values):
        return {"user": self.request.user}

    def perform_create(self, serializer, given):
        return create_group(by=self.request.user, **serializer.validated_data)

    def before_update(self, group, values):
        if "events" in values:
            place_events(group, values["events"], by=self.request.user)

    def perform_destroy(self, group):
        super().perform_destroy(group) if self.is_for_good else delete_group(group, by=self.request.user)


class UsersGroupsRolesSerializer(ResourceSerializer):
    token = CharField(read_only=True, source="no_token")

    class Meta:
        model = UsersGroupsRoles
        type = "users-groups-role"
        fields = ("email", "accepted", "token", "group", "role")
        relations = {"user": whose()}
        fixed = ("group", "role")
        needs = ("group", "role")

    def validate_email(self, email):
        return normalise_email(email)


class UsersGroupsRolesViewSet(ResourceViewSet):
    """Nobody is put into a group from outside: people are invited, and accept themselves."""

    serializer_class = UsersGroupsRolesSerializer
    verbs = ("list", "create", "retrieve", "destroy")

    def perform_create(self, serializer, given):
        return invite_to_group(by=self.request.user, **serializer.validated_data)

    def perform_destroy(self, held):
        remove_group_role(held, by=self.request.user)


class UserFollowGroupSerializer(ResourceSerializer):
    class Meta:
        model = UserFollowGroup
        fields = ("created_at", "group")
        relations = {"user": whose()}
        fixed = ("group",)
        needs = ("group",)


class UserFollowGroupViewSet(ResourceViewSet):
    serializer_class = UserFollowGroupSerializer
    verbs = ("list", "create", "retrieve", "destroy")

    def given(self, values):
        return {"user": self.request.user}

    def perform_create(self, serializer, given):
        return follow(by=self.request.user, **serializer.validated_data)

    def perform_destroy(self, followed):
        unfollow(followed)
