"""What speakers are told of their sessions, in the words of the house or of the team; and who is told of new ones."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.models import Setting
from accounts.services.log import record
from events.models import Session
from events.rules import ORGANIZER, OWNER, coorganizes
from events.services.email_notifications import willing
from events.services.team import addresses_at
from notifications.services.mail import send_mail
from notifications.services.notify import notify_all
from openevent.core.atomic import atomic
from openevent.core.limits import limit
from openevent.core.refusals import Refused

RECIPIENT = "Speaker"
STATE_MAILS = {  # {state: {subject, message}}; the names in braces are the only ones that are filled in
    "pending": {
        "subject": "Your speaker submission for {event_name} titled {session_name}",
        "message": "Hello,\n\nThis is an automatic message from {app_name}.\n\nWe have received your submission "
        "{session_name} for {event_name}.\n\nYour proposal will be reviewed by the event organizers and review team. "
        "The current status of your session is now “{session_state}”. You can also check the status and details of "
        "your submission on the session page: {session_cfs_link}",
    },
    "accepted": {
        "subject": "Accepted! Congratulations, your submission for {event_name} titled {session_name} is accepted",
        "message": "Hello,\n\nThis is an automatic message from {app_name}.\n\nYour session {session_name} at "
        "{event_name} has the status “{session_state}” now. Congratulations!\n\nYour proposal will be scheduled by "
        "the event organizers and review team. Please (re)confirm your participation if necessary. You can also "
        "check the status and details of your submission on the session page: {session_cfs_link}",
    },
    "confirmed": {
        "subject": "Confirmed! Congratulations, your submission for {event_name} titled {session_name} is confirmed",
        "message": "Hello,\n\nThis is an automatic message from {app_name}.\n\nYour session {session_name} at "
        "{event_name} has the status “{session_state}” now. Congratulations!\n\nYour proposal will be scheduled by "
        "the event organizers and review team. Please inform the event organizers in case there are any changes to "
        "your participation. Your session: {session_cfs_link}",
    },
    "rejected": {
        "subject": "Not accepted: your submission for {event_name} titled {session_name}",
        "message": "Hello,\n\nThis is an automatic message from {app_name}.\n\nUnfortunately your submission "
        "{session_name} was not accepted. Your session has the status “{session_state}” now.\n\nThe status and "
        "details are also visible on the session page: {session_cfs_link}",
    },
    "canceled": {
        "subject": "Canceled! Your submission for {event_name} titled {session_name} has been canceled",
        "message": "Hello,\n\nThis is an automatic message from {app_name}.\n\nYour session {session_name} at "
        "{event_name} has been canceled. The status of your session is “{session_state}” now.\n\nThe status change "
        "is also visible on the session page: {session_cfs_link}",
    },
    "withdrawn": {
        "subject": "Withdrawn! Your submission for {event_name} titled {session_name} has been withdrawn",
        "message": "Hello,\n\nThis is an automatic message from {app_name}.\n\nYour session {session_name} at "
        "{event_name} has been withdrawn. The status of your session is “{session_state}” now.\n\nThe status change "
        "is also visible on the session page: {session_cfs_link}",
    },
}
LONGEST_SUBJECT, LONGEST_MESSAGE, MOST_COPIES = 250, 5000, 20
A_NAME = re.compile(r"\{([a-z_]+)\}")


def tell_new_state(session: Session, *, by) -> int:
    """Mail what has become of a session, if there are words for its state. How many mails."""
    words = STATE_MAILS.get(session.state)
    return _tell(session, words["subject"], words["message"], by=by) if words else 0


def notify_speakers(session: Session, *, subject="", message="", bcc=(), by) -> int:
    """Tell a session's speakers how it stands, in the house's words; in other words, or with copies, only the team."""
    if (subject or message or bcc) and not coorganizes(by, session):
        raise Refused("words-of-the-team", "Only the event's team writes in its own words.", status=403)
    words = STATE_MAILS.get(session.state, {})
    subject, message = subject or words.get("subject", ""), message or words.get("message", "")
    if not (subject and message):
        detail = f"There is no mail for a session that is {session.state}. Write a subject and a message."
        raise Refused("no-words", detail, pointer="/message")
    _check_words(subject, message)
    limit("session-notify", (by.pk, session.pk), "10/h")
    return _tell(session, subject, message, bcc=_addresses(bcc), by=by)


def _check_words(subject, message):
    if len(subject) > LONGEST_SUBJECT:
        raise Refused("too-long", f"A subject has {LONGEST_SUBJECT} characters at most.", pointer="/subject")
    if any(letter in subject for letter in "\r\n\x00"):
        raise Refused("one-line", "A subject is one line.", pointer="/subject")
    if len(message) > LONGEST_MESSAGE:
        raise Refused("too-long", f"A message has {LONGEST_MESSAGE} characters at most.", pointer="/message")


def _addresses(bcc):
    if not isinstance(bcc, list | tuple) or len(bcc) > MOST_COPIES:
        raise Refused("bad-copies", f"Copies go to a list of {MOST_COPIES} addresses at most.", pointer="/bcc")
    for place, address in enumerate(bcc):
        try:
            validate_email(address if isinstance(address, str) else None)
        except ValidationError:
            raise Refused("bad-address", "This is not an e-mail address.", pointer=f"/bcc/{place}") from None
    return bcc


def _tell(session, subject, message, *, bcc=(), by):
    """A mail to each speaker with an address of their own, and a copy to each of the team and of the others."""
    speakers = list(session.speakers.filter(deleted_at=None).select_related("user"))
    told = [speaker.email for speaker in speakers if speaker.email and not speaker.is_email_overridden]
    copied = [*addresses_at(session.event_id), *bcc]
    values = placeholders(session)
    context = {"line": fill(subject, values), "message": fill(message, values)}
    with atomic():
        everybody = willing([*told, *copied], event_id=session.event_id, to="session_accept_reject")
        for address in everybody:
            send_mail("session-state-change", to=address, context=context, about=session, by=by)
        notify_all(
            {speaker.user for speaker in speakers if speaker.user},
            "session_state_change",
            title=context["line"],
            about=session,
            event_id=session.event_id,
        )
        session.is_mail_sent = True
        Session.objects.filter(pk=session.pk).update_at(session.event_id, is_mail_sent=True)
        record("session.mailed", by=by, about=session, event_id=session.event_id, state=session.state)
    return len(everybody)


def placeholders(session) -> dict[str, str]:
    event, site = session.event, Setting.current()
    frontend = (site.frontend_url or settings.BASE_URL).rstrip("/")
    event_link = f"{frontend}/e/{event.identifier}"
    return {
        "event_name": event.name,
        "session_name": session.title,
        "session_state": session.state,
        "session_link": f"{event_link}/session/{session.pk}",
        "session_cfs_link": f"{event_link}/cfs/view/{session.pk}",
        "event_link": event_link,
        "app_name": site.app_name or "openevent",
        "frontend_link": frontend,
    }


def fill(text, values) -> str:
    """The text with its placeholders filled in, once: what stands in a name is never read as one. Others stay."""
    return A_NAME.sub(lambda found: values.get(found[1], found[0]), text)


def tell_of_submission(session: Session, *, by) -> None:
    """The owner by mail, owner and organizers behind their bells: unless they made the session themselves."""
    if coorganizes(by, session):
        return
    roles = session.event.roles.filter(role__name__in=(OWNER, ORGANIZER)).select_related("user", "role")
    team = [held for held in roles.order_by("pk") if held.user.is_active]
    values = placeholders(session)
    context = {
        "event_name": session.event.name,
        "session_title": session.title,
        "submitter": by.name,
        "button_url": values["session_link"],
        "button_text": "See the session",
    }
    owners = [held.user.email for held in team if held.role.name == OWNER]
    for address in willing(owners, event_id=session.event_id, to="new_paper"):
        send_mail("new-session", to=address, context=context, about=session, by=by)
    notify_all(
        {held.user for held in team},
        "new_session",
        title=f"New session proposal for {session.event.name}: {session.title}",
        about=session,
        event_id=session.event_id,
    )
