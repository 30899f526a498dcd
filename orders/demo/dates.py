"""Keeping the demo on sale: once its conference is over, everything moves ahead by whole weeks."""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from events.models import Event, Session, SpeakersCall
from orders.demo import content
from orders.demo.conference import first_day
from orders.models import AccessCode, DiscountCode, Ticket

OURS = [facts["identifier"] for facts in (content.CONFERENCE, content.CONCERT, content.FORUM, content.LONGEST)]
DATES = (
    (Session, ("starts_at", "ends_at")),
    (SpeakersCall, ("ends_at",)),
    (Ticket, ("sales_ends_at",)),
    (DiscountCode, ("valid_till",)),
    (AccessCode, ("valid_till",)),
)


def keep_on_sale():
    """A demo that was started months ago still sells tickets today."""
    conference = Event.objects.filter(identifier=content.CONFERENCE["identifier"]).first()
    if conference is None or conference.ends_at > timezone.now():
        return
    ahead = first_day() - conference.starts_at.astimezone(conference.zone).date()
    weeks = timedelta(weeks=ahead.days // 7)
    for event in Event.objects.filter(identifier__in=OURS):
        Event.objects.filter(pk=event.pk).update_at(event.pk, **_later(("starts_at", "ends_at"), weeks))
        for model, columns in DATES:
            model.objects.filter(event=event).update_at(event.pk, **_later(columns, weeks))


def _later(columns, weeks):
    return {column: F(column) + weeks for column in columns}
