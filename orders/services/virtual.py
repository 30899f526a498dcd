"""Coming from afar: whoever has a ticket says that they joined the event or one of its rooms, and that they left."""

from django.utils import timezone

from events.models import Event, Microlocation
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused
from orders.models import Attendee, VirtualCheckIn
from orders.rules import attendees_held
from orders.services.admission import COMING


def check_in_from_afar(event: Event, *, by, where: str, comes: bool, room: Microlocation | None = None) -> int:
    """Note it for each of one's valid tickets; how many have come or left by that. To come twice is to be there."""
    with atomic():
        tickets = Attendee.objects.select_for_update(of=("self",)).filter(COMING, attendees_held(by), event=event)
        attendees = list(tickets.order_by("pk"))
        if not attendees:
            raise Refused("no-ticket", "You have no ticket of this event that lets you in.")
        there = VirtualCheckIn.objects.filter(
            event=event, check_in_type=where, microlocation=room, ticket_holder__in=attendees, check_out_at=None
        )
        if not comes:
            return there.update_at(event.pk, check_out_at=timezone.now())
        known = set(there.values_list("ticket_holder", flat=True))
        new = [attendee for attendee in attendees if attendee.pk not in known]
        VirtualCheckIn.objects.bulk_create(
            VirtualCheckIn(event=event, ticket_holder=attendee, check_in_type=where, microlocation=room)
            for attendee in new
        )
        return len(new)
