"""The site in numbers, for its staff."""

from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import User
from events.models import Event, Group, Session, UserFollowGroup
from events.models.event import DRAFT, PUBLISHED
from events.rules import COORGANIZER, ORGANIZER, OWNER, TRACK_ORGANIZER
from events.services.statistics import session_counts
from notifications.models import SENT, Mail
from orders.models import Attendee
from orders.services.seats import SOLD

PERIODS = {"one_day": 1, "three_days": 3, "seven_days": 7, "thirty_days": 30}
ROLES = (OWNER, ORGANIZER, COORGANIZER, TRACK_ORGANIZER)


def count_sessions() -> dict[str, int]:
    live = Session.objects.filter(deleted_at=None, event__deleted_at=None).order_by()
    return session_counts(dict(live.values_list("state").annotate(Count("pk"))))


def count_events() -> dict[str, int]:
    is_over = Q(ends_at__lt=timezone.now())
    return Event.objects.filter(deleted_at=None).aggregate(
        draft=Count("pk", filter=Q(state=DRAFT)),
        published=Count("pk", filter=Q(state=PUBLISHED) & ~is_over),
        past=Count("pk", filter=Q(state=PUBLISHED) & is_over),
    )


def count_users() -> dict[str, int]:
    """Somebody with a role at several events is one person."""
    people = User.objects.filter(deleted_at=None)
    counts = people.aggregate(
        super_admin=Count("pk", filter=Q(is_super_admin=True)),
        admin=Count("pk", filter=Q(is_admin=True)),
        verified=Count("pk", filter=Q(is_verified=True)),
        unverified=Count("pk", filter=Q(is_verified=False)),
    )
    held = people.filter(events_roles__role__name__in=ROLES, events_roles__event__deleted_at=None).order_by()
    roles = dict(held.values_list("events_roles__role__name").annotate(Count("pk", distinct=True)))
    tickets = Attendee.objects.filter(order__status__in=SOLD, deleted_at=None).exclude(user=None)
    attendees = tickets.aggregate(people=Count("user", distinct=True))["people"]
    return {**counts, **{role: roles.get(role, 0) for role in ROLES}, "attendee": attendees}


def count_groups() -> dict[str, int]:
    groups = Group.objects.filter(deleted_at=None)
    return {
        "groups": groups.count(),
        "group_events": Event.objects.filter(group__in=groups, deleted_at=None).count(),
        "followers": UserFollowGroup.objects.filter(group__in=groups).count(),
    }


def count_mails() -> dict[str, int]:
    """Those that went out in the last days."""
    now = timezone.now()
    since = {name: now - timedelta(days=days) for name, days in PERIODS.items()}
    sent = Mail.objects.filter(status=SENT, created_at__gte=min(since.values())).order_by()
    return sent.aggregate(**{name: Count("pk", filter=Q(created_at__gte=first)) for name, first in since.items()})
