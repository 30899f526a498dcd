"""Groups: several events under one name, whose organizers run them all, and whose followers hear of the next one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from events.models.role import Role
from events.rules import FOLLOWED, GROUP_ROLES, GROUPS
from openevent.core.columns import Line, flag, rich_text, url
from openevent.core.rows import Row, SoftDeleted


class Group(SoftDeleted):
    """`user` owns it. What is shown of it is everybody's to read."""

    policy = GROUPS

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="groups")
    name = Line(max_length=400)
    about = rich_text()
    social_links = models.JSONField(null=True, blank=True)
    logo_url = url()
    banner_url = url()
    thumbnail_image_url = url(editable=False)
    is_promoted = flag()
    follower_count = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.name


class GroupPart(Row):
    """A row of a group, gone as long as the group is hidden."""

    class Meta:
        abstract = True
        ordering = ["pk"]

    @classmethod
    def live_rows(cls):
        return Q(group__deleted_at=None)


class UsersGroupsRoles(GroupPart):
    """Who runs a group: its owner, and those who have accepted to; until then it is an invitation to an address.

    The token is mailed and only its hash is kept: who copies the database can accept nothing.
    """

    policy = GROUP_ROLES

    group = models.ForeignKey(Group, models.CASCADE, related_name="roles")
    email = models.EmailField(max_length=254)  # normalised
    role = models.ForeignKey(Role, models.PROTECT, related_name="users_groups_roles")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, editable=False, related_name="groups_roles"
    )
    accepted = flag(editable=False)
    token_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="sent_group_invites"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, editable=False)

    class Meta(GroupPart.Meta):
        verbose_name, verbose_name_plural = "role in a group", "roles in groups"
        constraints = [
            models.UniqueConstraint(fields=["user", "group", "role"], name="one_row_per_user_group_and_role"),
            models.UniqueConstraint(
                fields=["email", "group", "role"],
                name="one_row_per_address_group_and_role",
                violation_error_message="This address has this role already, or was invited to it.",
            ),
        ]

    no_token = None  # what clients read where the token was once

    def __str__(self):
        return f"{self.email} as {self.role} of {self.group}"


class UserFollowGroup(GroupPart):
    """Who wants to hear of a group's events."""

    policy = FOLLOWED

    group = models.ForeignKey(Group, models.CASCADE, related_name="followers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="followed_groups")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta(GroupPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["group", "user"],
                name="one_follow_per_user_and_group",
                violation_error_message="You follow this group already.",
            )
        ]

    def __str__(self):
        return f"{self.user} follows {self.group}"
