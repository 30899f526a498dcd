"""Groups: who runs their events, who is asked to, who follows, and what followers are told."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.tests.people import make_person
from events.models import Event, Role, UserFollowGroup, UsersGroupsRoles
from events.rules import events_where, organizes, owns_the_event, roles_of
from events.services.change_event import change_event
from events.services.create_event import create_event, forget_roles
from events.services.group_news import announce_event, write_to_organizers
from events.services.group_roles import (
    accept_group_invite,
    invite_to_group,
    remove_group_role,
    resend_group_invite,
)
from events.services.groups import create_group, delete_group, follow, place_events, unfollow
from events.tests.factories import give_role, in_days, make_event
from notifications.models import Job, Mail
from notifications.services.working import work_on
from openevent.core.refusals import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(ada, cora):
    return make_event(owner=ada, coorganizer=cora)


@pytest.fixture
def group(ada, event):
    return create_group(by=ada, name="Harbour friends", events=[event])


def organizer():
    return Role.objects.get(name="organizer")


def token_for(email):
    """As it stands in the newest mail to this address."""
    mail = Mail.objects.filter(recipient=email, kind="group-role").first()
    return re.search(r"/group-invites/(\S+)", mail.text).group(1)


def organizes_along(group, person):
    invite_to_group(group, person.email, organizer(), by=group.user)
    return accept_group_invite(token_for(person.email), by=person)


def refusal_of(call, *args, **options):
    with pytest.raises(Refused) as refused:
        call(*args, **options)
    return refused.value.status, refused.value.code


# ── Rights ───────────────────────────────────────────────────────────────────────────────────────


def test_an_organizer_of_a_group_is_one_of_each_of_its_events(event, group, bob):
    assert roles_of(bob) == {}
    organizes_along(group, bob)
    later = make_event(name="Later", group=group)
    forget_roles(bob)
    assert roles_of(bob) == {event.pk: {"organizer"}, later.pk: {"organizer"}}
    assert organizes(bob, event)
    assert not owns_the_event(bob, event)


def test_the_owner_of_a_group_organizes_events_that_others_own(group, ada, cora):
    other = make_event(owner=cora, name="Cora's", group=group)
    forget_roles(ada)
    assert roles_of(ada)[other.pk] == {"organizer"}


def test_an_invitation_alone_gives_nothing(group, bob):
    invite_to_group(group, bob.email, organizer(), by=group.user)
    assert roles_of(bob) == {}


def test_roles_at_events_and_in_groups_are_one_query(event, group, bob):
    organizes_along(group, bob)
    give_role(bob, event, "registrar")
    bob = User.objects.get(pk=bob.pk)
    with CaptureQueriesContext(connection) as queries:
        assert roles_of(bob) == {event.pk: {"organizer", "registrar"}}
        assert events_where(bob) == [event.pk]
    assert len(queries) == 1


def test_rights_end_with_the_role_with_the_group_and_with_the_event_in_it(event, group, ada, bob):
    held = organizes_along(group, bob)
    for end in (
        lambda: change_event(event, by=ada, group=None),
        lambda: delete_group(group, by=ada),
        lambda: remove_group_role(held, by=ada),
    ):
        Event.objects.filter(pk=event.pk).update(group=group)
        event.refresh_from_db()
        forget_roles(bob)
        assert organizes(bob, event)
        end()
        forget_roles(bob)
        assert roles_of(bob) == {}
        group.deleted_at = None
        group.save()


# ── Which events are in it ───────────────────────────────────────────────────────────────────────


def test_nobody_gets_above_their_rank_by_a_group_of_their_own(event, cora, bob):
    """Cora co-organizes: in a group of hers the event would make her its organizer."""
    hers = create_group(by=cora, name="Cora's")
    assert refusal_of(change_event, event, by=cora, group=hers) == (403, "not-the-owner")
    assert refusal_of(place_events, hers, [event], by=cora) == (403, "not-the-owner")
    assert refusal_of(create_group, by=cora, name="Another", events=[event]) == (403, "not-the-owner")


def test_an_event_comes_into_a_group_by_somebody_who_runs_it(group, eve, bob):
    hers = make_event(owner=eve, name="Eve's")
    assert refusal_of(change_event, hers, by=eve, group=group) == (403, "not-your-group")
    assert refusal_of(create_event, by=eve, name="New", group=group, **dates()) == (403, "not-your-group")
    organizes_along(group, eve)
    change_event(hers, by=eve, group=group)
    assert create_event(by=eve, name="New", group=group, **dates()).group == group


def dates():
    return {"starts_at": in_days(5), "ends_at": in_days(6)}


def test_its_owner_or_the_groups_takes_an_event_out_again(event, group, ada, bob, eve):
    organizes_along(group, bob)
    hers = make_event(owner=eve, name="Eve's", group=group)
    assert refusal_of(place_events, group, [event], by=bob) == (403, "not-the-owner")
    place_events(group, [event], by=ada)
    hers.refresh_from_db()
    assert hers.group is None
    change_event(event, by=ada, group=None)
    assert not group.events.exists()


def test_an_event_in_another_group_can_be_announced_again(event, group, ada):
    Event.objects.filter(pk=event.pk).update(is_announced=True)
    event.refresh_from_db()
    change_event(event, by=ada, group=create_group(by=ada, name="Another"))
    event.refresh_from_db()
    assert not event.is_announced


# ── Invitations ──────────────────────────────────────────────────────────────────────────────────


def test_only_the_token_in_the_mail_and_only_its_address_opens_an_invitation(group, bob, eve):
    offer = invite_to_group(group, bob.email, organizer(), by=group.user)
    token = token_for(bob.email)
    assert token not in str(UsersGroupsRoles.objects.filter(pk=offer.pk).values().get())
    assert refusal_of(accept_group_invite, "guess", by=bob) == (404, "no-such-invite")
    assert refusal_of(accept_group_invite, token, by=eve) == (403, "not-your-invite")
    bob.is_verified = False
    assert refusal_of(accept_group_invite, token, by=bob) == (403, "address-not-proven")
    bob.is_verified = True
    accept_group_invite(token, by=bob)
    assert refusal_of(accept_group_invite, token, by=bob) == (409, "invite-answered")


def test_an_invitation_ends_after_seven_days_and_with_the_owner_who_made_it(group, bob):
    offer = invite_to_group(group, bob.email, organizer(), by=group.user)
    UsersGroupsRoles.objects.filter(pk=offer.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert refusal_of(accept_group_invite, token_for(bob.email), by=bob) == (410, "invite-expired")
    resend_group_invite(offer, by=group.user)
    User.objects.filter(pk=group.user_id).update(is_blocked=True)
    assert refusal_of(accept_group_invite, token_for(bob.email), by=bob) == (410, "invite-stale")


def test_asking_again_ends_the_link_before(group, bob):
    offer = invite_to_group(group, bob.email, organizer(), by=group.user)
    old = token_for(bob.email)
    resend_group_invite(offer, by=group.user)
    assert refusal_of(accept_group_invite, old, by=bob) == (404, "no-such-invite")
    accept_group_invite(token_for(bob.email), by=bob)
    assert refusal_of(resend_group_invite, offer, by=group.user) == (409, "invite-answered")


def test_a_group_has_organizers_and_keeps_its_owner(group, bob):
    moderator = Role.objects.get(name="moderator")
    assert refusal_of(invite_to_group, group, bob.email, moderator, by=group.user) == (403, "role-not-offered")
    held = group.roles.get(role__name="owner")
    assert refusal_of(remove_group_role, held, by=group.user) == (403, "owner-stays")


# ── Followers ────────────────────────────────────────────────────────────────────────────────────


def test_followers_are_counted(group, bob, eve):
    followed = follow(group, by=bob)
    follow(group, by=eve)
    unfollow(followed)
    group.refresh_from_db()
    assert (group.follower_count, UserFollowGroup.objects.get().user) == (1, eve)


def test_an_event_is_announced_once_to_followers_with_a_proven_address(event, group, ada, bob, eve):
    doubtful = make_person("dora", is_verified=False)
    for person in (bob, eve, doubtful):
        follow(group, by=person)
    announce_event(group, event, by=ada)
    work_on(str(Job.objects.get().pk))
    told = Mail.objects.filter(kind="announce-event")
    assert sorted(told.values_list("recipient", flat=True)) == sorted([bob.email, eve.email])
    assert {mail.asked_by for mail in told} == {ada}
    assert "2 followers of Harbour friends" in Job.objects.get().message
    assert refusal_of(announce_event, group, event, by=ada) == (403, "announced")


def test_the_mails_of_an_announcement_count_towards_what_its_sender_may_send(event, group, ada, bob, eve, settings):
    settings.MAILS_A_DAY = settings.MAILS_A_DAY_OF_NEW_ACCOUNTS = 1
    for person in (bob, eve):
        follow(group, by=person)
    announce_event(group, event, by=ada)
    work_on(str(Job.objects.get().pk))
    assert sorted(Mail.objects.filter(kind="announce-event").values_list("status", flat=True)) == ["blocked", "queued"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": "draft"}, "not-published"),
        ({"starts_at": in_days(-3), "ends_at": in_days(-2)}, "over"),
        ({"group": None}, "not-in-the-group"),
    ],
    ids=["a draft", "over", "elsewhere"],
)
def test_what_is_not_to_be_announced(event, group, ada, change, code):
    Event.objects.filter(pk=event.pk).update(**change)
    assert refusal_of(announce_event, group, event, by=ada) == (403, code)
    assert not Job.objects.exists()


def test_a_message_goes_to_all_who_run_the_group_and_comes_back_to_its_sender(group, ada, bob, eve):
    organizes_along(group, bob)
    write_to_organizers(group, "When is the next one? {{ 7|add:7 }}", by=eve)
    mails = Mail.objects.filter(kind="contact-group").order_by("recipient")
    assert sorted((mail.recipient, mail.reply_to) for mail in mails) == sorted(
        [(ada.email, eve.email), (bob.email, eve.email), (eve.email, "")]
    )
    assert all("{{ 7|add:7 }}" in mail.text and mail.asked_by == eve for mail in mails)


@pytest.mark.parametrize("message", [None, "", "  ", 7, ["x"], "x" * 5001, "a\x00b"], ids=repr)
def test_a_message_is_a_text(group, eve, message):
    assert refusal_of(write_to_organizers, group, message, by=eve) == (422, "no-message")


def test_an_address_that_is_not_proven_writes_to_nobody(group, eve):
    eve.is_verified = False
    assert refusal_of(write_to_organizers, group, "Hello", by=eve) == (403, "address-not-proven")
