"""Making an event: whoever makes it owns it."""

from accounts.services.log import record
from events.models import Event, Role, UsersEventsRoles
from events.rules import OWNER, runs_the_group
from events.services.email_notifications import begin_with_all
from events.services.questions import ask_names
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused


def create_event(*, by, **attributes):
    check_runs(attributes.get("group"), by=by)
    with atomic():
        event = Event.objects.create(**attributes)
        give_role(event, OWNER, to=by)
        ask_names(event)
        record("event.created", by=by, about=event, event_id=event.pk)
    return event


def give_role(event, role, *, to):
    """Without questions: whoever calls has asked the rule."""
    row, is_new = UsersEventsRoles.objects.get_or_create(event=event, user=to, role=Role.objects.get(name=role))
    if is_new:
        begin_with_all(to, event)
    forget_roles(to)
    return row


def check_runs(group, *, by):
    """403 for a group that is not one's own to bring events into."""
    if group is not None and not runs_the_group(by, group):
        pointer = "/data/relationships/group"
        raise Refused("not-your-group", "Only who runs a group brings events into it.", status=403, pointer=pointer)


def forget_roles(user):
    """A user who is at hand reads their roles anew."""
    vars(user).pop("roles_by_event", None)
