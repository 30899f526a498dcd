"""Whoever makes an account on the way somewhere goes on there, whichever browser opens the mail."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.pages.test_account_pages import is_signed_in, link_in, path_of, without_csrf
from accounts.tests.people import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
THERE = "/my/tickets?past=1"


def sign_up(client, email="new@example.org", after=THERE):
    return client.post(reverse("account_signup"), {"email": email, "password1": PASSWORD, "next": after})


def test_the_link_in_the_mail_leads_on_in_the_browser_of_the_sign_up(client, db, settings):
    sign_up(client)
    answer = client.post(path_of(link_in(mail.outbox[0]), settings))
    assert (answer.status_code, answer.headers["Location"], is_signed_in(client)) == (302, THERE, True)


def test_in_another_browser_it_leads_on_through_the_sign_in(client, db, settings):
    sign_up(client)
    other = Client()
    answer = other.post(path_of(link_in(mail.outbox[0]), settings))
    assert User.objects.get().is_verified
    assert not is_signed_in(other)
    sign_in = answer.headers["Location"]
    assert sign_in.startswith(reverse("account_login") + "?next=")
    there = other.post(sign_in, {"login": "new@example.org", "password": PASSWORD})
    assert there.headers["Location"] == THERE


def test_who_signs_in_before_the_address_is_proven_goes_on_after_it(client, db, settings):
    sign_up(Client(), after="")
    late = client.post(reverse("account_login"), {"login": "new@example.org", "password": PASSWORD, "next": THERE})
    assert late.headers["Location"] == reverse("account_email_verification_sent")
    answer = client.post(path_of(link_in(mail.outbox[0]), settings))
    assert (answer.headers["Location"], is_signed_in(client)) == (THERE, True)


@pytest.mark.parametrize("url", ["//evil.example", "/\\evil.example", "https:evil.example", "javascript:alert(1)"])
def test_the_mail_never_leads_to_another_site(client, db, settings, url):
    sign_up(client, after=url)
    link = link_in(mail.outbox[0])
    assert "evil" not in link
    answer = Client().post(f"{path_of(link, settings)}?next={url}")
    assert answer.headers["Location"] == reverse("account_login")


def test_a_taken_address_is_answered_like_a_new_one_on_the_way_somewhere(ada):
    known, new = Client(), Client()
    answers = [sign_up(known, "ada@example.org"), sign_up(new, "new@example.org")]
    assert len({(answer.status_code, answer.headers["Location"]) for answer in answers}) == 1
    pages = [
        without_csrf(browser.get(reverse("account_email_verification_sent"))).replace(email, "")
        for browser, email in ((known, "ada@example.org"), (new, "new@example.org"))
    ]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("name", ["account_login", "account_signup"])
def test_sign_in_and_sign_up_know_the_way_to_each_other(client, db, name):
    page = client.get(reverse(name), {"next": THERE}).content.decode()
    assert page.count("next=/my/tickets%3Fpast%3D1") == 1
