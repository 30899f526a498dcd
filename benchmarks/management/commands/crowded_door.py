"""What a benchmark of the door needs of the database: devices that are signed in, tickets to scan, and who came in."""

import json
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management.base import BaseCommand
from django.db.models import Count
from django.middleware.csrf import _get_new_csrf_string
from django.utils import timezone

from accounts.models import User
from events.models import Event, Role, UsersEventsRoles
from orders.models import Attendee, Order, Scan, Ticket
from orders.models.order import COMPLETED


class Command(BaseCommand):
    help = "Prints JSON: with --devices cookies, with --tickets codes, with --came how many came and how often."

    def add_arguments(self, parser):
        parser.add_argument("--devices", type=int)
        parser.add_argument("--tickets", type=int)
        parser.add_argument("--came", action="store_true")

    def handle(self, *, devices, tickets, came, **options):
        answer = make_devices(devices) if devices else make_tickets(tickets) if tickets else count_entries()
        self.stdout.write(json.dumps(answer))


def make_devices(count):
    """Registrars, each with the cookies of a browser that is signed in."""
    event, role = Event.objects.get(identifier="harbour1"), Role.objects.get(name="registrar")
    cookies = []
    for number in range(count):
        user = User.objects.create(email=f"door{number}@example.org", password="!", is_verified=True)
        UsersEventsRoles.objects.create(user=user, event=event, role=role)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "accounts.backends.EmailBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        cookies.append(
            {settings.SESSION_COOKIE_NAME: session.session_key, settings.CSRF_COOKIE_NAME: _get_new_csrf_string()}
        )
    return cookies


def make_tickets(count):
    """Codes of paid tickets, two to an order."""
    event, now = Event.objects.get(identifier="harbour1"), timezone.now()
    span = {"sales_starts_at": now - timedelta(days=1), "sales_ends_at": now + timedelta(days=1)}
    ticket = Ticket.objects.create(
        event=event, name=f"Crowd {now.isoformat()}", type="free", quantity=count, reserved=count, **span
    )
    orders = Order.objects.bulk_create(Order(event=event, status=COMPLETED) for _ in range(count // 2))
    holders = [
        Attendee(event=event, ticket=ticket, order=orders[number // 2], firstname="Mira", lastname=f"Lind {number}")
        for number in range(count)
    ]
    return [holder.code for holder in Attendee.objects.bulk_create(holders)]


def count_entries():
    entries = Scan.objects.filter(verdict="in").order_by().values("attendee").annotate(times=Count("pk"))
    return {"people": entries.count(), "twice": entries.filter(times__gt=1).count(), "rows": Scan.objects.count()}
