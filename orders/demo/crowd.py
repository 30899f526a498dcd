"""More of everything, for benchmarks: small events, and one event with as many sessions as are asked for."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from events.models import (
    Event,
    EventTopic,
    EventType,
    Microlocation,
    Role,
    Session,
    Speaker,
    Track,
    UsersEventsRoles,
)
from orders.demo import content
from orders.demo.conference import at, first_day, link_speakers, make_event, ticket_rows
from orders.demo.content import TicketType
from orders.demo.dice import dice_for
from orders.models import Ticket

STAGES, SLOTS = 20, 12  # sessions at once, and one after another from 09:00
PER_DAY = STAGES * SLOTS
SMALL_TYPES = (
    TicketType("Entry", "free", Decimal(0), 60, "<p>For everybody.</p>"),
    TicketType("With supper", "paid", Decimal("12.50"), 30, "<p>Three courses, from next door.</p>"),
)


def make_small_events(*, total, seed, owner):
    """Top up the published small events to `total`."""
    present = Event.objects.filter(identifier__startswith="small").count()
    kinds = {row.name: row for row in EventType.objects.all()}
    topics = {row.name: row for row in EventTopic.objects.all()}
    events = Event.objects.bulk_create(
        _small_event(dice_for(seed, "event", number), number, kinds, topics) for number in range(present, total)
    )
    role = Role.objects.get(name="owner")
    UsersEventsRoles.objects.bulk_create(UsersEventsRoles(event=event, user=owner, role=role) for event in events)
    Ticket.objects.bulk_create(row for event in events for row in ticket_rows(event, SMALL_TYPES))


def _small_event(dice, number, kinds, topics):
    name, kind, topic = dice.choice(content.SMALL_EVENTS)
    town = dice.choice(content.TOWNS)
    starts_at = at(first_day() + timedelta(days=dice.randrange(-40, 60)), f"{dice.randrange(9, 20):02}:00")
    return Event(
        identifier=f"small{number:03}",
        name=f"{name} in {town}",
        description=f"<p>{name}, as every year. Everybody in {town} is welcome, and so are you.</p>",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=3),
        timezone=content.ZONE,
        state="published",
        location_name=f"Town hall, {town}",
        searchable_location_name=town,
        latitude=54 + dice.random(),
        longitude=10 + dice.random(),
        is_map_shown=True,
        has_owner_info=True,
        owner_name=f"Friends of {town}",
        owner_description="<p>Neighbours who like company.</p>",
        payment_country="Germany",
        payment_currency="EUR",
        can_pay_onsite=True,
        onsite_details="Pay at the door.",
        event_type=kinds[kind],
        event_topic=topics[topic],
        created_at=timezone.now() - timedelta(days=30),
    )


def make_sessions(*, total, seed, owner):
    """Top up the sessions of the longest event to `total`; no stage has two at once."""
    event = Event.objects.filter(identifier=content.LONGEST["identifier"]).first() or _longest(total, owner)
    present = event.sessions.count()
    if present >= total:
        return
    tracks, stages, speakers = (
        list(event.tracks.all()),
        list(event.microlocations.all()),
        list(event.speakers.all()),
    )
    sessions = Session.objects.bulk_create(
        _session(dice_for(seed, "session", number), number, event, tracks, stages) for number in range(present, total)
    )
    link_speakers(
        (session, speaker)
        for number, session in enumerate(sessions, start=present)
        for speaker in _who(dice_for(seed, "speakers", number), speakers)
    )


def _longest(total, owner):
    day = first_day() + timedelta(days=30)
    days = -(-total // PER_DAY)
    event = make_event(
        content.LONGEST,
        starts_at=at(day, "09:00"),
        ends_at=at(day + timedelta(days=days - 1), "21:00"),
        kind="Festival",
        topic="Technology",
        owner=owner,
    )
    Track.objects.bulk_create(Track(event=event, name=name, color=colour) for name, colour in content.TRACKS)
    Microlocation.objects.bulk_create(
        Microlocation(event=event, name=f"Stage {number}", position=number) for number in range(1, STAGES + 1)
    )
    Speaker.objects.bulk_create(
        Speaker(event=event, order=order, email=f"speaker{order}@quays.example.org", **person)
        for order, person in enumerate(content.SPEAKERS * 4, start=1)
    )
    return event


def _session(dice, number, event, tracks, stages):
    day, rest = divmod(number, PER_DAY)
    slot, stage = divmod(rest, STAGES)
    starts_at = event.starts_at + timedelta(days=day, hours=slot)
    title = f"{dice.choice(content.SUBJECTS)} {dice.choice(content.PROMISES)}, part {number + 1}"
    return Session(
        event=event,
        title=title,
        short_abstract=f"<p>{title}: what we tried, what broke, and what we kept.</p>",
        level=dice.choice(("Beginner", "Intermediate", "Advanced")),
        language="English",
        state="confirmed",
        track=dice.choice(tracks),
        microlocation=stages[stage],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=45),
        submitted_at=timezone.now() - timedelta(days=30),
    )


def _who(dice, speakers):
    return dice.sample(speakers, dice.choice((1, 1, 2)))
