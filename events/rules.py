"""Who may do what at an event, as clauses; and the policies that need an event to answer."""

import rules
from django.apps import apps
from django.db.models import Exists, Q, Value

from accounts.rules import may_unless_unverified
from openevent.core.policies import (
    CATALOG,
    EVERY_ROW,
    NO_ROW,
    PERSONAL,
    allowed_to,
    is_signed_in,
    is_site_staff,
    is_verified,
    nobody,
    owns_it,
)
from openevent.core.prepared import Prepared

OWNER, ORGANIZER, COORGANIZER = "owner", "organizer", "coorganizer"
TRACK_ORGANIZER, MODERATOR, REGISTRAR = "track_organizer", "moderator", "registrar"
RANKS = (OWNER, ORGANIZER, COORGANIZER)
TEAM = frozenset(RANKS)
SIDE_ROLES = frozenset({TRACK_ORGANIZER, MODERATOR, REGISTRAR})
EVERY_ROLE = TEAM | SIDE_ROLES
SHOWN = ("accepted", "confirmed")  # the states in which the public sees a session

# Who may join an event's video is also told by higher floors, which add a question here when they are ready:
# (user) -> the ids of events.
MAY_JOIN = []


def query_roles(user):
    """(event's id, role) of those given at the event, and of an organizer of each event of one's groups."""
    at_events = apps.get_model("events.UsersEventsRoles").objects.filter(user=user)
    of_groups = apps.get_model("events.Event").objects.filter(
        group__deleted_at=None,
        group__roles__user=user,
        group__roles__accepted=True,
        group__roles__role__name__in=(OWNER, ORGANIZER),
    )
    return (
        at_events.order_by()
        .values_list("event_id", "role__name")
        .union(of_groups.order_by().values_list("pk", Value(ORGANIZER)), all=True)
    )


held_roles = Prepared(query_roles)


def roles_of(user):
    """Which roles this user has, by event: {event id: {role names}}. One query a request."""
    if not user.is_authenticated:
        return {}
    if not hasattr(user, "roles_by_event"):
        user.roles_by_event = {}
        for event_id, role in held_roles(user.pk):
            user.roles_by_event.setdefault(event_id, set()).add(role)
    return user.roles_by_event


def events_where(user, roles=EVERY_ROLE):
    """The ids of the events at which this user has one of these roles."""
    return [event_id for event_id, held in roles_of(user).items() if held & roles]


def unlock(user, event):
    """Somebody came with the identifier of a private event: for this request it is not hidden."""
    if event.privacy == "private" and event.state == "published":
        user.unlocked_events = {*unlocked_events(user), event.pk}


def unlocked_events(user):
    return getattr(user, "unlocked_events", frozenset())


def rank_of(role):
    """0 is the owner; the side roles share the lowest."""
    return RANKS.index(role) if role in TEAM else len(RANKS)


def reaches(user, row, role):
    """Whether this user stands at least as high at the event as that role: what is above one, one neither gives nor
    takes."""
    if is_site_staff(user):
        return True
    held = roles_of(user).get(row.event_key(), set()) & TEAM
    return any(rank_of(own) <= rank_of(role) for own in held)


def has_role(*roles):
    wanted = frozenset(roles)

    @rules.predicate(name=" or ".join(roles))
    def holds(user, row=None):
        return row is not None and not wanted.isdisjoint(roles_of(user).get(row.event_key(), ()))

    return is_site_staff | holds


owns_the_event = has_role(OWNER)
organizes = has_role(OWNER, ORGANIZER)
coorganizes = has_role(*TEAM)
organizes_tracks = coorganizes | has_role(TRACK_ORGANIZER)
moderates = coorganizes | has_role(MODERATOR)
registers = coorganizes | has_role(REGISTRAR)
is_on_the_team = coorganizes


@rules.predicate
def is_a_speaker_of_it(user, session):
    return user.is_authenticated and session.pk is not None and session.speakers.filter(user=user.pk).exists()


@rules.predicate
def created_it(user, session):
    return user.is_authenticated and session.creator_id == user.pk


@rules.predicate
def is_locked(user, session):
    return session.is_locked


@rules.predicate
def is_that_speaker(user, speaker):
    return user.is_authenticated and speaker.user_id == user.pk


@rules.predicate
def holds_it(user, held):
    return user.is_authenticated and held.user_id == user.pk


# Who attends is known upstairs, where tickets are: the app that sells them adds a question, (user, event's id) -> bool.
ATTENDS_ELSEWHERE = []


@rules.predicate
def takes_part(user, row):
    """Holds a ticket of the event, or speaks at it."""
    event_id = row.event_key()
    if not user.is_authenticated or event_id is None:
        return False
    speaks = user.speakers.filter(event=event_id, deleted_at=None, sessions__state__in=SHOWN).exists()
    return speaks or any(attends(user, event_id) for attends in ATTENDS_ELSEWHERE)


@rules.predicate
def may_ask_a_speaker(user, invite):
    """Whoever speaks at the session or proposed it, and the team; once it is locked, the organizers alone."""
    if invite.session_id is None:
        return False
    may = coorganizes | created_it | is_a_speaker_of_it
    return may(user, invite.session) and (not invite.session.is_locked or organizes(user, invite.session))


@rules.predicate
def owns_its_group(user, row=None):
    """A row of a group, asked by the group's owner."""
    return user.is_authenticated and row is not None and row.group.user_id == user.pk


@rules.predicate
def organizes_the_group(user, group=None):
    if not user.is_authenticated or group is None or group.pk is None:
        return False
    return group.roles.filter(user=user.pk, accepted=True, role__name=ORGANIZER).exists()


@rules.predicate
def call_is_open(user, row):
    return row.event_id is not None and row.event.call_is_open


@rules.predicate
def event_is_shown(user, row):
    """A stranger's submission needs an event that the stranger can see."""
    event = row.event if row.event_id is not None else None
    return event is not None and event.deleted_at is None and event.state == "published"


def events_seen(user, path=""):
    """Q over an event, or over rows that belong to one: public, or one's own, or unlocked by its identifier."""
    if is_site_staff(user):
        return EVERY_ROW
    own = [*events_where(user), *unlocked_events(user)]
    public = Q(**{f"{path}state": "published", f"{path}privacy": "public"})
    return public | Q(**{f"{path}id__in": own}) if own else public


def rows_of_seen_events(user, model):
    return events_seen(user, model.event_path)


def rows_at(roles):
    """Rows of the events at which one has one of these roles."""

    def rows(user, model):
        if is_site_staff(user):
            return EVERY_ROW
        own = events_where(user, roles)
        return Q(**{f"{model.event_path}id__in": own}) if own else NO_ROW

    return rows


team_rows = rows_at(TEAM)


def sessions_seen(user, model):
    """Accepted and confirmed ones of events one sees; one's own; all to those who work with sessions."""
    if is_site_staff(user):
        return EVERY_ROW
    seen = Q(state__in=SHOWN) & events_seen(user, model.event_path)
    if not user.is_authenticated:
        return seen
    at_work = events_where(user, TEAM | {TRACK_ORGANIZER, MODERATOR})
    own = Q(creator=user.pk) | Q(pk__in=user.speakers.values("sessions"))
    return seen | Q(event_id__in=at_work) | own | Q(pk__in=sessions_offered(user, model).values("session"))


def sessions_offered(user, model):
    """The invitations to speak that this user has not answered: one reads what one is asked for."""
    invites = model._meta.get_field("speaker_invites").related_model.objects
    return invites.filter(email=user.email, status="pending") if user.is_verified else invites.none()


def calls_seen(user, model):
    """Public calls of events one sees; a private one by the hash in its link, which one has come with."""
    if is_site_staff(user):
        return EVERY_ROW
    told = Q(privacy="public") | Q(hash__in=getattr(user, "known_hashes", ()))
    return events_seen(user, model.event_path) & told | team_rows(user, model)


def speaker_invites_seen(user, model):
    """The team's, the session's speakers' and creator's, and those to one's own proven address."""
    if is_site_staff(user):
        return EVERY_ROW
    if not user.is_authenticated:
        return NO_ROW
    own = Q(session__creator=user.pk) | Q(session__in=user.speakers.values("sessions"))
    return team_rows(user, model) | own | (Q(email=user.email) if user.is_verified else NO_ROW)


def speakers_seen(user, model):
    """Those with a session that is shown; oneself; all to those who work with sessions."""
    if is_site_staff(user):
        return EVERY_ROW
    links = model.sessions.through.objects
    shown = links.filter(session__state__in=SHOWN, session__deleted_at=None).values("speaker_id")
    seen = Q(pk__in=shown) & events_seen(user, model.event_path)
    if not user.is_authenticated:
        return seen
    at_work = events_where(user, TEAM | {TRACK_ORGANIZER, MODERATOR})
    return seen | Q(event_id__in=at_work) | Q(user=user.pk)


def places_seen(user, model):
    """Those that the staff has named, and those where the public finds an event."""
    return EVERY_ROW if is_site_staff(user) else Q(is_named_by_staff=True) | Q(Exists(model.events_there()))


def streams_seen(user, model):
    """Of events on whose team one is, at which one speaks or to which one has a ticket; and those one moderates."""
    if not user.is_authenticated or is_site_staff(user):
        return EVERY_ROW if is_site_staff(user) else NO_ROW
    sessions = apps.get_model("events.Session").objects.filter(
        speakers__user=user.pk, speakers__deleted_at=None, state__in=SHOWN, deleted_at=None
    )
    seen = team_rows(user, model) | Q(event__in=sessions.values("event"))
    for question in MAY_JOIN:
        seen |= Q(event__in=question(user))
    if user.is_verified:
        moderated = model._meta.get_field("moderators").related_model.objects.filter(email=user.email)
        seen |= Q(pk__in=moderated.values("video_stream"))
    return seen


def own_and_team_rows(user, model):
    """Rows that name a user: one's own, and those of the events on whose team one is."""
    return team_rows(user, model) | Q(user=user.pk) if user.is_authenticated else NO_ROW


def group_roles_seen(user, model):
    """One's own, and those in the groups that one owns."""
    if is_site_staff(user):
        return EVERY_ROW
    return Q(user=user.pk) | Q(group__user=user.pk) if user.is_authenticated else NO_ROW


PROGRAMME = allowed_to(coorganizes, rows=rows_of_seen_events, private_rows=team_rows)
BACKSTAGE = allowed_to(coorganizes, rows=team_rows)
BADGES = {**BACKSTAGE, "rows": rows_at(TEAM | {REGISTRAR})}  # the door prints them
TRACKS = {**PROGRAMME, "add": organizes_tracks, "change": organizes_tracks, "delete": organizes_tracks}
may_publish = may_unless_unverified("publish_event")
EVENTS = {**PROGRAMME, "add": may_unless_unverified("create_event"), "delete": owns_the_event}
SESSIONS = {
    **PROGRAMME,
    "rows": sessions_seen,
    "add": organizes_tracks | (is_signed_in & event_is_shown & call_is_open),
    "change": organizes_tracks | moderates | created_it | is_a_speaker_of_it,
    "delete": coorganizes | created_it | is_a_speaker_of_it,
    # Who speaks may change it, so nobody makes a speaker of theirs speak at another's session.
    "link": organizes | (~is_locked & (organizes_tracks | created_it | is_a_speaker_of_it)),
}
SPEAKERS = {
    **PROGRAMME,
    "rows": speakers_seen,
    "private_rows": own_and_team_rows,
    "sees_private": coorganizes | is_that_speaker,
    "add": coorganizes | (is_that_speaker & event_is_shown & call_is_open),
    "change": coorganizes | is_that_speaker,
    "delete": coorganizes | is_that_speaker,
    "link": organizes_tracks | is_that_speaker,
}
SPEAKERS_CALLS = {**PROGRAMME, "rows": calls_seen}
ROLE_INVITES = {**BACKSTAGE, "change": nobody}  # asked anew, never rewritten; taken by its token
SPEAKER_INVITES = {
    **BACKSTAGE,
    "rows": speaker_invites_seen,
    "private_rows": speaker_invites_seen,
    "add": may_ask_a_speaker,
    "change": nobody,
    "delete": may_ask_a_speaker,
}
FAVOURITES = {**PERSONAL, "change": nobody}  # made and taken away
FEEDBACKS = {
    "rows": own_and_team_rows,
    "private_rows": own_and_team_rows,
    "sees_private": coorganizes | holds_it,
    "add": coorganizes | takes_part,
    "change": holds_it | is_site_staff,
    "delete": coorganizes | holds_it,
}
VIDEO_STREAMS = {**BACKSTAGE, "rows": streams_seen, "private_rows": streams_seen}
EVENT_ROLES = {
    **BACKSTAGE,
    "delete": coorganizes | holds_it,  # whoever helps may stop helping
    "rows": own_and_team_rows,
    "private_rows": own_and_team_rows,
    "sees_private": coorganizes,
}
runs_the_group = owns_it | organizes_the_group | is_site_staff
GROUPS = {
    **CATALOG,
    "add": is_verified,
    "change": runs_the_group,
    "delete": owns_it | is_site_staff,
}
GROUP_ROLES = {
    **allowed_to(owns_its_group | is_site_staff, rows=group_roles_seen),
    "change": nobody,  # who is offered what is said once
    "delete": owns_its_group | holds_it | is_site_staff,
}
FOLLOWED = {**PERSONAL, "change": nobody}
