"""Signing in through the API."""

import base64
import json
import time

import pytest
from rest_framework.test import APIClient

from accounts.models import RefreshFamily, User
from accounts.services.sign_in import sign_in
from accounts.services.tokens import give_tokens
from accounts.tests.counting import hashes_made_by
from accounts.tests.people import PASSWORD

DOORS = ["/auth/session", "/v1/auth/login"]


@pytest.fixture
def caller():
    return APIClient()


def claims_of(token):
    """Read as old clients do: the middle part, by plain atob."""
    middle = token.split(".")[1]
    assert "-" not in middle
    assert "_" not in middle
    return json.loads(base64.b64decode(middle + "=" * (-len(middle) % 4)))


def log_in(caller, email="ada@example.org", password=PASSWORD, door="/auth/session", **more):
    body = {"email": email, "password": password, **{name.replace("_", "-"): it for name, it in more.items()}}
    return caller.post(door, body, format="json")


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", ["email", "username"])
def test_signing_in_gives_an_access_token(caller, ada, door, name):
    body = {name: " ADA@example.org", "password": PASSWORD, "remember-me": False, "include-in-response": False}
    answer = caller.post(door, body, format="json")
    assert (answer.status_code, list(answer.json())) == (200, ["access_token"])


def test_the_token_says_who_and_how_long_in_a_form_that_old_clients_read(caller, ada):
    claims = claims_of(log_in(caller).json()["access_token"])
    assert claims["identity"] == ada.pk
    assert isinstance(claims["identity"], int)
    assert {"iat", "nbf", "exp", "jti", "fresh", "type", "csrf"} <= claims.keys()
    assert (claims["fresh"], claims["type"]) == (True, "access")
    assert 120 < claims["exp"] - time.time() <= 24 * 3600


def test_whoever_wants_to_be_remembered_gets_a_refresh_token(caller, ada):
    tokens = log_in(caller, remember_me=True, include_in_response=True).json()
    claims = claims_of(tokens["refresh_token"])
    assert (claims["identity"], claims["type"]) == (ada.pk, "refresh")
    assert claims["csrf"]
    assert claims_of(tokens["access_token"])["exp"] - time.time() <= 90 * 60


@pytest.mark.parametrize("body", [{}, [], {"email": "ada@example.org"}, {"password": "x"}, {"email": 1, "password": 2}])
def test_a_missing_field_is_named(caller, db, body):
    answer = caller.post("/auth/session", body, format="json")
    assert (answer.status_code, answer.json()["error"]) == (400, "Send both email and password, as text.")
    assert answer.json()["errors"][0]["source"]["pointer"] in ("/email", "/password")


def test_a_blocked_or_deleted_account_answers_like_a_wrong_password(caller, ada, bob, cora):
    User.objects.filter(pk=bob.pk).update(is_blocked=True)
    cora.hide()
    answers = [
        log_in(caller, "ada@example.org", "wrong"),
        log_in(caller, "nobody@example.org"),
        log_in(caller, "bob@example.org"),
        log_in(caller, "cora@example.org"),
    ]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(401, {"error": "Invalid Credentials"})] * 4


def test_a_known_and_an_unknown_address_cost_the_same_work(caller, ada, settings):
    settings.PASSWORD_HASHERS = ["accounts.tests.counting.CountingHasher"]
    ada.set_password(PASSWORD)
    ada.save()
    emails = ("ada@example.org", "nobody@example.org")
    assert [hashes_made_by(lambda email=email: log_in(caller, email, "wrong")) for email in emails] == [1, 1]


def test_twenty_bad_tries_are_stopped_whatever_the_forwarded_address_and_the_case(caller, ada, bob):
    answers = [
        caller.post(
            DOORS[number % 2],
            {"email": "ada@example.org" if number % 3 else "ADA@Example.org", "password": "wrong"},
            format="json",
            headers={"X-Forwarded-For": f"9.9.9.{number}"},
        )
        for number in range(20)
    ]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429] * 10
    last = answers[-1]
    assert last.json()["errors"][0]["status"] == 429
    assert int(last.headers["Retry-After"]) > 0
    assert log_in(caller).status_code == 429  # the right password does not help either
    assert log_in(caller, "bob@example.org").status_code == 200


def test_good_sign_ins_do_not_use_up_the_tries(caller, ada):
    assert {log_in(caller).status_code for _ in range(12)} == {200}


def test_behind_a_proxy_callers_are_told_apart(caller, ada, settings):
    settings.TRUSTED_PROXIES = 1
    for _ in range(11):
        log_in(caller, password="wrong")
    assert log_in(caller).status_code == 429
    elsewhere = caller.post(
        "/auth/session",
        {"email": "ada@example.org", "password": PASSWORD},
        format="json",
        headers={"X-Forwarded-For": "9.9.9.9"},
    )
    assert elsewhere.status_code == 200


def test_signing_in_is_noted_at_the_account(caller, ada):
    log_in(caller)
    ada.refresh_from_db()
    assert ada.last_accessed_at is not None


def test_a_refresh_token_gives_a_new_access_token(caller, ada):
    tokens = log_in(caller, remember_me=True, include_in_response=True).json()
    answer = caller.post("/v1/auth/token/refresh", {"refresh_token": tokens["refresh_token"]}, format="json")
    assert answer.status_code == 200
    claims = claims_of(answer.json()["access_token"])
    assert (claims["identity"], claims["fresh"], claims["type"]) == (ada.pk, False, "access")


def test_the_refresh_token_may_come_in_the_header(caller, ada):
    tokens = log_in(caller, remember_me=True, include_in_response=True).json()
    answer = caller.post("/v1/auth/token/refresh", headers={"Authorization": f"JWT {tokens['refresh_token']}"})
    assert answer.status_code == 200


def renew(caller, token):
    return caller.post("/v1/auth/token/refresh", {"refresh_token": token}, format="json")


def test_a_client_that_keeps_its_first_refresh_token_stays_signed_in(caller, ada):
    token = log_in(caller, remember_me=True, include_in_response=True).json()["refresh_token"]
    assert [renew(caller, token).status_code for _ in range(3)] == [200, 200, 200]


def test_reusing_a_replaced_refresh_token_ends_the_whole_family(caller, ada):
    first = log_in(caller, remember_me=True, include_in_response=True).json()["refresh_token"]
    second = renew(caller, first).json()["refresh_token"]
    third = renew(caller, second).json()["refresh_token"]
    assert renew(caller, first).status_code == 401
    assert [renew(caller, token).status_code for token in (second, third)] == [401, 401]
    assert RefreshFamily.objects.get().revoked_at is not None


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c", "\u2603", None])
def test_nonsense_is_no_refresh_token(caller, db, token):
    answer = renew(caller, token)
    assert (answer.status_code, list(answer.json())) == (401, ["error"])


def test_an_access_token_is_no_refresh_token(caller, ada):
    assert renew(caller, log_in(caller).json()["access_token"]).status_code == 401


def test_a_new_password_voids_refresh_tokens(caller, ada):
    token = log_in(caller, remember_me=True, include_in_response=True).json()["refresh_token"]
    ada.set_password("another fine password")
    ada.save()
    assert renew(caller, token).status_code == 401


@pytest.mark.parametrize(("email", "exists"), [("Ada@example.org", True), ("nobody@example.org", False)])
def test_old_clients_may_ask_whether_an_address_has_an_account(caller, ada, email, exists):
    answer = caller.post("/v1/users/check_email", {"email": email}, format="json")
    assert (answer.status_code, answer.json()) == (200, {"exists": exists})


@pytest.mark.parametrize("body", [{}, [], {"email": None}, {"email": "ada"}, {"email": ["ada@example.org"]}])
def test_what_is_no_address_is_refused(caller, db, body):
    answer = caller.post("/v1/users/check_email", body, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["source"]) == (422, {"pointer": "/email"})
    assert answer.json()["error"] == answer.json()["errors"][0]["detail"]


def test_asking_for_addresses_is_throttled(caller, db):
    statuses = [
        caller.post("/v1/users/check_email", {"email": f"a{n}@example.org"}, format="json").status_code
        for n in range(21)
    ]
    assert statuses == [200] * 20 + [429]


def test_every_door_asks_the_same_function(ada, rf):
    assert sign_in("ADA@example.org", PASSWORD, request=rf.post("/")) == ada


# ── A refresh token in a cookie ──────────────────────────────────────────────────────────────────


def remembered_by_cookie(caller):
    answer = log_in(caller, remember_me=True)
    assert list(answer.json()) == ["access_token"]
    return answer.cookies


def renew_by_cookie(caller, csrf):
    return caller.post("/v1/auth/token/refresh", format="json", headers={"X-CSRF-Token": csrf})


def test_whoever_keeps_no_token_is_remembered_by_a_cookie(caller, ada):
    cookies = remembered_by_cookie(caller)
    kept = cookies["refresh_token_cookie"]
    assert (kept["path"], kept["httponly"], kept["samesite"]) == ("/v1/auth/token/refresh", True, "Lax")
    assert not cookies["csrf_refresh_token"]["httponly"]
    answer = renew_by_cookie(caller, cookies["csrf_refresh_token"].value)
    assert (answer.status_code, list(answer.json())) == (200, ["access_token"])
    assert answer.cookies["refresh_token_cookie"].value != kept.value


@pytest.mark.parametrize("csrf", ["", "guessed", "\u2603"])
def test_a_cookie_that_another_site_had_sent_renews_nothing(caller, ada, csrf):
    remembered_by_cookie(caller)
    answer = caller.post("/v1/auth/token/refresh", format="json", HTTP_X_CSRF_TOKEN=csrf)
    assert (answer.status_code, list(answer.json())) == (401, ["error"])


def test_signing_out_takes_the_cookies_back(caller, ada):
    remembered_by_cookie(caller)
    answer = caller.post("/v1/auth/logout", format="json")
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert [answer.cookies[name].value for name in ("refresh_token_cookie", "csrf_refresh_token")] == ["", ""]


def test_signing_out_ends_the_session_of_our_pages(caller, ada):
    caller.force_login(ada)
    caller.post("/v1/auth/logout", format="json")
    assert caller.get(f"/v1/users/{ada.pk}").status_code == 404


def test_no_other_site_signs_anybody_out(ada):
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(ada)
    assert browser.post("/v1/auth/logout", format="json").status_code == 403
    assert browser.get(f"/v1/users/{ada.pk}").status_code == 200


# ── Being somebody ───────────────────────────────────────────────────────────────────────────────


def signed_in(user, remember=False):
    caller, tokens = APIClient(), give_tokens(user, remember=remember)
    caller.credentials(HTTP_AUTHORIZATION=f"JWT {tokens['access_token']}")
    return caller, tokens


def test_a_fresh_token_is_given_to_oneself_alone(ada, bob):
    caller, _ = signed_in(ada)
    body = {"email": "ada@example.org", "password": PASSWORD}
    answer = caller.post("/v1/auth/fresh-login", body, format="json")
    assert claims_of(answer.json()["access_token"])["fresh"] is True
    for other in ({"email": "bob@example.org"}, {"password": "wrong"}):
        answer = caller.post("/v1/auth/fresh-login", body | other, format="json")
        assert (answer.status_code, answer.json()) == (401, {"error": "Invalid Credentials"})
    assert caller.post("/v1/auth/fresh-login", {}, format="json").status_code == 400


def test_after_the_blacklist_nothing_is_renewed_and_access_runs_out_by_itself(ada):
    caller, tokens = signed_in(ada, remember=True)
    answer = caller.post("/v1/auth/blacklist", format="json")
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert renew(APIClient(), tokens["refresh_token"]).status_code == 401
    assert caller.get(f"/v1/users/{ada.pk}").status_code == 200


def test_one_asks_who_one_is(ada, caller):
    path = "/v1/users/user-details/get-user-id"
    assert signed_in(ada)[0].get(path).json() == {"user_id": ada.pk}
    answer = caller.get(path)
    assert (answer.status_code, list(answer.json())) == (401, ["error"])
