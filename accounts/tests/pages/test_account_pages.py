"""Making an account, signing in and out, and new passwords, as a browser sees it."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage import default_storage
from django.core import mail
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import Activity, User
from accounts.pages.forms import SignUpForm
from accounts.tests.counting import hashes_made_by
from accounts.tests.people import PASSWORD

NEW_PASSWORD = "another fine password"

# A mail leaves when what it speaks of is committed.
pytestmark = pytest.mark.django_db(transaction=True)


def sign_in(client, email="ada@example.org", password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": email, "password": password, **more})


def sign_up(client, email, password=PASSWORD):
    return client.post(reverse("account_signup"), {"email": email, "password1": password})


def ask_reset(client, email, **extra):
    return client.post(reverse("account_reset_password"), {"email": email}, **extra)


def link_in(message):
    return re.search(r"https?://\S+/accounts/\S+", message.body)[0]


def path_of(link, settings):
    assert link.startswith(settings.BASE_URL + "/")
    return link.removeprefix(settings.BASE_URL)


def is_signed_in(client):
    return "_auth_user_id" in client.session


def without_csrf(answer):
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", answer.content.decode())


# Signing in and out


def test_signing_in_begins_a_new_session_and_leads_on(client, ada):
    client.get(reverse("account_login"))
    client.session.save()
    before = client.session.session_key
    answer = sign_in(client, "ADA@example.org", next="/my/tickets")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/my/tickets")
    assert is_signed_in(client)
    assert client.session.session_key != before


@pytest.mark.parametrize("url", ["//evil.example", "/\\evil.example", "https:evil.example", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(client, ada, url):
    assert sign_in(client, next=url).headers["Location"] == "/"


def test_signing_out_is_a_post(client, ada):
    sign_in(client)
    client.get(reverse("account_logout"))
    assert is_signed_in(client)
    client.post(reverse("account_logout"))
    assert not is_signed_in(client)


def test_wrong_password_unknown_address_and_blocked_account_look_the_same(client, ada, bob):
    User.objects.filter(pk=bob.pk).update(is_blocked=True)
    tries = [("ada@example.org", "wrong"), ("eva@example.org", "wrong"), ("bob@example.org", PASSWORD)]
    answers = [sign_in(client, email, password) for email, password in tries]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    pages = [without_csrf(answer).replace(email, "") for answer, (email, _) in zip(answers, tries, strict=True)]
    assert pages[0] == pages[1] == pages[2]
    assert "E-mail and password do not match" in pages[0]


def test_a_known_and_an_unknown_address_cost_the_same_work_on_every_page(client, ada, settings):
    settings.PASSWORD_HASHERS = ["accounts.tests.counting.CountingHasher"]
    ada.set_password(PASSWORD)
    ada.save()
    deeds = {
        "sign in": lambda email: sign_in(Client(), email, "wrong"),
        "sign up": lambda email: sign_up(Client(), email),
        "reset": lambda email: ask_reset(Client(), email),
    }
    work = {
        name: [
            hashes_made_by(lambda email=email, deed=deed: deed(email))
            for email in ("ada@example.org", "new@example.org")
        ]
        for name, deed in deeds.items()
    }
    assert work == {"sign in": [1, 1], "sign up": [1, 1], "reset": [0, 0]}


def test_twenty_bad_tries_on_the_page_are_stopped_and_others_go_on(client, ada, bob):
    statuses = [
        client.post(
            reverse("account_login"),
            {"login": "ada@example.org" if number % 2 else "ADA@EXAMPLE.ORG", "password": "wrong"},
            headers={"X-Forwarded-For": f"9.9.9.{number}"},
        ).status_code
        for number in range(20)
    ]
    assert statuses == [200] * 10 + [429] * 10
    api = client.post(
        "/auth/session", {"email": "ada@example.org", "password": PASSWORD}, content_type="application/json"
    )
    assert api.status_code == 429  # one count for every door
    assert sign_in(client, "bob@example.org").status_code == 302


# Making an account


def test_a_new_account_is_verified_by_the_link_in_its_mail(client, db, settings):
    assert sign_up(client, " New@Example.org").headers["Location"] == reverse("account_email_verification_sent")
    user = User.objects.get()
    assert (user.email, user.is_verified, is_signed_in(client)) == ("new@example.org", False, False)
    assert [message.to for message in mail.outbox] == [["new@example.org"]]
    path = path_of(link_in(mail.outbox[0]), settings)
    assert client.get(path).status_code == 200
    user.refresh_from_db()
    assert not user.is_verified  # looking changes nothing
    client.post(path)
    user.refresh_from_db()
    assert user.is_verified
    assert list(Activity.objects.order_by("pk").values_list("action", flat=True)) == [
        "user.signed-up",
        "user.verified",
    ]
    assert sign_in(client, "new@example.org").status_code == 302
    assert is_signed_in(client)


def test_a_used_verification_link_is_gone(client, db, settings):
    sign_up(client, "new@example.org")
    path = path_of(link_in(mail.outbox[0]), settings)
    client.post(path)
    assert [client.get(path).status_code, client.get(path[:-1] + "x").status_code] == [410, 410]


def test_signing_up_with_a_taken_address_looks_like_a_new_one(ada):
    known, new = Client(), Client()
    answers = [sign_up(known, "ADA@example.org"), sign_up(new, "new@example.org")]
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [
        (302, reverse("account_email_verification_sent"))
    ] * 2
    pages = [
        without_csrf(browser.get(reverse("account_email_verification_sent"))).replace(email, "")
        for browser, email in ((known, "ada@example.org"), (new, "new@example.org"))
    ]
    assert pages[0] == pages[1]
    assert [(message.to, message.subject) for message in mail.outbox] == [
        (["ada@example.org"], "You have an account already"),
        (["new@example.org"], "Welcome: verify your address"),
    ]
    assert User.objects.count() == 2


@pytest.mark.parametrize("password", ["short", "password1"])
def test_a_weak_password_is_refused_beside_its_field(client, db, password):
    answer = sign_up(client, "new@example.org", password)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["password1"]
    assert not User.objects.exists()


def test_an_account_that_staff_verified_signs_in_without_another_mail(client, ada):
    sign_in(client)
    assert is_signed_in(client)
    assert mail.outbox == []
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("ada@example.org", True)]


# New passwords


def test_a_reset_link_works_once(client, ada, settings):
    ask_reset(client, "Ada@Example.org")
    assert [message.to for message in mail.outbox] == [["ada@example.org"]]
    path = path_of(link_in(mail.outbox[0]), settings)
    form = client.get(path, follow=True)
    assert path not in form.redirect_chain[-1][0]  # the key does not stay in the address
    answer = client.post(form.redirect_chain[-1][0], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert answer.headers["Location"] == reverse("account_reset_password_from_key_done")
    ada.refresh_from_db()
    assert ada.check_password(NEW_PASSWORD)
    assert client.get(path).status_code == 410
    assert client.get(path[:-1] + "x").status_code == 410


def test_a_reset_link_grows_old(client, ada, settings):
    ask_reset(client, "ada@example.org")
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert client.get(path_of(link_in(mail.outbox[0]), settings)).status_code == 410


def everything_in_the_database():
    """As whoever steals a copy reads it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            yield from (str(row) for row in cursor.fetchall())


def test_the_database_holds_no_reset_link_that_works(client, ada):
    ask_reset(client, "ada@example.org")
    key = link_in(mail.outbox[0]).rsplit("/", 1)[-1].split("-", 1)[1]
    rows = list(everything_in_the_database())
    assert any("ada@example.org" in row for row in rows)
    assert not any(key in row for row in rows)


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host"])
@pytest.mark.parametrize("allowed", [["127.0.0.1", "testserver"], ["*"]])
def test_links_in_mails_begin_with_the_configured_address_whoever_we_are_called(client, ada, settings, header, allowed):
    settings.ALLOWED_HOSTS = allowed
    answer = ask_reset(client, "ada@example.org", headers={header: "evil.example"})
    if header == "Host" and "*" not in allowed:
        assert answer.status_code == 400
        return
    everything = mail.outbox[0].message().as_string()
    assert "evil" not in everything
    assert link_in(mail.outbox[0]).startswith(settings.BASE_URL + "/accounts/")


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_asking_for_a_reset_tells_nothing(client, ada, email):
    answer = ask_reset(client, email)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("account_reset_password_done"))
    assert len(mail.outbox) == 1
    assert email not in client.get(reverse("account_reset_password_done")).content.decode()


def test_a_lookalike_address_gets_no_link_for_the_other_account(client, db):
    User.objects.create_user("mike@example.org", PASSWORD, is_verified=True)
    ask_reset(client, "mıke@example.org")
    assert [message.to for message in mail.outbox] == [["mıke@example.org"]]
    assert "There is no account" in mail.outbox[0].subject
    sign_up(client, "mıke@example.org")
    assert sorted(User.objects.values_list("email", flat=True)) == ["mike@example.org", "mıke@example.org"]
    mail.outbox.clear()
    ask_reset(client, "mike@example.org")
    assert [message.to for message in mail.outbox] == [["mike@example.org"]]


def test_a_changed_password_ends_all_other_sessions(ada):
    here, elsewhere = Client(), Client()
    sign_in(here)
    sign_in(elsewhere)
    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )
    page = reverse("account_change_password")
    assert [here.get(page).status_code, elsewhere.get(page).status_code] == [200, 302]
    assert [message.subject for message in mail.outbox] == ["Your password was changed"]


def test_a_blocked_account_is_signed_out_at_once(client, ada):
    sign_in(client)
    User.objects.filter(pk=ada.pk).update(is_blocked=True)
    assert client.get(reverse("account_change_password")).status_code == 302


@pytest.mark.parametrize(
    "name", ["login", "signup", "reset_password", "reset_password_done", "email_verification_sent", "inactive"]
)
def test_every_page_is_written_by_us(client, db, name):
    answer = client.get(reverse(f"account_{name}"))
    assert answer.status_code == 200
    assert "shop.html" in [template.name for template in answer.templates]
    assert "style=" not in answer.content.decode()


def test_pressing_twice_makes_one_account(client, db):
    """Both forms were looked at before either was saved."""
    form = SignUpForm({"email": "new@example.org", "password1": PASSWORD})
    assert form.is_valid()
    sign_up(client, "new@example.org")
    request = RequestFactory().post(reverse("account_signup"))
    request.session, request.user = client.session, AnonymousUser()
    request._messages = default_storage(request)
    with request_context(request):
        user, answer = form.try_save(request)
    assert (user, answer.status_code, User.objects.count()) == (None, 302, 1)
