"""What a group tells people: its followers of an event, and those who run it what somebody asks."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services.log import record
from events.models import Event, Group
from events.models.event import PUBLISHED
from notifications.services.jobs import progress, start_job
from notifications.services.mail import send_mail, send_to_all
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused

ANNOUNCING = "announce-event"
LONGEST_MESSAGE = 5000
AT_ONCE = 500  # mails written down together


def announce_event(group: Group, event: Event, *, by) -> None:
    """Mail the followers of the group, once for each event: the worker does it, and what came of it is told then."""
    with atomic():
        event = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
        if event.group_id != group.pk:
            raise _refuse("not-in-the-group", "This event is not in the group.")
        if event.is_announced:
            raise _refuse("announced", "This event has been announced already.")
        if event.state != PUBLISHED:
            raise _refuse("not-published", "Publish the event before you announce it.")
        if event.ends_at <= timezone.now():
            raise _refuse("over", "This event is over.")
        event.is_announced = True
        event.save(update_fields=["is_announced"])
        record("event.announced", by=by, about=event, event_id=event.pk, group=group.pk)
        start_job(ANNOUNCING, by=by, title=f"Announcing {event.name}", event_id=event.pk, group=group.pk)


def mail_followers(job, *, group: int) -> str:
    """The job: a mail to each follower with a proven address, as far as what the asker may send in a day goes."""
    event, group = Event.objects.get(pk=job.event_id), Group.objects.get(pk=group)
    people = User.objects.filter(followed_groups__group=group, is_verified=True, is_blocked=False, deleted_at=None)
    people = list(people.order_by("pk").values_list("email", flat=True))
    context = {
        "event": event,
        "group_name": group.name,
        "button_url": settings.BASE_URL + reverse("event", args=[event.identifier]),
        "button_text": "See the event",
    }
    for first in range(0, len(people), AT_ONCE):
        some = people[first : first + AT_ONCE]
        send_to_all("announce-event", to=some, context=context, about=event, by=job.user)
        progress(job, first + len(some), len(people))
    return f"{len(people)} follower{'' if len(people) == 1 else 's'} of {group.name} will hear of {event.name}."


def write_to_organizers(group: Group, message: str, *, by) -> None:
    """A message to those who run the group, who answer by mail; its sender gets a copy."""
    if not by.is_verified:  # the copy would go to an address that may be somebody else's
        raise Refused("address-not-proven", "Verify your e-mail address first, then write.", status=403)
    if not isinstance(message, str) or not message.strip() or len(message) > LONGEST_MESSAGE or "\x00" in message:
        raise Refused("no-message", f"Write a message of up to {LONGEST_MESSAGE} letters.", pointer="/email")
    organizers = User.objects.filter(groups_roles__group=group, groups_roles__accepted=True)
    addresses = {group.user.email, *organizers.values_list("email", flat=True)} - {by.email}
    context = {"group_name": group.name, "sender": by.name, "message": message.strip()}
    for address in sorted(addresses):
        send_mail("contact-group", to=address, context=context, about=group, reply_to=by.email, by=by)
    send_mail("contact-group", to=by.email, context={**context, "is_copy": True}, about=group, by=by)


def _refuse(code, detail):
    return Refused(code, detail, status=403)
