"""Django's admin as an app, with our site in the place of Django's."""

from django.contrib.admin.apps import AdminConfig


class HouseAdminConfig(AdminConfig):
    default_site = "openevent.core.admin_site.HouseSite"
