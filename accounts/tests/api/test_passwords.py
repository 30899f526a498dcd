"""New passwords and proven addresses, for API clients."""

import json
import re
import time
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from allauth.account.models import EmailConfirmationHMAC
from django.core import mail
from django.core.cache import cache
from rest_framework.test import APIClient

from accounts.models import Activity, Setting, User
from accounts.services.email import match_address
from accounts.services.tokens import AccessToken, give_tokens, renew_tokens
from accounts.tests.counting import hashes_made_by
from accounts.tests.people import PASSWORD, make_person
from openevent.core.negotiation import JSONAPI
from openevent.core.refusals import Refused

NEW_PASSWORD = "another fine password"


@pytest.fixture
def caller():
    return APIClient()


@pytest.fixture
def sent(django_capture_on_commit_callbacks):
    """The mails that a call sent, once it is committed."""

    def call(deed):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            answer = deed()
        return answer, list(mail.outbox)

    return call


@pytest.fixture
def front_end(db):
    setting = Setting.current()
    setting.frontend_url = "https://app.example.org/"
    setting.save()


def signed_in(user, token=None):
    caller = APIClient()
    caller.credentials(HTTP_AUTHORIZATION=f"JWT {token or give_tokens(user)['access_token']}")
    return caller


def ask_reset(caller, email="ada@example.org", **extra):
    return caller.post("/v1/auth/reset-password", {"data": {"email": email}}, format="json", **extra)


def reset(caller, token, password=NEW_PASSWORD):
    body = {"data": {"token": token, "password": password}}
    return caller.patch("/v1/auth/reset-password", body, format="json")


def link_in(message):
    return re.search(r"https?://\S+(token=|/accounts/)\S+", message.body)[0]


def token_in(message):
    link = link_in(message)
    return parse_qs(urlsplit(link).query)["token"][0] if "token=" in link else unquote(link.rsplit("/", 1)[-1])


# ── Resetting ────────────────────────────────────────────────────────────────────────────────────


def test_a_link_is_mailed_and_its_token_sets_a_new_password_once(caller, ada, sent):
    answer, [message] = sent(lambda: ask_reset(caller, "ADA@example.org"))
    assert (answer.status_code, answer.json()["email"], message.to) == (200, "ada@example.org", ["ada@example.org"])
    token = token_in(message)
    answer, notices = sent(lambda: reset(caller, token))
    assert (answer.status_code, answer.json()) == (200, {"id": ada.pk, "email": "ada@example.org", "name": "Ada"})
    assert [notice.to for notice in notices] == [["ada@example.org"]]
    ada.refresh_from_db()
    assert ada.check_password(NEW_PASSWORD)
    assert reset(caller, token, "yet another password").status_code == 404
    ada.refresh_from_db()
    assert ada.check_password(NEW_PASSWORD)
    assert list(Activity.objects.values_list("action", flat=True)) == ["user.password-changed"]


def test_the_link_leads_into_the_front_end_where_there_is_one(caller, ada, front_end, sent):
    _, [message] = sent(lambda: ask_reset(caller))
    assert link_in(message).startswith("https://app.example.org/reset-password?token=")
    assert reset(caller, token_in(message)).status_code == 200


def test_without_one_it_leads_to_our_own_page(caller, ada, sent, settings):
    _, [message] = sent(lambda: ask_reset(caller))
    assert link_in(message).startswith(f"{settings.BASE_URL}/accounts/password/new/")


def test_our_own_pages_lead_to_themselves_although_there_is_a_front_end(client, ada, front_end, sent, settings):
    _, [message] = sent(lambda: client.post("/accounts/password/forgotten", {"email": "ada@example.org"}))
    assert link_in(message).startswith(f"{settings.BASE_URL}/accounts/password/new/")


@pytest.mark.parametrize("header", ["HTTP_HOST", "HTTP_X_FORWARDED_HOST"])
def test_no_link_leads_where_a_caller_says(caller, ada, sent, settings, header):
    settings.ALLOWED_HOSTS = ["*"]
    _, [message] = sent(lambda: ask_reset(caller, **{header: "evil.example"}))
    assert "evil" not in message.message().as_string()


def test_known_and_unknown_addresses_get_the_same_answer_and_a_mail_each(caller, ada, bob, sent, settings):
    settings.PASSWORD_HASHERS = ["accounts.tests.counting.CountingHasher"]
    User.objects.filter(pk=bob.pk).update(is_blocked=True)
    found = []
    for email in ("ada@example.org", "nobody@example.org", "bob@example.org"):
        cache.clear()
        answer, mails = sent(lambda email=email: ask_reset(caller, email))
        found.append((answer.status_code, answer.json()["message"], [message.to for message in mails] == [[email]]))
        assert hashes_made_by(lambda email=email: ask_reset(caller, email)) == 0
    assert len(set(found)) == 1
    assert found[0][0] == 200


def test_a_reset_is_asked_once_a_minute_and_thrice_an_hour(caller, ada, settings):
    assert [ask_reset(caller).status_code for _ in range(2)] == [200, 429]
    assert int(ask_reset(caller).headers["Retry-After"]) <= 60
    settings.TRUSTED_PROXIES = 1
    statuses = [ask_reset(caller, HTTP_X_FORWARDED_FOR=f"9.9.9.{number}").status_code for number in range(4)]
    assert statuses == [200, 200, 429, 429]
    assert ask_reset(caller, "bob@example.org", HTTP_X_FORWARDED_FOR="9.9.8.1").status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 400), ([], 400), ({"data": {}}, 400), ({"data": {"email": 1}}, 400), ({"data": {"email": "ada"}}, 422)],
)
def test_a_reset_without_an_address_says_where_it_belongs(caller, db, body, status):
    answer = caller.post("/v1/auth/reset-password", body, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["source"]) == (status, {"pointer": "/data/email"})


def test_a_token_grows_old(caller, ada, sent, settings):
    _, [message] = sent(lambda: ask_reset(caller))
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert reset(caller, token_in(message)).status_code == 404


def test_a_token_ends_with_the_password_that_it_was_made_for(caller, ada, sent):
    _, [message] = sent(lambda: ask_reset(caller))
    ada.set_password("changed meanwhile")
    ada.save()
    assert reset(caller, token_in(message)).status_code == 404


def test_a_token_is_no_good_for_another_or_a_blocked_account(caller, ada, bob, sent):
    _, [message] = sent(lambda: ask_reset(caller))
    number, _, key = token_in(message).partition("-")
    assert reset(caller, f"{int(number, 36) + 1}-{key}").status_code == 404
    User.objects.filter(pk=ada.pk).update(is_blocked=True)
    assert reset(caller, f"{number}-{key}").status_code == 404


@pytest.mark.parametrize(
    "token", ["x", "1-x", "-", "1-1-1", "z" * 500, "\u2603-\u2603", "\x00", "1\x00-a", "99999999999999-a"]
)
def test_nonsense_is_no_token(caller, ada, token):
    assert reset(caller, token).status_code == 404


@pytest.mark.parametrize("password", ["short", "password1"])
def test_a_weak_password_is_refused_and_the_token_stays_good(caller, ada, sent, password):
    _, [message] = sent(lambda: ask_reset(caller))
    answer = reset(caller, token_in(message), password)
    assert (answer.status_code, answer.json()["errors"][0]["source"]) == (422, {"pointer": "/data/password"})
    assert reset(caller, token_in(message)).status_code == 200


def test_a_reset_proves_no_address_and_ends_every_sign_in(caller, sent, db):
    una = make_person("una", is_verified=False)
    tokens = give_tokens(una, remember=True)
    _, [message] = sent(lambda: ask_reset(caller, "una@example.org"))
    assert reset(caller, token_in(message)).status_code == 200
    una.refresh_from_db()
    assert not una.is_verified
    assert signed_in(una, tokens["access_token"]).get(f"/v1/users/{una.pk}").status_code == 401
    with pytest.raises(Refused):
        renew_tokens(tokens["refresh_token"])


# ── Changing ─────────────────────────────────────────────────────────────────────────────────────


def change(caller, old=PASSWORD, new=NEW_PASSWORD):
    return caller.post("/v1/auth/change-password", {"data": {"old-password": old, "new-password": new}}, format="json")


def test_whoever_knows_the_present_password_changes_it(ada, sent):
    caller = signed_in(ada)
    answer, notices = sent(lambda: change(caller))
    assert answer.json() == {"id": ada.pk, "email": "ada@example.org", "name": "Ada", "password-changed": True}
    assert [notice.to for notice in notices] == [["ada@example.org"]]
    ada.refresh_from_db()
    assert ada.check_password(NEW_PASSWORD)
    assert caller.get(f"/v1/users/{ada.pk}").status_code == 401  # the token belonged to the old one


@pytest.mark.parametrize(
    ("old", "new", "pointer"),
    [
        ("wrong", NEW_PASSWORD, "/data/old-password"),
        (PASSWORD, PASSWORD, "/data/new-password"),
        (PASSWORD, "short", "/data/new-password"),
        (PASSWORD, None, "/data/new-password"),
        (None, NEW_PASSWORD, "/data/old-password"),
    ],
)
def test_a_change_that_cannot_be_says_where(ada, old, new, pointer):
    answer = change(signed_in(ada), old, new)
    assert (answer.status_code, answer.json()["errors"][0]["source"]) == (400, {"pointer": pointer})
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def test_a_renewed_token_changes_no_password(ada):
    answer = change(signed_in(ada, str(AccessToken.for_user(ada))))
    assert (answer.status_code, answer.json()) == (401, {"error": "Sign in again to change the password."})


def test_the_present_password_cannot_be_guessed_by_a_stolen_token(ada):
    caller = signed_in(ada)
    assert [change(caller, "wrong").status_code for _ in range(11)] == [400] * 10 + [429]
    assert verify(caller, PASSWORD).status_code == 429


def verify(caller, password):
    return caller.post("/v1/auth/verify-password", {"password": password}, format="json")


def test_a_password_is_verified(ada):
    assert [verify(signed_in(ada), password).json() for password in (PASSWORD, "wrong")] == [
        {"result": True},
        {"result": False},
    ]


@pytest.mark.parametrize("password", [None, "", 1, []])
def test_no_password_is_not_verified(ada, password):
    answer = verify(signed_in(ada), password)
    assert (answer.status_code, answer.json()["errors"][0]["source"]) == (400, {"pointer": "/password"})


@pytest.mark.parametrize("path", ["change-password", "verify-password", "blacklist", "fresh-login"])
def test_who_is_not_signed_in_is_told_so_in_one_text(caller, db, path):
    answer = caller.post(f"/v1/auth/{path}", {}, format="json")
    assert (answer.status_code, list(answer.json())) == (401, ["error"])


# ── Proving an address ───────────────────────────────────────────────────────────────────────────


@pytest.fixture
def una(db):
    return make_person("una", is_verified=False)


def prove(caller, token):
    return caller.post("/v1/auth/verify-email", {"data": {"token": token}}, format="json")


def resend(caller, email):
    return caller.post("/v1/auth/resend-verification-email", {"data": {"email": email}}, format="json")


def test_the_token_of_a_mail_proves_the_address_once(caller, una, front_end, sent):
    answer, [message] = sent(lambda: resend(caller, "Una@example.org"))
    assert answer.status_code == 200
    assert "https://app.example.org/verify?token=" in message.body
    token = token_in(message)
    assert prove(caller, token).json() == {"message": "Email Verified"}
    una.refresh_from_db()
    assert una.is_verified
    assert Activity.objects.get().action == "user.verified"
    answer = prove(caller, token)
    assert (answer.status_code, answer.json()["errors"][0]["source"]) == (400, {"pointer": "/data/token"})


def test_a_link_of_our_own_page_proves_it_too(caller, una, sent):
    _, [message] = sent(lambda: resend(caller, "una@example.org"))
    assert prove(caller, token_in(message)).status_code == 200


def test_a_sign_up_by_a_program_leads_into_the_front_end(caller, front_end, sent):
    attributes = {"email": "new@example.org", "password": PASSWORD}
    document = {"data": {"type": "user", "attributes": attributes}}
    _, [message] = sent(lambda: caller.generic("POST", "/v1/users", json.dumps(document), content_type=JSONAPI))
    assert "https://app.example.org/verify?token=" in message.body


@pytest.mark.parametrize("token", ["x", "a:b:c", "", None, 1, "\u2603", "\x00"])
def test_nonsense_proves_nothing(caller, db, token):
    assert prove(caller, token).status_code == 400


def test_an_old_token_proves_nothing(caller, una, monkeypatch):
    token = EmailConfirmationHMAC(match_address(una)).key
    later = time.time() + 4 * 24 * 3600
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert prove(caller, token).status_code == 400


def test_a_token_for_an_address_that_was_given_up_proves_nothing(caller, una):
    token = EmailConfirmationHMAC(match_address(una)).key
    una.email = "una@elsewhere.example"
    una.save()
    match_address(una)
    assert prove(caller, token).status_code == 400
    una.refresh_from_db()
    assert not una.is_verified


def test_asking_again_tells_nothing_of_who_has_an_account(caller, ada, una, sent):
    found = []
    for email in ("ada@example.org", "una@example.org", "nobody@example.org"):
        cache.clear()
        answer, mails = sent(lambda email=email: resend(caller, email))
        found.append((answer.status_code, answer.content, [message.to for message in mails] == [[email]]))
    assert found[0] == found[1] == found[2]


def test_asking_again_is_limited(caller, una):
    assert [resend(caller, "una@example.org").status_code for _ in range(2)] == [200, 429]


def prove_own(caller, user, token):
    return caller.post(f"/v1/users/{user.pk}/verify", {"data": {"token": token}}, format="json")


def test_an_account_is_verified_at_its_own_address_and_answered(una):
    answer = prove_own(signed_in(una), una, EmailConfirmationHMAC(match_address(una)).key)
    data = answer.json()["data"]
    assert (answer.status_code, data["type"], data["id"]) == (200, "user", str(una.pk))
    assert data["attributes"]["is-verified"] is True


def test_a_token_of_another_account_is_refused(una, db):
    uwe = make_person("uwe", is_verified=False)
    answer = prove_own(signed_in(una), una, EmailConfirmationHMAC(match_address(uwe)).key)
    assert (answer.status_code, answer.json()["errors"][0]["source"]) == (422, {"pointer": "/data/token"})
    assert not User.objects.filter(pk__in=(una.pk, uwe.pk), is_verified=True).exists()


def test_nobody_else_verifies_an_account(caller, una, eve):
    token = EmailConfirmationHMAC(match_address(una)).key
    assert [prove_own(signed_in(eve), una, token).status_code, prove_own(caller, una, token).status_code] == [404, 401]
