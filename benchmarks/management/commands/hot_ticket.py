"""What a benchmark of ordering needs of the database: buyers with tokens, a ticket type, and what was sold of it."""

import json
from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.models import User
from accounts.services.tokens import give_tokens
from events.models import Event
from orders.models import Attendee, Ticket


class Command(BaseCommand):
    help = "Prints JSON: with --buyers tokens, with --quantity ids of new ticket types, with --sold their counters."

    def add_arguments(self, parser):
        parser.add_argument("--buyers", type=int)
        parser.add_argument("--quantity", type=int)
        parser.add_argument("--types", type=int, default=1)
        parser.add_argument("--sold", type=int, nargs="+")

    def handle(self, *, buyers, quantity, types, sold, **options):
        if buyers:
            answer = make_buyers(buyers)
        elif quantity:
            answer = [make_ticket(quantity) for _ in range(types)]
        else:
            answer = [
                {"reserved": ticket.reserved, "seats": Attendee.objects.filter(ticket=ticket).count()}
                for ticket in Ticket.objects.filter(pk__in=sold)
            ]
        self.stdout.write(json.dumps(answer))


def make_buyers(count):
    users = User.objects.bulk_create(
        User(email=f"buyer{number}@example.org", password="!", is_verified=True) for number in range(count)
    )
    return [give_tokens(user)["access_token"] for user in users]


def make_ticket(quantity):
    now = timezone.now()
    event = Event.objects.get(identifier="harbour1")
    ticket = Ticket(
        event=event,
        name=f"Hot {now.isoformat()}",
        type="free",
        quantity=quantity,
        sales_starts_at=now - timedelta(days=1),
        sales_ends_at=now + timedelta(days=1),
    )
    ticket.save()
    return ticket.pk
