"""Every address of the server: pages for people, `/v1` for programs."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from accounts.api.session import LoginView
from openevent import api_pages
from openevent.api_document import SchemaView
from openevent.core.errors import answer_fault, answer_unknown_path
from openevent.core.refused_pages import unknown_page
from openevent.core.routing import resource_urls
from openevent.health import EnvironmentView, health_check, info

handler500 = answer_fault
urlpatterns = [
    path("info", info),
    path("health-check", health_check),
    path("environment", EnvironmentView.as_view()),
    path("auth/session", LoginView.as_view()),
    path("v1/schema", SchemaView.as_view()),
    path("v1/", include("accounts.api.urls")),
    path("v1/", include("notifications.api.urls")),
    path("v1/", include("events.api.urls")),
    path("v1/", include("orders.api.urls")),
    path("v1/", include(resource_urls())),
    re_path(r"^v1(?:/|\Z)", answer_unknown_path),
    path("docs/", api_pages.index, name="docs"),
    path("docs/<str:name>", api_pages.section, name="docs-section"),
    path("media/", include("media_pipeline.urls")),
    path("accounts/", include("accounts.pages.urls")),
    path(settings.ADMIN_URL, admin.site.urls),
    path(settings.ADMIN_URL.rstrip("/"), RedirectView.as_view(pattern_name="admin:index")),
    path("", include("notifications.pages.urls")),
    path("manage/", include("events.pages.manage.urls")),
    path("manage/", include("orders.pages.manage.urls")),
    path("", include("events.pages.urls")),
    path("", include("orders.pages.urls")),
    re_path(r"", unknown_page),
]
