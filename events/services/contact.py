"""Writing to the people who run an event."""

from accounts.models import User
from events.models import Event
from events.services.team import addresses_at
from notifications.services.mail import send_mail
from openevent.core.atomic import atomic
from openevent.core.limits import limit


def contact_organizers(event: Event, message: str, *, by: User) -> None:
    """Mail the message to the team, who can answer it at once, and a copy to its writer."""
    limit("contact-organizers", by.pk, "10/h")
    words = {"event_name": event.name, "sender": by.name, "sender_email": by.email, "message": message}
    with atomic():
        for address in addresses_at(event.pk):
            context = {**words, "is_copy": False}
            send_mail("contact-organizers", to=address, context=context, about=event, reply_to=by.email, by=by)
        send_mail("contact-organizers", to=by.email, context={**words, "is_copy": True}, about=event, by=by)
