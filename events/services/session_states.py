"""The states of a session: who may move it from where to where, and who may say what of it."""

from django.utils import timezone

from events.models.programme import SESSION_STATES
from events.rules import coorganizes, created_it, is_a_speaker_of_it, moderates, organizes, organizes_tracks
from openevent.core.refusals import Refused

ORGANIZER = {
    "draft": (),
    "pending": ("withdrawn", "accepted", "rejected", "confirmed"),
    "accepted": ("pending", "withdrawn", "rejected", "confirmed", "canceled"),
    "confirmed": ("pending", "withdrawn", "accepted", "rejected", "canceled"),
    "rejected": ("pending", "withdrawn", "accepted", "confirmed"),
    "canceled": ("pending", "withdrawn", "accepted", "rejected", "confirmed"),
    "withdrawn": ("pending", "withdrawn", "accepted", "rejected", "canceled"),
}
SPEAKER = {
    "draft": ("pending",),
    **dict.fromkeys(("pending", "accepted", "confirmed", "rejected", "canceled"), ("withdrawn",)),
    "withdrawn": (),
}
TABLES = {"organizer": ORGANIZER, "speaker": SPEAKER}  # as clients ask for them
decides_on_it = organizes_tracks | moderates
submitted_it = created_it | is_a_speaker_of_it
writes_it = organizes_tracks | submitted_it  # its words; whoever moderates says only whether it comes
MAY_WRITE_TO_SPEAKERS = decides_on_it | submitted_it
LEFT_TO_THE_TEAM = ("microlocation", "is_locked", "is_mail_sent")


def first_state(session, wanted, *, by):
    """A submission begins as draft or pending; the team may begin anywhere."""
    if wanted in ("draft", "pending") or coorganizes(by, session):
        return wanted
    raise refused_state("New sessions begin as draft or pending.")


def change_state(session, values, *, by):
    """Check a new state among `values` against the tables, and stamp a submission."""
    wanted = values.get("state", session.state)
    if wanted == session.state:
        return
    if not any(wanted in table[session.state] for table in tables_for(session, by)):
        raise refused_state(f"A session that is {session.state} cannot become {wanted} by you.")
    if wanted == "pending" and session.submitted_at is None:
        values["submitted_at"] = timezone.now()


def moves(session, *, by):
    """The states that this person may bring the session to now, in the order of the table."""
    if session.is_locked and not organizes(by, session):
        return []
    reachable = {state for table in tables_for(session, by) for state in table[session.state]}
    return [state for state in SESSION_STATES if state in reachable - {session.state}]


def tables_for(session, user):
    if decides_on_it(user, session):
        yield ORGANIZER
    if submitted_it(user, session) and not is_over(session):
        yield SPEAKER


def is_over(session):
    """What has taken place is not withdrawn."""
    return session.ends_at is not None and session.ends_at <= timezone.now()


def refuse_locked(session, values, *, by):
    """A locked session is the organizers'; a moderator changes states and nothing else."""
    if session.is_locked and not organizes(by, session):
        raise Refused("session-locked", "This session is locked by the organizers.", status=403)
    if not writes_it(by, session):
        for name in [name for name in values if name != "state"]:
            values.pop(name)


def left_to_the_team(session, *, by):
    """Where it takes place is the organizers' choice: names that anybody else's form sends back are passed over."""
    return () if coorganizes(by, session) else LEFT_TO_THE_TEAM


def refuse_without_programme(event):
    if not event.is_sessions_speakers_enabled:
        raise Refused("no-programme", "This event takes no sessions.", status=403, pointer="/data/relationships/event")


def refused_state(detail):
    return Refused("wrong-state", detail, status=403, pointer="/data/attributes/state")
