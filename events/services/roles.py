"""Who has which role at an event: changing it, taking it away, leaving, and handing the event over."""

from accounts.models import User
from accounts.services.log import record
from events.models import Event, Role, RoleInvite, UsersEventsRoles
from events.rules import (
    COORGANIZER,
    MODERATOR,
    ORGANIZER,
    OWNER,
    REGISTRAR,
    TRACK_ORGANIZER,
    owns_the_event,
    reaches,
)
from events.services.create_event import forget_roles, give_role
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused

OFFERED = (ORGANIZER, COORGANIZER, TRACK_ORGANIZER, MODERATOR, REGISTRAR)
MEANING = {  # what people are told that a role lets them do
    OWNER: "Everything, also to delete the event or to hand it over.",
    ORGANIZER: "Runs the event with everything in it, and invites others. Cannot delete it or hand it over.",
    COORGANIZER: "Runs the event as an organizer does, but invites no organizers and changes no locked sessions.",
    TRACK_ORGANIZER: "Keeps the tracks and the sessions in them.",
    MODERATOR: "Reads the sessions that are proposed, and decides on them.",
    REGISTRAR: "Works at the door: finds attendees and checks them in.",
}
POINTER = "/data/relationships/role"


def roles_to_give(user, event):
    """The names of the roles that this user may offer and take away, the highest first."""
    return [name for name in OFFERED if reaches(user, event, name)]


def change_role(row: UsersEventsRoles, role: Role, *, by) -> UsersEventsRoles:
    """Another role for the same person. Neither the old nor the new one may be above the rank of who does it."""
    with atomic():
        event = lock_team(row.event_id, by)
        row.refresh_from_db()
        if row.role_id == role.pk:
            return row
        if row.role.name == OWNER:
            raise _owner_stays()
        check_may_give(role.name, event=event, by=by)
        _check_rank(row.role.name, event=event, by=by)
        if event.roles.filter(user=row.user, role=role).exists():
            raise Refused("has-this-role", f"{row.user.name} is {role} already.", status=409, pointer=POINTER)
        before, row.role = row.role.name, role
        row.save(update_fields=["role"])
        _has_lost(row.user, before, event)
        record("role.changed", by=by, about=event, event_id=event.pk, user=row.user_id, role=role.name, before=before)
    return row


def remove_role(row: UsersEventsRoles, *, by) -> None:
    """From the next request on this person no longer has the role; one's own, one may always give up.

    An event keeps an owner: the last one hands it over first.
    """
    with atomic():
        event = lock_team(row.event_id, by)
        row = event.roles.select_related("role", "user").filter(pk=row.pk).first()
        if row is None:
            return
        is_own = row.user_id == by.pk
        if row.role.name == OWNER and not event.roles.filter(role__name=OWNER).exclude(pk=row.pk).exists():
            raise _owner_stays()
        if not is_own:
            _check_rank(row.role.name, event=event, by=by)
        row.delete()
        _has_lost(row.user, row.role.name, event)
        forget_roles(by)
        action = "role.left" if is_own else "role.removed"
        record(action, by=by, about=event, event_id=event.pk, user=row.user_id, role=row.role.name)


def hand_over(event: Event, *, to: User, by) -> None:
    """An organizer becomes the owner, and who owned the event stays as an organizer."""
    with atomic():
        event = lock_team(event.pk, by)
        if not owns_the_event(by, event):
            raise Refused("not-the-owner", "Only its owner hands an event over.", status=403)
        if not to.is_active or not event.roles.filter(user=to, role__name=ORGANIZER).exists():
            raise Refused("no-organizer", "An event is handed over to one of its organizers.")
        pass_on(event, to=to)
        forget_roles(by)
        record("event.handed-over", by=by, about=event, event_id=event.pk, user=to.pk)


def pass_on(event: Event, *, to: User) -> None:
    """Somebody else owns the event; who did stays as an organizer. Whoever calls has asked the rule."""
    owners = list(User.objects.filter(events_roles__event=event, events_roles__role__name=OWNER))
    for held in event.roles.filter(role__name=OWNER):
        held.delete()
    for held in event.roles.filter(user=to, role__name=ORGANIZER):
        held.delete()
    for owner in owners:
        if owner != to:
            give_role(event, ORGANIZER, to=owner)
            _has_lost(owner, OWNER, event)
    give_role(event, OWNER, to=to)


def check_may_give(role, *, event, by):
    """403 for a role above one's own rank, and for the owner's: that one is handed over."""
    _check_rank(role, event=event, by=by)
    if role == OWNER:
        raise Refused("one-owner", "An event has one owner, who hands it over.", status=403, pointer=POINTER)
    if role not in OFFERED:
        raise Refused("role-not-offered", "Nobody is invited to this role.", pointer=POINTER)


def _check_rank(role, *, event, by):
    if not reaches(by, event, role):
        raise Refused("above-your-rank", "This role is above your own.", status=403, pointer=POINTER)


def lock_team(event_id, by):
    """The event, so that its team changes one step at a time; what `by` may do is read anew behind the lock."""
    event = Event.objects.select_for_update(no_key=True).get(pk=event_id)
    forget_roles(by)
    return event


def _has_lost(user, role, event):
    """The offer that it came from goes too, so that another can be made."""
    RoleInvite.objects.filter(event=event, email=user.email, role__name=role).delete()
    forget_roles(user)


def _owner_stays():
    return Refused("owner-stays", "The owner hands the event over; the role is not removed.", status=403)
