"""Places that visitors can look for."""

from events.models import Event, EventLocation


def offer_place(event: Event) -> None:
    """Where a public event is, visitors can look for others."""
    if event.is_public and event.searchable_location_name:
        EventLocation.objects.get_or_create(name=event.searchable_location_name, defaults={"is_named_by_staff": False})
