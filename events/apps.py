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
        from events.services.group_news import ANNOUNCING, mail_followers
        from events.services.image_sizes import event_sizes, speaker_sizes
        from notifications.services.jobs import register_job

        open_rooms()
        rules.SEEN_ELSEWHERE.append(access.people_seen_at_events)
        rules.KNOWN_ELSEWHERE.append(access.people_known_from_events)
        REASONS_TO_STAY.append(access.owns_events_to_come)
        register_job(ANNOUNCING, mail_followers)

        register_purpose("event-image", sizes=event_sizes)
        register_purpose("event-logo")
        register_purpose("speaker-photo", sizes=speaker_sizes)
        register_purpose("sponsor-logo")
