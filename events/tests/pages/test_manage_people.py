"""Who helps at an event, by the pages: inviting, answering, changing, leaving."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.tests.people import make_person
from events.models import Event, RoleInvite
from events.tests.factories import give_role, make_event
from notifications.models import Mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(ada, cora):
    return make_event(owner=ada, coorganizer=cora)


@pytest.fixture
def people(event):
    return reverse("manage-people", args=[event.identifier])


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def invite(people, who, email, role):
    return signed_in(who).post(people, {"verb": "invite", "email": email, "role": role})


def link_for(email):
    mail = Mail.objects.filter(recipient=email, kind="event-role").first()
    return re.search(r"/invites/\S+", mail.text).group()


def roles_of(user, event):
    return {row.role.name for row in event.roles.filter(user=user)}


def test_an_organizer_invites_and_sees_that_the_mail_is_on_its_way(people, event, ada, bob):
    assert invite(people, ada, bob.email, "registrar").status_code == 302
    page = signed_in(ada).get(people).content.decode()
    assert bob.email in page
    assert "Waiting to be sent" in page or "Sent" in page


def test_nobody_invites_above_their_own_rank(people, event, ada, cora):
    for role in ("organizer", "owner"):
        answer = invite(people, cora, "new@example.org", role)
        assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["role"])
    assert invite(people, ada, "new@example.org", "owner").status_code == 200
    assert not RoleInvite.objects.exists()


@pytest.mark.parametrize("email", ["", "nobody", "a@b\r\nBcc: x@y.org", "\x00@example.org", "x" * 300 + "@example.org"])
def test_an_address_that_is_none_is_told(people, ada, email):
    answer = invite(people, ada, email, "registrar")
    assert answer.context["errors"][0]["link"] == "id_email"
    assert not Mail.objects.exists()


def test_looking_at_an_invitation_changes_nothing(people, event, ada, bob):
    invite(people, ada, bob.email, "registrar")
    link = link_for(bob.email)
    for client in (Client(), signed_in(bob)):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    assert roles_of(bob, event) == set()
    assert signed_in(bob).get(link)["Cache-Control"].count("no-store") == 1


@pytest.mark.parametrize(
    ("role", "first", "status"),
    [
        ("registrar", "door", 403),
        ("moderator", "manage-sessions", 403),
        ("track_organizer", "manage-tracks", 403),
        ("organizer", "manage", 200),
    ],
)
def test_accepting_opens_the_pages_of_the_role_and_no_more(people, event, ada, bob, role, first, status):
    invite(people, ada, bob.email, role)
    bobs = signed_in(bob)
    answer = bobs.post(link_for(bob.email), {"verb": "accept"})
    assert answer["Location"] == reverse(first, args=[event.identifier])
    assert bobs.get(answer["Location"]).status_code == 200
    assert bobs.get(people).status_code == status


def test_without_an_account_the_way_leads_back_to_the_invitation(people, ada):
    invite(people, ada, "new@example.org", "registrar")
    link = link_for("new@example.org")
    page = Client().get(link).content.decode()
    assert f'href="{reverse("account_signup")}?next={link}"' in page
    assert Client().post(link, {"verb": "accept"})["Location"].endswith(f"?next={link}")


def test_signing_up_keeps_the_place(people, event, ada):
    invite(people, ada, "new@example.org", "registrar")
    link, client = link_for("new@example.org"), Client()
    typed = {"email": "new@example.org", "password1": "correct horse battery", "next": link}
    client.post(f"{reverse('account_signup')}?next={link}", typed)
    verify = re.search(r"/accounts/verify/\S+", Mail.objects.exclude(kind="event-role").latest("pk").text).group()
    assert client.post(verify)["Location"] == link
    assert client.post(link, {"verb": "accept"})["Location"] == reverse("door", args=[event.identifier])


def test_another_account_is_refused(people, event, ada, bob, eve):
    invite(people, ada, bob.email, "organizer")
    eves = signed_in(eve)
    assert eves.get(link_for(bob.email)).status_code == 403
    for verb in ("accept", "decline"):
        assert eves.post(link_for(bob.email), {"verb": verb}).status_code == 403
    assert roles_of(eve, event) == set()


def test_an_answered_or_old_invitation_is_gone(people, event, ada, bob):
    invite(people, ada, bob.email, "registrar")
    link = link_for(bob.email)
    assert Client().post(link, {"verb": "decline"}).status_code == 200
    assert [signed_in(bob).get(link).status_code, signed_in(bob).post(link, {"verb": "accept"}).status_code] == [
        410,
        410,
    ]
    RoleInvite.objects.update(status="pending", expires_at=timezone.now() - timedelta(seconds=1))
    assert signed_in(bob).post(link, {"verb": "accept"}).status_code == 410
    for junk in ("/invites/x", "/invites/%00", f"/invites/{'x' * 3000}"):
        assert Client().get(junk).status_code == 404


def test_a_withdrawn_invitation_and_a_new_link(people, event, ada, bob):
    invite(people, ada, bob.email, "registrar")
    first, offer = link_for(bob.email), RoleInvite.objects.get()
    signed_in(ada).post(people, {"verb": "resend", "invite": offer.pk})
    second = link_for(bob.email)
    assert [Client().get(link).status_code for link in (first, second)] == [404, 200]
    signed_in(ada).post(people, {"verb": "withdraw", "invite": offer.pk})
    assert Client().get(second).status_code == 404


def test_an_invitation_of_another_event_is_not_there(people, event, ada, bob, eve):
    theirs = make_event(owner=eve)
    invite(reverse("manage-people", args=[theirs.identifier]), eve, bob.email, "registrar")
    offer = RoleInvite.objects.get()
    for verb in ("resend", "withdraw"):
        for key in (offer.pk, "", "x", "\x00", "9" * 40):
            assert signed_in(ada).post(people, {"verb": verb, "invite": key}).status_code == 404
    assert RoleInvite.objects.filter(pk=offer.pk).exists()


def test_the_open_session_of_a_removed_member_loses_access_at_once(people, event, ada, cora):
    coras = signed_in(cora)
    assert coras.get(people).status_code == 200
    row = event.roles.get(user=cora)
    signed_in(ada).post(reverse("manage-role", args=[event.identifier, row.pk]), {"verb": "remove"})
    assert coras.get(people).status_code == 404
    assert coras.post(people, {"verb": "invite", "email": "x@example.org", "role": "registrar"}).status_code == 404


def test_a_role_changes_and_the_page_says_what_it_cannot(people, event, ada, bob, cora):
    give_role(bob, event, "organizer")
    page = reverse("manage-role", args=[event.identifier, event.roles.get(user=bob).pk])
    assert signed_in(cora).post(page, {"verb": "change", "role": "registrar"}).status_code == 200
    assert signed_in(cora).post(page, {"verb": "remove"}).status_code == 403
    assert roles_of(bob, event) == {"organizer"}
    signed_in(ada).post(page, {"verb": "change", "role": "registrar"})
    assert roles_of(bob, event) == {"registrar"}


def test_whoever_helps_may_leave_but_not_the_last_owner(event, ada, bob):
    give_role(bob, event, "registrar")
    leave = reverse("manage-leave", args=[event.identifier])
    assert signed_in(ada).post(leave).status_code == 403
    assert signed_in(bob).get(leave).status_code == 200
    assert signed_in(bob).post(leave).status_code == 302
    assert (roles_of(ada, event), roles_of(bob, event)) == ({"owner"}, set())


def test_the_list_costs_the_same_for_one_and_for_many(people, event, ada, django_assert_max_num_queries):
    for number in range(6):
        give_role(make_person(f"helper{number}"), event, "registrar")
        invite(people, ada, f"new{number}@example.org", "moderator")
    ada_in = signed_in(ada)
    with django_assert_max_num_queries(14):
        assert ada_in.get(people).status_code == 200


def test_two_accept_at_the_same_time(transactional_db, ada, bob):
    """One takes the role; the other is told that it was answered."""
    event = make_event(owner=ada)
    invite(reverse("manage-people", args=[event.identifier]), ada, bob.email, "registrar")
    link = link_for(bob.email)
    clients = [signed_in(bob), signed_in(bob)]

    def accept(client):
        try:
            return client.post(link, {"verb": "accept"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(accept, clients)) == [302, 410]
    assert Event.objects.get(pk=event.pk).roles.filter(user=bob).count() == 1
