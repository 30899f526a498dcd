"""Roles that are offered by mail, taken, given up and handed over."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Activity
from accounts.tests.people import make_person
from events.models import Role, RoleInvite, UsersEventsRoles
from events.rules import roles_of
from events.services.invites import accept_invite, decline_invite, invite, resend_invite, withdraw_invite
from events.services.roles import change_role, hand_over, remove_role, roles_to_give
from events.tests.factories import give_role, make_event
from notifications.models import Mail, Notification
from openevent.core.refusals import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(ada, cora):
    return make_event(owner=ada, coorganizer=cora)


def role(name):
    return Role.objects.get(name=name)


def token_for(email):
    """As it stands in the newest mail to this address."""
    mail = Mail.objects.filter(recipient=email, kind="event-role").first()
    return re.search(r"/invites/(\S+)", mail.text).group(1)


def held_by(user, event):
    return {row.role.name for row in event.roles.filter(user=user)}


def status_of(call, *args, **options):
    with pytest.raises(Refused) as refused:
        call(*args, **options)
    return refused.value.status


# ── Offering ─────────────────────────────────────────────────────────────────────────────────────


def test_an_invited_person_takes_the_role(event, ada, bob):
    invite(event, "BOB@example.org", role("registrar"), by=ada)
    accept_invite(token_for(bob.email), by=bob)
    assert held_by(bob, event) == {"registrar"}
    assert [line.action for line in Activity.objects.filter(event_id=event.pk).order_by("pk")] == [
        "role.offered",
        "role.accepted",
    ]


def test_nobody_invites_above_their_own_rank(event, ada, cora):
    registrar = make_registrar(event)
    for who, name in ((cora, "owner"), (cora, "organizer"), (registrar, "registrar")):
        assert status_of(invite, event, "new@example.org", role(name), by=who) == 403
    assert not RoleInvite.objects.exists()
    assert roles_to_give(cora, event) == ["coorganizer", "track_organizer", "moderator", "registrar"]


def make_registrar(event):
    dora = make_person("dora")
    give_role(dora, event, "registrar")
    return dora


def test_an_invitation_is_kept_without_its_token(event, ada, bob):
    offer = invite(event, bob.email, role("registrar"), by=ada)
    token = token_for(bob.email)
    assert token not in str(RoleInvite.objects.filter(pk=offer.pk).values().get())
    assert len(token) >= 43


def test_who_has_an_account_hears_of_it_there_without_the_link(event, ada, bob):
    invite(event, bob.email, role("registrar"), by=ada)
    invite(event, "stranger@example.org", role("registrar"), by=ada)
    told = Notification.objects.get()
    assert (told.user, told.kind, told.event_id) == (bob, "event_role", event.pk)
    assert token_for(bob.email) not in f"{told.message} {told.action}"


def test_the_mail_says_until_when_on_the_clocks_of_the_event(event, ada):
    offer = invite(event, "stranger@example.org", role("registrar"), by=ada)
    until = offer.expires_at.astimezone(event.zone)
    assert f"{until:%H:%M} (Europe/Berlin)" in Mail.objects.get().text
    assert f"{until:%H:%M} (Europe/Berlin)" in Mail.objects.get().html


def test_the_mail_counts_towards_what_the_inviter_may_send(event, ada):
    invite(event, "stranger@example.org", role("registrar"), by=ada)
    assert Mail.objects.get().asked_by == ada


def test_asking_again_makes_a_new_link_and_ends_the_old_one(event, ada, bob):
    offer = invite(event, bob.email, role("registrar"), by=ada)
    old = token_for(bob.email)
    resend_invite(offer, by=ada)
    assert status_of(accept_invite, old, by=bob) == 404
    accept_invite(token_for(bob.email), by=bob)
    assert RoleInvite.objects.count() == 1


def test_who_has_the_role_is_not_invited_to_it(event, ada, cora):
    assert status_of(invite, event, cora.email, role("coorganizer"), by=ada) == 409


# ── Answering ────────────────────────────────────────────────────────────────────────────────────


def test_another_account_cannot_take_an_invitation(event, ada, bob, eve):
    invite(event, bob.email, role("organizer"), by=ada)
    assert status_of(accept_invite, token_for(bob.email), by=eve) == 403
    assert status_of(decline_invite, token_for(bob.email), by=eve) == 403
    assert held_by(eve, event) == set()
    accept_invite(token_for(bob.email), by=bob)


def test_an_address_that_is_not_proven_takes_nothing(event, ada, bob):
    invite(event, bob.email, role("organizer"), by=ada)
    bob.is_verified = False
    bob.save()
    assert status_of(accept_invite, token_for(bob.email), by=bob) == 403


def test_an_invitation_works_once(event, ada, bob):
    invite(event, bob.email, role("registrar"), by=ada)
    token = token_for(bob.email)
    accept_invite(token, by=bob)
    remove_role(event.roles.get(user=bob), by=ada)
    assert status_of(accept_invite, token, by=bob) == 404
    assert held_by(bob, event) == set()


def test_an_answered_invitation_cannot_be_answered_again(event, ada, bob):
    invite(event, bob.email, role("registrar"), by=ada)
    token = token_for(bob.email)
    decline_invite(token, by=AnonymousUser())
    assert status_of(accept_invite, token, by=bob) == 410
    assert status_of(decline_invite, token, by=bob) == 410
    assert held_by(bob, event) == set()


def test_an_invitation_ends_after_a_week(event, ada, bob):
    offer = invite(event, bob.email, role("registrar"), by=ada)
    assert offer.expires_at - timezone.now() > timedelta(days=6, hours=23)
    RoleInvite.objects.update(expires_at=timezone.now())
    assert status_of(accept_invite, token_for(bob.email), by=bob) == 410


def test_a_withdrawn_invitation_is_not_there(event, ada, bob):
    withdraw_invite(invite(event, bob.email, role("registrar"), by=ada), by=ada)
    assert status_of(accept_invite, token_for(bob.email), by=bob) == 404


def test_an_invitation_falls_with_the_rank_of_who_sent_it(event, ada, cora, bob):
    invite(event, bob.email, role("coorganizer"), by=cora)
    remove_role(event.roles.get(user=cora), by=ada)
    assert status_of(accept_invite, token_for(bob.email), by=bob) == 410
    assert held_by(bob, event) == set()


def test_a_deleted_event_takes_nobody(event, ada, bob):
    invite(event, bob.email, role("registrar"), by=ada)
    event.hide()
    assert status_of(accept_invite, token_for(bob.email), by=bob) == 404


# ── Taking away ──────────────────────────────────────────────────────────────────────────────────


def test_a_role_above_ones_own_is_neither_given_nor_taken(event, ada, bob, cora):
    give_role(bob, event, "organizer")
    organizer = event.roles.get(user=bob)
    assert status_of(remove_role, organizer, by=cora) == 403
    assert status_of(change_role, organizer, role("registrar"), by=cora) == 403
    assert status_of(change_role, event.roles.get(user=cora), role("organizer"), by=cora) == 403
    assert status_of(change_role, event.roles.get(user=cora), role("owner"), by=ada) == 403
    change_role(organizer, role("registrar"), by=ada)
    assert held_by(bob, event) == {"registrar"}


def test_the_last_owner_cannot_leave(event, ada, root):
    mine = event.roles.get(user=ada)
    assert [status_of(remove_role, mine, by=who) for who in (ada, root)] == [403, 403]
    assert status_of(change_role, mine, role("organizer"), by=root) == 403


def test_one_of_two_owners_may_leave(event, ada, bob):
    give_role(bob, event, "owner")
    remove_role(event.roles.get(user=bob), by=bob)
    assert held_by(bob, event) == set()


def test_everybody_else_may_leave(event, cora):
    remove_role(event.roles.get(user=cora), by=cora)
    assert roles_of(cora) == {}
    assert Activity.objects.get(event_id=event.pk).action == "role.left"


def test_somebody_without_a_right_removes_nobody(event, cora, eve):
    registrar = make_registrar(event)
    for who in (eve, registrar):
        assert status_of(remove_role, event.roles.get(user=cora), by=who) == 403


def test_who_was_removed_can_be_invited_again(event, ada, bob):
    for _ in range(2):
        invite(event, bob.email, role("registrar"), by=ada)
        accept_invite(token_for(bob.email), by=bob)
        remove_role(event.roles.get(user=bob), by=ada)
    assert not RoleInvite.objects.exists()


# ── Handing over ─────────────────────────────────────────────────────────────────────────────────


def test_an_event_is_handed_over_to_an_organizer(event, ada, bob):
    give_role(bob, event, "organizer")
    hand_over(event, to=bob, by=ada)
    assert (held_by(bob, event), held_by(ada, event)) == ({"owner"}, {"organizer"})
    assert status_of(hand_over, event, to=bob, by=ada) == 403


def test_an_event_is_handed_over_to_an_address_that_takes_it(event, ada, bob):
    invite(event, "nobody@example.org", role("owner"), by=ada)
    offer = invite(event, bob.email, role("owner"), by=ada)
    assert list(RoleInvite.objects.all()) == [offer]
    accept_invite(token_for(bob.email), by=bob)
    assert (held_by(bob, event), held_by(ada, event)) == ({"owner"}, {"organizer"})
    offer.refresh_from_db()
    assert offer.status == "accepted"


def test_an_accepted_invitation_is_not_withdrawn(event, ada, bob):
    offer = invite(event, bob.email, role("registrar"), by=ada)
    accept_invite(token_for(bob.email), by=bob)
    assert status_of(withdraw_invite, offer, by=ada) == 409
    assert held_by(bob, event) == {"registrar"}


def test_only_the_owner_hands_over_and_only_to_an_organizer(event, ada, bob, cora):
    give_role(bob, event, "organizer")
    assert status_of(hand_over, event, to=bob, by=cora) == 403
    assert status_of(hand_over, event, to=bob, by=bob) == 403
    assert status_of(hand_over, event, to=cora, by=ada) == 422
    assert UsersEventsRoles.objects.get(event=event, role__name="owner").user == ada
