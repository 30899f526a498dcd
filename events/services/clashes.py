"""Sessions that cannot both happen: in one room, or with one speaker, at the same time. Told, never refused."""

from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from events.models.programme import Session

STILL_ON = ("draft", "pending", "accepted", "confirmed")


class Clash(NamedTuple):
    what: str  # the room or the speaker who is wanted twice
    session: Session


def clashes_of(session: Session) -> list[Clash]:
    """What else needs this session's room or one of its speakers while it lasts."""
    if session.state not in STILL_ON or not (session.starts_at and session.ends_at):
        return []
    others = sessions_during(session.event_id, session.starts_at, session.ends_at).exclude(pk=session.pk)
    found = []
    if room := session.room:
        found += [Clash(room.name, other) for other in others.filter(microlocation=room)]
    speakers = session.speakers.filter(deleted_at=None)
    links = Session.speakers.through.objects.filter(speaker__in=speakers, session__in=others)
    return found + [Clash(link.speaker.name, link.session) for link in links.select_related("speaker", "session")]


def with_clashes(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """The same sessions, each with `has_clash`: for lists, in the one query that reads them."""
    others = sessions_during(OuterRef("event"), OuterRef("starts_at"), OuterRef("ends_at")).exclude(pk=OuterRef("pk"))
    its_speakers = Session.speakers.through.objects.filter(
        session=OuterRef(OuterRef("pk")), speaker__deleted_at=None
    ).values("speaker")
    in_its_room = others.filter(microlocation=OuterRef("microlocation"), microlocation__deleted_at=None)
    clash = Exists(in_its_room) | Exists(others.filter(speakers__in=its_speakers))
    on = Session.objects.filter(pk=OuterRef("pk"), state__in=STILL_ON)
    return sessions.annotate(has_clash=Exists(on) & clash)


def sessions_during(event, starts_at, ends_at) -> QuerySet[Session]:
    return Session.objects.filter(
        event=event, deleted_at=None, state__in=STILL_ON, starts_at__lt=ends_at, ends_at__gt=starts_at
    ).order_by("starts_at", "pk")
