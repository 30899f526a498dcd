"""What accounts serve under /v1; `/auth/session` is the same view as `/v1/auth/login`."""

from django.urls import path

from accounts.api.activities import ActivityViewSet
from accounts.api.check_email import CheckEmailView
from accounts.api.pages import PageViewSet
from accounts.api.passwords import (
    ChangePasswordView,
    ResendVerificationView,
    ResetPasswordView,
    VerifyEmailView,
    VerifyPasswordView,
)
from accounts.api.permissions import CustomSystemRoleViewSet, PanelPermissionViewSet, UserPermissionViewSet
from accounts.api.session import (
    BlacklistView,
    FreshLoginView,
    LoginView,
    LogoutView,
    RenewView,
    WhoAmIView,
)
from accounts.api.settings import SettingViewSet
from accounts.api.user_emails import UserEmailViewSet
from accounts.api.users import UserViewSet
from openevent.core.registry import register

register("users", UserViewSet)
register("user-emails", UserEmailViewSet, also=("alternate-emails", "admin/user-emails"))
register("settings", SettingViewSet)
register("pages", PageViewSet)
register("user-permissions", UserPermissionViewSet)
register("panel-permissions", PanelPermissionViewSet)
register("custom-system-roles", CustomSystemRoleViewSet)
register("activities", ActivityViewSet)

urlpatterns = [
    path("auth/login", LoginView.as_view()),
    path("auth/fresh-login", FreshLoginView.as_view()),
    path("auth/token/refresh", RenewView.as_view()),
    path("auth/logout", LogoutView.as_view()),
    path("auth/blacklist", BlacklistView.as_view()),
    path("auth/verify-email", VerifyEmailView.as_view()),
    path("auth/resend-verification-email", ResendVerificationView.as_view()),
    path("auth/reset-password", ResetPasswordView.as_view()),
    path("auth/change-password", ChangePasswordView.as_view()),
    path("auth/verify-password", VerifyPasswordView.as_view()),
    path("users/user-details/get-user-id", WhoAmIView.as_view()),
    path("users/check_email", CheckEmailView.as_view()),
    path("users/checkEmail", CheckEmailView.as_view()),
]
