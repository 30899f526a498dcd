"""What happens: events, programme, people, partners, roles at an event."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"
