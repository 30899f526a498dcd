"""Inviting somebody to speak at a session too: mailed to an address, taken by the account that has proven it."""

from django.conf import settings

from accounts.services.log import record
from events.models import Speaker, SpeakerInvite
from events.models.speaker_invite import ACCEPTED, PENDING, REJECTED
from notifications.services.mail import send_mail
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused


def invite_speaker(session, email: str, *, by) -> SpeakerInvite:
    """Offer it and mail where to answer. The caller has asked the rule; 403 for who speaks there already."""
    with atomic():
        if session.speakers.filter(email=email, deleted_at=None).exists():
            detail = f"{email} speaks at this session already."
            raise Refused("speaks-already", detail, status=403, pointer="/data/attributes/email")
        offer = SpeakerInvite.objects.create(session=session, event=session.event, email=email, invited_by=by)
        record("speaker.offered", by=by, about=session, event_id=session.event_id, invite=offer.pk)
        _mail(offer, by=by)
    return offer


def withdraw_speaker_invite(offer: SpeakerInvite, *, by) -> None:
    """Take the offer back; 409 once it was accepted."""
    with atomic():
        offer = _locked(offer)
        if offer.status == ACCEPTED:
            raise Refused("invite-accepted", "This invitation was accepted.", status=409)
        record("speaker.offer-withdrawn", by=by, about=offer.session, event_id=offer.event_id, invite=offer.pk)
        offer.delete()


def accept_speaker_invite(offer: SpeakerInvite, *, by) -> Speaker:
    """Speak there too, with one's profile at the event: 404 as long as there is none."""
    with atomic():
        offer = _locked(offer)
        _check_open(offer, by)
        speaker = Speaker.objects.filter(event=offer.event_id, email=by.email, deleted_at=None).first()
        if speaker is None:
            detail = "Make a speaker's profile at this event first, then accept."
            raise Refused("no-speaker-profile", detail, status=404)
        if offer.invited_by is None or not offer.policy["add"](offer.invited_by, offer):
            detail = "Whoever sent this invitation can no longer do so. Ask for a new one."
            raise Refused("invite-stale", detail, status=410)
        offer.session.speakers.add(speaker)
        _answer(offer, ACCEPTED, by=by)
    return speaker


def reject_speaker_invite(offer: SpeakerInvite, *, by) -> None:
    """No, thank you."""
    with atomic():
        offer = _locked(offer)
        _check_open(offer, by)
        _answer(offer, REJECTED, by=by)


def _locked(offer):
    found = SpeakerInvite.objects.select_for_update(of=("self",)).filter(pk=offer.pk)
    return found.select_related("session__event", "event", "invited_by").get()


def _check_open(offer, by):
    """403 for everybody but the account whose proven address was invited, 409 for what was answered."""
    if not (by.is_verified and by.email == offer.email):
        raise Refused("not-your-invite", "This invitation is for another address.", status=403)
    if offer.status != PENDING:
        raise Refused("invite-answered", "This invitation has been answered already.", status=409)


def _answer(offer, status, *, by):
    offer.status = status
    offer.save(update_fields=["status"])
    record(f"speaker.{status}", by=by, about=offer.session, event_id=offer.event_id, invite=offer.pk)


def _mail(offer, *, by):
    context = {
        "event_name": offer.event.name,
        "session_title": offer.session.title,
        "inviter": by.name,
        "button_url": f"{settings.BASE_URL}/e/{offer.event.identifier}",
        "button_text": "See the event",
    }
    send_mail("speaker-invite", to=offer.email, context=context, about=offer, by=by)
