"""When an event is over: its team and its speakers are thanked, and what nobody decided on is turned down."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.services.log import record
from events.models import Event, Session, Speaker
from events.rules import ORGANIZER, OWNER, SHOWN
from events.services.team import addresses_at
from notifications.models import Mail
from notifications.services.mail import send_mail
from openevent.core.atomic import atomic

LATELY = timedelta(days=3)  # a server that was away for a night still thanks
TO_TEAM, TO_SPEAKERS = "after-event", "after-event-speaker"


def close_events(now: datetime | None = None) -> int:
    """Do it for every event that ended lately, once however often this is called; how many there were."""
    now = now or timezone.now()
    over = Event.objects.filter(state="published", deleted_at=None, ends_at__gt=now - LATELY, ends_at__lte=now)
    closed = 0
    for event in over.order_by("pk"):
        with atomic():
            Event.objects.select_for_update().get(pk=event.pk)
            if not Mail.objects.about(event).filter(kind__in=(TO_TEAM, TO_SPEAKERS)).exists():
                _thank(event)
                _turn_down(event)
                closed += 1
    return closed


def _thank(event):
    context = {"event_name": event.name, "button_text": "See the event"}
    page, desk = (settings.BASE_URL + reverse(name, args=[event.identifier]) for name in ("event", "manage"))
    for address in addresses_at(event.pk, OWNER, ORGANIZER):
        send_mail(TO_TEAM, to=address, context={**context, "button_url": desk}, about=event)
    spoke = Speaker.objects.filter(event=event, deleted_at=None, is_email_overridden=False).exclude(email="")
    spoke = spoke.filter(sessions__state__in=SHOWN, sessions__deleted_at=None).exclude(email=None)
    for address in dict.fromkeys(spoke.order_by("pk").values_list("email", flat=True)):
        send_mail(TO_SPEAKERS, to=address, context={**context, "button_url": page}, about=event)


def _turn_down(event):
    """Nobody is mailed of it: that an event is over says it."""
    waiting = Session.objects.filter(event=event, state="pending", deleted_at=None)
    if count := waiting.update_at(event.pk, state="rejected"):
        record("sessions.rejected", by="server", about=event, event_id=event.pk, count=count)
