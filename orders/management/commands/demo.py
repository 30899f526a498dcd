"""`manage.py demo`: a believable conference to look at, and as many rows as a benchmark needs."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from events.models import Event
from openevent.core.atomic import atomic
from orders.demo import content
from orders.demo.accounts import fill_settings, make_people, renew_passwords
from orders.demo.conference import make_catalog, make_conference, make_smaller_events
from orders.demo.crowd import make_sessions, make_small_events
from orders.demo.dates import keep_on_sale
from orders.demo.sales import sell
from orders.services.invoicing import issue_missing


class Command(BaseCommand):
    help = "Fill the database with a demo. Safe to repeat: what is there stays, what is missing is added."

    def add_arguments(self, parser):
        parser.add_argument("--orders", type=int, default=200, help="past orders of the conference, in all")
        parser.add_argument("--events", type=int, default=0, help="further small events, in all")
        parser.add_argument("--sessions", type=int, default=0, help="sessions of a further, very long event")
        parser.add_argument("--seed", type=int, default=1, help="the same seed invents the same demo")
        parser.add_argument("--if-empty", action="store_true", help="only if there is no event yet")

    def handle(self, *, orders, events, sessions, seed, if_empty, **options):
        if not (settings.DEBUG or settings.DEMO):
            raise CommandError("The demo has known passwords: with DEBUG off it needs DEMO=1, on loopback.")
        with atomic():
            fill_settings()
            renew_passwords()
            keep_on_sale()
            if if_empty and Event.objects.exists():
                return
            people = make_people()
            make_catalog()
            conference = Event.objects.filter(identifier=content.CONFERENCE["identifier"]).first()
            if conference is None:
                conference = make_conference(people)
                make_smaller_events(people)
            sell(conference, total=orders, seed=seed, bob=people["bob"])
            issue_missing()
            make_small_events(total=events, seed=seed, owner=people["ada"])
            if sessions:
                make_sessions(total=sessions, seed=seed, owner=people["ada"])
        self.stdout.write(f"{content.CONFERENCE['name']} is on sale.")
