"""What happens: events, programme, people, partners, roles at an event."""

from django.apps import AppConfig

from media_pipeline.purposes import register_purpose


class EventsConfig(AppConfig):
    name = "events"

    def ready(self):
        from accounts import rules
        from accounts.services.close_account import REASONS_TO_STAY
        from events import access
        from events.rooms import open_rooms

        open_rooms()
        rules.SEEN_ELSEWHERE.append(access.people_seen_at_events)
        rules.KNOWN_ELSEWHERE.append(access.people_known_from_events)
        REASONS_TO_STAY.append(access.owns_events_to_come)

        event_sizes = {"large": (1300, 500), "thumbnail": (500, 200), "icon": (75, 30)}
        speaker_sizes = {"thumbnail": (500, 500), "small": (50, 50), "icon": (35, 35)}
        register_purpose("event-image", sizes=event_sizes)
        register_purpose("event-logo")
        register_purpose("speaker-photo", sizes=speaker_sizes)
        register_purpose("sponsor-logo")
