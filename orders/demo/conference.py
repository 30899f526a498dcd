"""The conference: its tickets and codes, its programme and its people; and the two smaller events."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from events.models import (
    Event,
    EventTopic,
    EventType,
    Faq,
    Microlocation,
    Role,
    Session,
    SessionType,
    SocialLink,
    Speaker,
    SpeakersCall,
    Sponsor,
    Track,
    UsersEventsRoles,
)
from events.services.places import offer_place
from events.services.questions import ask_names
from orders.demo import content
from orders.models import AccessCode, DiscountCode, Tax, Ticket, TicketTag

SATURDAY = 5
ANNOUNCED = timedelta(days=60)  # so long ago did sales begin


def make_catalog():
    """Types and topics by name; those that are there already are left alone."""
    for model, names in ((EventType, content.EVENT_TYPES), (EventTopic, content.EVENT_TOPICS)):
        present = set(model.objects.values_list("name", flat=True))
        for name in names:
            if name not in present:
                model(name=name).save()


def first_day():
    """A Saturday about two months ahead."""
    soonest = timezone.localdate() + timedelta(days=56)
    return soonest + timedelta(days=(SATURDAY - soonest.weekday()) % 7)


def at(day, clock):
    """A moment on the town's clocks: `at(date, "09:30")`."""
    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(content.ZONE))


def make_event(facts, *, starts_at, ends_at, kind, topic, owner, **more):
    event = Event(
        **{"state": "published", **facts, **more},
        starts_at=starts_at,
        ends_at=ends_at,
        timezone=content.ZONE,
        payment_country="Germany",
        payment_currency="EUR",
        event_type=EventType.objects.filter(name=kind).first(),
        event_topic=EventTopic.objects.filter(name=topic).first(),
        created_at=timezone.now() - ANNOUNCED,
    )
    event.save()
    give_role(event, owner, "owner")
    ask_names(event)
    offer_place(event)
    return event


def give_role(event, user, name):
    UsersEventsRoles(event=event, user=user, role=Role.objects.get(name=name)).save()


def ticket_rows(event, types):
    """On sale since long ago until the event is over, in the order of the list."""
    return [
        Ticket(
            event=event,
            name=kind.name,
            type=kind.type,
            price=kind.price,
            quantity=kind.quantity,
            description=kind.description,
            is_description_visible=True,
            position=position,
            sales_starts_at=timezone.now() - ANNOUNCED,
            sales_ends_at=event.ends_at,
            **kind.options,
        )
        for position, kind in enumerate(types, start=1)
    ]


def make_conference(people):
    day = first_day()
    event = make_event(
        content.CONFERENCE,
        starts_at=at(day, "09:00"),
        ends_at=at(day + timedelta(days=1), "18:00"),
        kind="Conference",
        topic="Technology",
        owner=people["ada"],
        schedule_published_on=timezone.now() - timedelta(days=7),
    )
    give_role(event, people["cora"], "coorganizer")
    give_role(event, people["rosa"], "registrar")
    make_tickets(event)
    make_partners(event)
    make_programme(event, day)
    return event


def make_tickets(event):
    tickets = Ticket.objects.bulk_create(ticket_rows(event, content.TICKETS))
    regular, workshop = tickets[1], tickets[4]
    hidden = [ticket for ticket in tickets if ticket.is_hidden]
    whole, addon = TicketTag.objects.bulk_create(TicketTag(event=event, name=name) for name in content.TICKET_TAGS)
    whole.tickets.set(ticket for ticket in tickets if ticket != workshop)
    addon.tickets.set([workshop])
    Tax(event=event, is_tax_included_in_price=True, **content.TAX).save()
    limits = {"event": event, "valid_from": timezone.now() - ANNOUNCED, "valid_till": event.ends_at}
    discount = DiscountCode(
        code=content.DISCOUNT_CODE, type="percent", value=20, used_for="ticket", max_quantity=10, **limits
    )
    discount.save()
    discount.tickets.set([regular])
    access = AccessCode(code=content.ACCESS_CODE, max_quantity=2, **limits)
    access.save()
    access.tickets.set(hidden)


def make_partners(event):
    Sponsor.objects.bulk_create(
        Sponsor(event=event, name=name, type=kind, level=level, description=words)
        for name, kind, level, words in content.SPONSORS
    )
    SocialLink.objects.bulk_create(SocialLink(event=event, name=name, link=link) for name, link in content.SOCIAL_LINKS)
    Faq.objects.bulk_create(Faq(event=event, question=question, answer=answer) for question, answer in content.FAQS)
    SpeakersCall(
        event=event,
        announcement=content.CALL,
        starts_at=timezone.now() - ANNOUNCED,
        ends_at=event.starts_at - timedelta(days=7),
    ).save()


def make_programme(event, day):
    tracks = _by_name(
        Track.objects.bulk_create(
            Track(event=event, name=name, color=colour, position=position)
            for position, (name, colour) in enumerate(content.TRACKS)
        )
    )
    rooms = _by_name(
        Microlocation.objects.bulk_create(
            Microlocation(event=event, name=name, floor=floor, room=room, position=position)
            for position, (name, floor, room) in enumerate(content.ROOMS)
        )
    )
    kinds = _by_name(
        SessionType.objects.bulk_create(
            SessionType(event=event, name=name, length=f"{minutes // 60:02}:{minutes % 60:02}", position=position)
            for position, (name, minutes) in enumerate(content.KINDS.items())
        )
    )
    speakers = _by_name(
        Speaker.objects.bulk_create(
            Speaker(event=event, order=order, email=f"speaker{order}@harbour.example.org", **person)
            for order, person in enumerate(content.SPEAKERS, start=1)
        )
    )
    sessions = Session.objects.bulk_create(
        Session(
            event=event,
            title=talk["title"],
            short_abstract=f"<p>{talk['abstract']}</p>",
            level=talk.get("level", "Beginner"),
            language="English",
            state=talk.get("state", "confirmed"),
            track=tracks[talk["track"]],
            session_type=kinds[talk["kind"]],
            microlocation=rooms.get(talk.get("room")),
            submitted_at=timezone.now() - ANNOUNCED / 2,
            **_times(talk, day),
        )
        for talk in content.TALKS
    )
    link_speakers(
        (session, speakers[name])
        for session, talk in zip(sessions, content.TALKS, strict=True)
        for name in talk["speakers"]
    )


def link_speakers(pairs):
    links = Session.speakers.through
    links.objects.bulk_create(links(session=session, speaker=speaker) for session, speaker in pairs)


def _times(talk, day):
    if "day" not in talk:
        return {}
    starts_at = at(day + timedelta(days=talk["day"] - 1), talk["time"])
    return {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=content.KINDS[talk["kind"]])}


def _by_name(rows):
    return {row.name: row for row in rows}


def make_smaller_events(people):
    """An evening that is on sale, and a forum that its organizer has not published yet."""
    evening = first_day() - timedelta(days=15)
    concert = make_event(
        content.CONCERT,
        starts_at=at(evening, "20:00"),
        ends_at=at(evening, "22:30"),
        kind="Concert",
        topic="Music",
        owner=people["cora"],
    )
    Ticket.objects.bulk_create(ticket_rows(concert, content.CONCERT_TICKETS))
    forum_day = first_day() + timedelta(days=18)
    forum = make_event(
        content.FORUM,
        starts_at=at(forum_day, "09:30"),
        ends_at=at(forum_day, "16:00"),
        kind="Meet-up",
        topic="Nature",
        owner=people["ada"],
        state="draft",
    )
    Ticket.objects.bulk_create(ticket_rows(forum, content.FORUM_TICKETS))
