"""manage.py attendees EVENT_IDENTIFIER [--output FILE]: who is coming, as a table that spreadsheets open."""

from django.core.management.base import BaseCommand, CommandError

from events.models import Event
from orders.services.attendee_list import attendees_csv
from orders.services.states import SERVER


class Command(BaseCommand):
    help = "List who is coming to an event as CSV: order, state, ticket, names, e-mail, checked in."

    def add_arguments(self, parser):
        parser.add_argument("event", metavar="EVENT_IDENTIFIER", help="as in the address of its page")
        parser.add_argument("--output", metavar="FILE", help="where to write; else it is printed")

    def handle(self, *, event, output, **options):
        found = Event.objects.filter(identifier=event, deleted_at=None).first()
        if found is None:
            raise CommandError(f"There is no event {event}.")
        lines = attendees_csv(found, by=SERVER)
        if output is None:
            self.stdout.writelines(lines)
            return
        try:
            # By its first mark, office programs know the letters of a file.
            with open(output, "w", encoding="utf-8-sig", newline="") as file:
                file.writelines(lines)
        except OSError as problem:
            raise CommandError(f"{output} cannot be written: {problem.strerror}.") from None
