"""The tables of accounts."""

from accounts.models.activity import Activity
from accounts.models.page import Page
from accounts.models.permissions import CustomSystemRole, PanelPermission, UserPermission
from accounts.models.refresh_family import RefreshFamily
from accounts.models.setting import Setting
from accounts.models.user import User, normalise_email
from accounts.models.user_email import UserEmail

__all__ = [
    "Activity",
    "CustomSystemRole",
    "Page",
    "PanelPermission",
    "RefreshFamily",
    "Setting",
    "User",
    "UserEmail",
    "UserPermission",
    "normalise_email",
]
