"""What accounts serve under /v1; `/auth/session` is the same view as `/v1/auth/login`."""

from django.urls import path

from accounts.api.check_email import CheckEmailView
from accounts.api.session import LoginView, RenewView
from accounts.api.settings import SettingViewSet
from accounts.api.users import UserViewSet
from openevent.core.registry import register

register("users", UserViewSet)
register("settings", SettingViewSet)

urlpatterns = [
    path("auth/login", LoginView.as_view()),
    path("auth/token/refresh", RenewView.as_view()),
    path("users/check_email", CheckEmailView.as_view()),
    path("users/checkEmail", CheckEmailView.as_view()),
]
