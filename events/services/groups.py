"""Groups: making one, bringing events into it, and following it."""

from accounts.services.log import record
from events.models import Group, Role, UserFollowGroup, UsersGroupsRoles
from events.rules import OWNER
from events.services.change_event import change_event
from events.services.create_event import forget_roles
from openevent.core.atomic import atomic


def create_group(*, by, events=(), **attributes) -> Group:
    """Whoever makes a group owns it; events of their own may come along."""
    with atomic():
        group = Group.objects.create(user=by, **attributes)
        UsersGroupsRoles.objects.create(
            group=group, user=by, email=by.email, role=Role.objects.get(name=OWNER), accepted=True
        )
        record("group.created", by=by, about=group)
        place_events(group, events, by=by)
    return group


def place_events(group: Group, events, *, by) -> None:
    """These are the events of the group from now on; each that comes or goes asks the rule of its own."""
    with atomic():
        wanted, there = ({event.pk: event for event in some} for some in (events, group.events.all()))
        for event in (wanted[pk] for pk in wanted.keys() - there.keys()):
            change_event(event, by=by, group=group)
        for event in (there[pk] for pk in there.keys() - wanted.keys()):
            change_event(event, by=by, group=None)
        forget_roles(by)


def delete_group(group: Group, *, by) -> None:
    """Hide it. Its events stay with those who have a role there; staff can bring it back."""
    with atomic():
        group.hide()
        forget_roles(by)
        record("group.deleted", by=by, about=group)


def follow(group: Group, *, by) -> UserFollowGroup:
    with atomic():
        group = _lock(group)
        followed = UserFollowGroup.objects.create(group=group, user=by)
        _count_followers(group)
    return followed


def unfollow(followed: UserFollowGroup) -> None:
    with atomic():
        group = _lock(followed.group)
        followed.delete()
        _count_followers(group)


def _lock(group):
    return Group.objects.select_for_update(no_key=True).get(pk=group.pk)


def _count_followers(group):
    group.follower_count = group.followers.count()
    group.save(update_fields=["follower_count"])
