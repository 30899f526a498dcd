"""What happens: events, programme, people, partners, roles at an event."""

from django.apps import AppConfig

from media_pipeline.purposes import register_purpose


class EventsConfig(AppConfig):
    name = "events"

    def ready(self):
        event_sizes = {"large": (1300, 500), "thumbnail": (500, 200), "icon": (75, 30)}
        speaker_sizes = {"thumbnail": (500, 500), "small": (50, 50), "icon": (35, 35)}
        register_purpose("event-image", sizes=event_sizes)
        register_purpose("event-logo")
        register_purpose("speaker-photo", sizes=speaker_sizes)
        register_purpose("sponsor-logo")
