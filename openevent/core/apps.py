"""The kernel as a Django app: it has two tables, the version counters and answers that are given again."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "openevent.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from openevent.core import versions  # noqa: F401  connects Django's own moments
        from openevent.core.policies import register_permissions

        register_permissions()
