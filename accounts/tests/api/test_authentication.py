"""Who is calling the API, and who is turned away."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.services.tokens import AccessToken, give_tokens
from accounts.tests.people import PASSWORD


@pytest.fixture
def address(ada):
    """Something that ada alone may see."""
    return f"/v1/users/{ada.pk}"


def fetch(client, address, token, query=None):
    return client.get(address, query, headers={"Authorization": f"JWT {token}"})


def test_a_good_token_is_let_in(client, ada, address):
    assert fetch(client, address, give_tokens(ada)["access_token"]).status_code == 200


def expired(user):
    token = AccessToken.for_user(user)
    token.set_exp(from_time=timezone.now() - timedelta(days=2), lifetime=timedelta(days=1))
    return str(token)


def forged(user):
    head, body, signature = give_tokens(user)["access_token"].split(".")
    return ".".join((head, body, signature[::-1]))


def unsigned(user):
    _, body, _ = give_tokens(user)["access_token"].split(".")
    return f"eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{body}."


def of_the_wrong_type(user):
    return give_tokens(user, remember=True)["refresh_token"]


def of_nobody(user):
    token = AccessToken.for_user(user)
    token["identity"] = 0
    return str(token)


@pytest.mark.parametrize(
    "make", [expired, forged, unsigned, of_the_wrong_type, of_nobody, lambda user: "", lambda user: "null"]
)
def test_a_bad_token_is_refused_even_where_none_is_needed(client, ada, address, make):
    answer = fetch(client, address, make(ada))
    assert answer.status_code == 401
    error = answer.json()["errors"][0]
    assert (error["status"], error["detail"]) == (401, "This sign-in has ended. Sign in again.")


def test_a_blocked_account_is_turned_away_at_once(client, ada, address):
    token = give_tokens(ada)["access_token"]
    ada.is_blocked = True
    ada.save()
    assert fetch(client, address, token).status_code == 401


def test_a_deleted_account_is_turned_away_at_once(client, ada, address):
    token = give_tokens(ada)["access_token"]
    ada.hide()
    assert fetch(client, address, token).status_code == 401


def test_a_new_password_voids_access_tokens(client, ada, address):
    token = give_tokens(ada)["access_token"]
    ada.set_password("another fine password")
    ada.save()
    assert fetch(client, address, token).status_code == 401


@pytest.mark.parametrize("name", ["jwt", "token", "access_token"])
def test_a_token_in_the_address_is_refused_and_not_logged(client, ada, address, caplog, name):
    token = give_tokens(ada)["access_token"]
    answer = client.get(address, {name: token})
    assert answer.status_code == 401
    assert token not in answer.content.decode()
    assert token not in caplog.text
    assert fetch(client, address, token, {name: token}).status_code == 401


def test_a_fetch_of_our_own_pages_is_known_by_its_session(client, ada, address):
    client.force_login(ada)
    assert client.get(address).status_code == 200


def test_a_post_from_another_site_is_refused_although_the_cookie_comes_along(ada, address):
    browser = Client(enforce_csrf_checks=True)
    browser.login(username=ada.email, password=PASSWORD, request=browser.request().wsgi_request)
    answer = browser.patch(address, "{}", content_type="application/vnd.api+json")
    assert answer.status_code == 403


def test_a_call_with_a_token_needs_no_csrf_token(ada, address):
    browser = Client(enforce_csrf_checks=True)
    answer = browser.patch(
        address,
        "{}",
        content_type="application/vnd.api+json",
        headers={"Authorization": f"JWT {give_tokens(ada)['access_token']}"},
    )
    assert answer.status_code not in (401, 403)


def preflight(client, address, origin):
    return client.options(
        address,
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": "PATCH",
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )


def test_a_preflight_from_an_unknown_origin_is_allowed_nothing(client, address, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example.org"]
    answer = preflight(client, address, "https://evil.example")
    assert [name for name in answer.headers if name.lower().startswith("access-control-allow")] == []


def test_a_preflight_from_a_listed_origin_is_allowed_without_cookies(client, address, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example.org"]
    answer = preflight(client, address, "https://app.example.org")
    assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example.org"
    assert "Access-Control-Allow-Credentials" not in answer.headers
