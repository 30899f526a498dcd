"""No address of ours leads people to another site."""

from urllib.parse import urlsplit

import pytest

from accounts.tests.people import PASSWORD

ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "https:evil.example",
    "https:///evil.example",
    "http://evil.example",
    "HTTPS://evil.example",
    "https://testserver@evil.example",
    "https://testserver.evil.example",
    "https://127.0.0.1:8000.evil.example",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "/my/tickets\r\nLocation: https://evil.example",
    "/my/tickets\r\nSet-Cookie: session=mine",
    "//evil.example/%2e%2e",
    "/%09/evil.example",
    "%2F%2Fevil.example",
    "/%2Fevil.example",
    "/%5cevil.example",
    "//evil%E3%80%82example",
    "//evil。example",
    "https://[::1",
    "x" * 5000,
]


def leads_away(location):
    """Whether a browser that reads this at one of our pages leaves our site."""
    location = location.strip().replace("\t", "").replace("\r", "").replace("\n", "").replace("\\", "/")
    parts = urlsplit(location)
    return bool(parts.scheme or parts.netloc) or location.startswith("//")


def assert_stays(answer):
    assert answer.status_code in (200, 302, 400, 414)
    assert not leads_away(answer.headers.get("Location", "/"))
    assert "mine" not in str(answer.cookies)


@pytest.mark.parametrize("url", ELSEWHERE, ids=lambda url: repr(url[:40]))
def test_signing_in_and_out_and_up_stay_here(client, ada, url):
    known = {"login": ada.email, "password": PASSWORD}
    assert_stays(client.post("/accounts/sign-in", {**known, "next": url}))
    assert_stays(client.get("/accounts/sign-in", {"next": url}))  # who is signed in already is sent on
    assert_stays(client.get("/accounts/confirm", {"next": url}))
    assert_stays(client.post("/accounts/confirm", {"password": PASSWORD, "next": url}))
    assert_stays(client.post("/accounts/sign-out", {"next": url}))
    new = {"email": "new@example.org", "password1": "a fine long password", "next": url}
    assert_stays(client.post("/accounts/sign-up", new))


@pytest.mark.parametrize("url", ELSEWHERE, ids=lambda url: repr(url[:40]))
def test_no_page_links_to_what_stands_in_its_address(client, ada, url):
    for address in ("/accounts/sign-in", "/accounts/sign-up", "/accounts/password/forgotten", "/"):
        page = client.get(address, {"next": url, "q": url, "where": url}).content.decode()
        assert f'href="{url}"' not in page
        assert f'action="{url}"' not in page


def test_whoever_has_to_sign_in_is_led_back_to_where_they_were(client, ada):
    answer = client.get("/my/tickets")
    assert answer["Location"] == "/accounts/sign-in?next=/my/tickets"
    known = {"login": ada.email, "password": PASSWORD}
    assert client.post(answer["Location"], {**known, "next": "/my/tickets"})["Location"] == "/my/tickets"
