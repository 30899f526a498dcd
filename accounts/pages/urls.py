"""The account pages, under the names that allauth calls them by."""

from allauth.account import views
from django.urls import path, re_path

from accounts.pages.views import ConfirmEmail, ResetPassword

urlpatterns = [
    path("sign-in", views.login, name="account_login"),
    path("sign-up", views.signup, name="account_signup"),
    path("sign-out", views.logout, name="account_logout"),
    path("inactive", views.account_inactive, name="account_inactive"),
    path("confirm", views.reauthenticate, name="account_reauthenticate"),
    path("verify", views.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^verify/(?P<key>[-:\w]+)$", ConfirmEmail.as_view(), name="account_confirm_email"),
    path("password", views.password_change, name="account_change_password"),
    path("password/forgotten", views.password_reset, name="account_reset_password"),
    path("password/forgotten/sent", views.password_reset_done, name="account_reset_password_done"),
    path(
        "password/new/done",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[-\w]+)$",
        ResetPassword.as_view(),
        name="account_reset_password_from_key",
    ),
]
