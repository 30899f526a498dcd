"""The kinds of row that a programme is made of: what each is called, shows in its list, and asks in its form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, F, Model, Prefetch, Q, QuerySet
from django.utils.html import format_html

from events.models import Faq, FaqType, Microlocation, Session, SessionType, SocialLink, Speaker, Sponsor, Track
from events.pages.manage import programme_forms as forms
from events.rules import organizes
from events.services.clashes import with_clashes
from events.services.session_states import writes_it


class Column(NamedTuple):
    title: str
    cell: Callable  # of a row: words, or a badge
    kind: str = ""


class Badge(NamedTuple):
    word: str
    kind: str
    icon: str


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`right` opens the list, `edit_right` adds and deletes; what becomes of a row its model's policy says."""

    key: str
    model: type[Model]
    form: type[forms.PartForm]
    one: str
    many: str
    icon: str
    lede: str  # what they are for, to who has none
    columns: tuple[Column, ...]
    sought: tuple[str, ...]
    order: tuple
    loses: Callable = lambda row: "It goes from the public page."  # what comes of deleting it
    rows: Callable[[QuerySet], QuerySet] = lambda rows: rows
    right: str = "team"
    edit_right: str = "team"
    section: str = ""
    above: str = ""  # the kind whose page leads here
    below: str = ""

    @property
    def name(self):
        """Of its list, among the addresses."""
        return f"manage-{self.key}"

    @property
    def can_be_restored(self):
        return hasattr(self.model, "deleted_at")

    def called(self, row):
        """What a row is called: its form's first field."""
        return getattr(row, self.form._meta.fields[0])

    def visible(self, event, user):
        return self.rows(self.model.objects.visible_to(user).filter(event=event))

    def may(self, verb, user, row):
        return self.model.policy[verb](user, row)

    def may_write(self, user, row):
        """Whether this person may change its words."""
        return self.may("change", user, row)


class SessionKind(Kind):
    def may_write(self, user, row):
        return writes_it(user, row) and (organizes(user, row) or not row.is_locked)


STATES = {
    "draft": Badge("Draft", "", icon="pencil"),
    "pending": Badge("Pending", "warn", icon="hourglass"),
    "accepted": Badge("Accepted", "ok", icon="circle-check"),
    "confirmed": Badge("Confirmed", "ok", icon="checks"),
    "rejected": Badge("Rejected", "bad", icon="x"),
    "canceled": Badge("Cancelled", "bad", icon="ban"),
    "withdrawn": Badge("Withdrawn", "", icon="arrow-back-up"),
}
MOVES = {  # what brings a session to a state
    "pending": "Back to pending",
    "accepted": "Accept",
    "confirmed": "Confirm",
    "rejected": "Reject",
    "canceled": "Cancel it",
    "withdrawn": "Withdraw",
}
CLASH = Badge("Clash", "bad", icon="alert-triangle")


def state_badge(session):
    return STATES[session.state]


def when(session):
    if not session.starts_at:
        return ""
    return f"{session.starts_at.astimezone(session.event.zone):%a %d %b, %H:%M}"


def names(rows):
    return ", ".join(row.name for row in rows)


def counted(count, one, many=""):
    return f"{count} {one if count == 1 else many or one + 's'}"


def stay(rows, one, without):
    """“3 sessions stay, without a room.”"""
    count = rows.count()
    if not count:
        return "Nothing else uses it."
    return f"{counted(count, one)} stay{'s' if count == 1 else ''}, {without}."


def live(rows):
    return rows.filter(deleted_at=None)


def loses_speaker(speaker):
    count = live(speaker.sessions).count()
    return f"They are taken off {counted(count, 'session')}." if count else "They speak in no session."


def with_sessions(rows):
    return rows.annotate(session_count=Count("sessions", filter=Q(sessions__deleted_at=None), distinct=True))


def swatch(track):
    """A patch of the colour, with words on it as visitors read them."""
    return format_html(
        '<svg class="swatch" viewBox="0 0 40 22" aria-hidden="true"><rect width="40" height="22" rx="5" fill="{}"/>'
        '<text x="20" y="15.5" text-anchor="middle" fill="{}">Aa</text></svg> {}',
        *(track.color, track.font_color, track.color),
    )


SESSIONS = SessionKind(
    key="sessions",
    model=Session,
    form=forms.SessionForm,
    one="session",
    many="Sessions",
    icon="microphone",
    lede="Talks, workshops and everything else that has a time. Accepted ones show on the public page.",
    columns=(
        Column("Speakers", lambda row: names(row.speakers.all())),
        Column("When", when, "num"),
        Column("Room", lambda row: row.room or ""),
        Column("Track", lambda row: row.live_track or ""),
        Column("State", state_badge),
        Column("", lambda row: CLASH if row.has_clash else ""),
    ),
    sought=("title", "speakers__name", "track__name", "microlocation__name"),
    order=(F("starts_at").asc(nulls_last=True), "title", "pk"),
    loses=lambda row: (
        "It goes from the public programme, and from the favourites of those who kept it. "
        f"{counted(live(row.speakers).count(), 'speaker')} stay."
    ),
    rows=lambda rows: (
        with_clashes(rows)
        .select_related("track", "microlocation", "event", "session_type")
        .prefetch_related(Prefetch("speakers", live(Speaker.objects).order_by("name")))
    ),
    right="sessions",
    edit_right="tracks",
    below="session-types",
)
SESSION_TYPES = Kind(
    key="session-types",
    model=SessionType,
    form=forms.SessionTypeForm,
    one="kind of session",
    many="Kinds of session",
    icon="category",
    lede="Talk, workshop, panel: each with its usual length.",
    columns=(
        Column("Length", lambda row: row.length, "num"),
        Column("Sessions", lambda row: row.session_count, "count num"),
    ),
    sought=("name",),
    order=("position", "pk"),
    loses=lambda row: stay(live(row.sessions), "session", "without a kind"),
    rows=with_sessions,
    section="manage-sessions",
    above="sessions",
)
TRACKS = Kind(
    key="tracks",
    model=Track,
    form=forms.TrackForm,
    one="track",
    many="Tracks",
    icon="route",
    lede="Threads through the programme, each with its colour.",
    columns=(
        Column("Colour", swatch, "num"),
        Column("Sessions", lambda row: row.session_count, "count num"),
    ),
    sought=("name", "description"),
    order=("position", "pk"),
    loses=lambda row: stay(live(row.sessions), "session", "without a track"),
    rows=with_sessions,
    right="tracks",
    edit_right="tracks",
)
SPEAKERS = Kind(
    key="speakers",
    model=Speaker,
    form=forms.SpeakerForm,
    one="speaker",
    many="Speakers",
    icon="user-star",
    lede="Who speaks. Visitors see a speaker once one of their sessions is accepted.",
    columns=(
        Column("Where from", lambda row: ", ".join(filter(None, (row.position, row.organisation)))),
        Column("E-mail", lambda row: row.email or ""),
        Column("Sessions", lambda row: row.session_count, "count num"),
    ),
    sought=("name", "email", "organisation", "position"),
    order=("order", "name", "pk"),
    loses=loses_speaker,
    rows=with_sessions,
)
ROOMS = Kind(
    key="rooms",
    model=Microlocation,
    form=forms.RoomForm,
    one="room",
    many="Rooms",
    icon="door",
    lede="Where sessions take place. With rooms, two sessions in one at the same time are noticed.",
    columns=(
        Column("Floor", lambda row: "" if row.floor is None else row.floor, "count num"),
        Column("Sessions", lambda row: row.session_count, "count num"),
    ),
    sought=("name", "room"),
    order=("position", "pk"),
    loses=lambda row: stay(live(row.sessions), "session", "without a room"),
    rows=with_sessions,
)
SPONSORS = Kind(
    key="sponsors",
    model=Sponsor,
    form=forms.SponsorForm,
    one="sponsor",
    many="Sponsors",
    icon="heart-handshake",
    lede="Sponsors show with logo and link on the public page, sorted by level.",
    columns=(
        Column("Kind", lambda row: row.type or ""),
        Column("Level", lambda row: "" if row.level is None else row.level, "count num"),
    ),
    sought=("name", "type"),
    order=(F("level").asc(nulls_last=True), "pk"),
)
FAQS = Kind(
    key="faqs",
    model=Faq,
    form=forms.FaqForm,
    one="question",
    many="Questions",
    icon="help-circle",
    lede="What visitors ask again and again, answered on the public page.",
    columns=(Column("Group", lambda row: row.faq_type or ""),),
    sought=("question", "answer", "faq_type__name"),
    order=(F("faq_type").asc(nulls_first=True), "pk"),
    rows=lambda rows: rows.select_related("faq_type"),
    below="faq-types",
)
FAQ_TYPES = Kind(
    key="faq-types",
    model=FaqType,
    form=forms.FaqTypeForm,
    one="group of questions",
    many="Groups of questions",
    icon="folders",
    lede="Such as Getting there, or Tickets: questions are shown under the name of their group.",
    columns=(Column("Questions", lambda row: row.question_count, "count num"),),
    sought=("name",),
    order=("pk",),
    loses=lambda row: f"{stay(live(row.faqs), 'question', 'without a group')} This cannot be undone.",
    rows=lambda rows: rows.annotate(question_count=Count("faqs", filter=Q(faqs__deleted_at=None))),
    section="manage-faqs",
    above="faqs",
)
LINKS = Kind(
    key="links",
    model=SocialLink,
    form=forms.LinkForm,
    one="link",
    many="Links",
    icon="link",
    lede="Where the event is elsewhere on the web.",
    columns=(Column("Address", lambda row: row.link),),
    sought=("name", "link"),
    order=("pk",),
)
KINDS = {
    kind.key: kind for kind in (SESSIONS, SESSION_TYPES, TRACKS, SPEAKERS, ROOMS, SPONSORS, FAQS, FAQ_TYPES, LINKS)
}
