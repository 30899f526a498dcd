"""The tables of accounts."""

from accounts.models.activity import Activity
from accounts.models.refresh_family import RefreshFamily
from accounts.models.setting import Setting
from accounts.models.user import User, normalise_email

__all__ = ["Activity", "RefreshFamily", "Setting", "User", "normalise_email"]
