"""manage.py attendees EVENT_IDENTIFIER [--output FILE]: who is coming, as a table that spreadsheets open."""

from django.core.management.base import BaseCommand, CommandError

from events.models import Event
from orders.services.exports.export import table_of
from orders.services.exports.files import BYTE_ORDER_MARK, csv_lines
from orders.services.states import SERVER


class Command(BaseCommand):
    help = "List who is coming to an event as CSV: order, state, ticket, names, e-mail, checked in, own questions."

    def add_arguments(self, parser):
        parser.add_argument("event", metavar="EVENT_IDENTIFIER", help="as in the address of its page")
        parser.add_argument("--output", metavar="FILE", help="where to write; else it is printed")

    def handle(self, *, event, output, **options):
        found = Event.objects.filter(identifier=event, deleted_at=None).first()
        if found is None:
            raise CommandError(f"There is no event {event}.")
        headings, rows = table_of(found, "attendees", by=SERVER)
        lines = csv_lines(headings, rows, zone=found.zone)
        if output is None:
            self.stdout.writelines(lines)
            return
        try:
            with open(output, "w", encoding="utf-8", newline="") as file:
                file.write(BYTE_ORDER_MARK)
                file.writelines(lines)
        except OSError as problem:
            raise CommandError(f"{output} cannot be written: {problem.strerror}.") from None
