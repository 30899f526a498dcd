"""What the site's staff grants: panels to system roles, and what somebody may do whose address is not proven."""

from django.db import models

from openevent.core.columns import Line, flag, long_text
from openevent.core.policies import SETTINGS
from openevent.core.rows import Row, SoftDeleted


class CustomSystemRole(Row):
    """A part in keeping the site that is less than staff. An account has it by its flags: see `SYSTEM_ROLES`."""

    policy = SETTINGS

    name = Line(max_length=100, unique=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.name


class PanelPermission(Row):
    """A part of the admin's pages, and to whom it is open besides staff. Asked by `may_open_panel`."""

    policy = SETTINGS

    panel_name = Line(max_length=100)
    can_access = flag(default=True)
    custom_system_roles = models.ManyToManyField(CustomSystemRole, related_name="panel_permissions", blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.panel_name


class UserPermission(SoftDeleted):
    """Something that one does with a proven address only, unless it says otherwise. Asked by `may_unless_unverified`.

    Nothing is written without an account, whatever is said of anonymous users: old clients show that column.
    """

    policy = SETTINGS

    name = Line(max_length=100, unique=True)
    description = long_text()
    unverified_user = models.BooleanField(null=True, blank=True)
    anonymous_user = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.name
