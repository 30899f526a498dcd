"""Telling people: messages, mail, live rooms."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
