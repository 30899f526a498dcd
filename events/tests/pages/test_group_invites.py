"""The page behind the link of an invitation to organize a group."""

import re

import pytest
from django.test import Client

from events.models import Role
from events.services.group_roles import invite_to_group
from events.services.groups import create_group
from notifications.models import Mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(ada, bob):
    group = create_group(by=ada, name="Harbour & friends")
    invite_to_group(group, bob.email, Role.objects.get(name="organizer"), by=ada)
    return re.search(r"/group-invites/\S+", Mail.objects.get().text).group()


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_looking_says_what_is_offered_and_changes_nothing(link, bob):
    answer = Client().get(link)
    assert "Organize Harbour &amp; friends?" in answer.content.decode()
    assert answer["Cache-Control"].startswith("max-age=0")
    assert not bob.groups_roles.exists()


def test_the_account_of_the_address_accepts_and_comes_to_its_events(link, bob):
    answer = signed_in(bob).post(link)
    assert (answer.status_code, answer["Location"]) == (302, "/manage/")
    assert bob.groups_roles.get().accepted
    assert signed_in(bob).get(link).status_code == 409


def test_whoever_is_not_signed_in_signs_in_first(link):
    answer = Client().post(link)
    assert answer["Location"].startswith("/accounts/sign-in?next=/group-invites/")


def test_another_account_is_told_so(link, eve):
    assert signed_in(eve).get(link).status_code == 403
    assert signed_in(eve).post(link).status_code == 403
    assert not eve.groups_roles.exists()
