"""How often one caller may try one thing, and who one caller is."""

import time

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from openevent.core.limits import client_address, give_back, limit
from openevent.core.refusals import Refused


@pytest.fixture(autouse=True)
def _nothing_counted_yet():
    cache.clear()


def is_refused(name, key, rate):
    try:
        limit(name, key, rate)
    except Refused as refusal:
        return refusal.status, refusal.retry_after
    return False


def test_the_first_tries_pass_and_the_next_is_told_when_to_come_again():
    assert [is_refused("look", "ada", "3/5m") for _ in range(4)] == [False, False, False, (429, 300)]


def test_every_name_and_every_key_has_its_own_count():
    for _ in range(2):
        is_refused("look", ("ada", 1), "1/m")
    assert is_refused("look", ("ada", 1), "1/m")
    assert [is_refused("look", ("ada", 2), "1/m"), is_refused("find", ("ada", 1), "1/m")] == [False, False]


def test_a_try_that_is_given_back_does_not_count():
    for _ in range(5):
        limit("look", "ada", "1/m")
        give_back("look", "ada")


def test_giving_back_what_was_never_counted_does_nothing():
    give_back("look", "ada")
    assert [is_refused("look", "ada", "1/m") for _ in range(2)] == [False, (429, 60)]


def test_the_count_begins_anew_after_the_period(monkeypatch):
    is_refused("look", "ada", "1/h")
    assert is_refused("look", "ada", "1/h")
    later = time.time() + 3601
    monkeypatch.setattr(time, "time", lambda: later)
    assert not is_refused("look", "ada", "1/h")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "6.6.6.6", "10.0.0.1"),  # nobody is trusted, so the header is a caller's invention
        (1, "6.6.6.6, 9.9.9.9", "9.9.9.9"),
        (1, "9.9.9.9", "9.9.9.9"),
        (2, "6.6.6.6, 9.9.9.9, 10.0.0.2", "9.9.9.9"),
        (2, "9.9.9.9", "10.0.0.1"),  # fewer hops than proxies: it did not come through them
        (1, "nonsense", "unknown"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "::ffff:9.9.9.9", "9.9.9.9"),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="10.0.0.1")
    assert client_address(request) == address
