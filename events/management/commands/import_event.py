"""manage.py import_event FILE.zip --owner EMAIL: an Open Event export becomes a draft."""

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from events.services.import_event import import_event
from openevent.core.refusals import Refused


class Command(BaseCommand):
    help = "Import an event from an Open Event export (a zip file) as a draft of the owner's."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE.zip")
        parser.add_argument("--owner", required=True, metavar="EMAIL", help="the account that will own the event")

    def handle(self, *, file, owner, **options):
        account = User.objects.with_email(owner)
        if account is None or account.deleted_at is not None:
            raise CommandError(f"There is no account with the address {owner}.")
        try:
            # Whoever may run commands on the server may extend its lists of types and topics.
            report = import_event(file, by=account, may_add_kinds=True)
        except Refused as refused:
            raise CommandError(f"{refused.detail} Nothing was imported.") from None
        self._say(report, owner=account)

    def _say(self, report, *, owner):
        event = report.event
        starts, ends = (moment.astimezone(event.zone) for moment in (event.starts_at, event.ends_at))
        self.stdout.write(self.style.SUCCESS(f"{event.name} is imported as a draft of {owner.email}."))
        self.stdout.write(f"  address   {event.identifier}")
        self.stdout.write(f"  when      {starts:%Y-%m-%d %H:%M} to {ends:%Y-%m-%d %H:%M} ({event.timezone})")
        for name, count in report.counts.items():
            self.stdout.write(f"  {count:7}   {name}")
        if report.warnings:
            self.stdout.write(self.style.WARNING("\nNot kept as it was:"))
            for line in report.warnings:
                self.stdout.write(f"  - {line}")
