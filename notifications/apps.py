"""Telling people: messages, mail, live rooms."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self):
        from media_pipeline.purposes import register_purpose
        from notifications.leaving import watch
        from notifications.services.working import FILES

        watch()
        register_purpose(FILES, is_public=False)
