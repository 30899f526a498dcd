"""A server in earnest: it starts with a secret of its own, and Django finds nothing to warn of."""

import os
import re
import secrets
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

EARNEST = {"DEBUG": "0", "BASE_URL": "https://tickets.example.org", "ALLOWED_HOSTS": "tickets.example.org"}
LEAVE_OUT = re.compile("^(DEBUG|DEMO|SECRET_KEY|BASE_URL|ALLOWED_HOSTS|DATABASE_URL|DJANGO_|PYTEST)")
COOKIES = """
from django.conf import settings
print(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_SECURE)
print(settings.DEMO, settings.ALLOWED_HOSTS, settings.CORS_ALLOWED_ORIGIN_REGEXES)
"""


def manage(*arguments, **environment):
    own = {name: value for name, value in os.environ.items() if not LEAVE_OUT.match(name)}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=own | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_default_secret_starts_on_a_laptop_alone():
    refused = manage("check", SECRET_KEY=settings.DEFAULT_SECRET, **EARNEST)
    assert refused.returncode != 0
    assert "DEBUG is off and SECRET_KEY is the default one: set SECRET_KEY to a long random text." in refused.stderr
    assert manage("check").returncode == 0


def test_a_demo_starts_with_no_default_secret_either():
    assert manage("check", DEMO="1", SECRET_KEY=settings.DEFAULT_SECRET, **EARNEST).returncode != 0


def test_an_empty_secret_starts_nowhere():
    assert manage("check", SECRET_KEY="", **EARNEST).returncode != 0


def test_django_finds_nothing_to_warn_of():
    checked = manage("check", "--deploy", "--fail-level", "WARNING", SECRET_KEY=secrets.token_urlsafe(64), **EARNEST)
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def test_cookies_are_bound_to_the_host_and_no_origin_is_let_in():
    told = manage("shell", "--no-imports", "-c", COOKIES, SECRET_KEY=secrets.token_urlsafe(64), **EARNEST)
    assert told.stdout.splitlines() == [
        "__Host-session __Host-csrf True",
        "False ['tickets.example.org'] []",
    ]


@pytest.mark.parametrize("hosts", ["tickets.example.org", "*"])
def test_a_demo_answers_on_loopback_whatever_is_configured(hosts):
    environment = {**EARNEST, "ALLOWED_HOSTS": hosts, "DEMO": "1", "SECRET_KEY": secrets.token_urlsafe(64)}
    told = manage("shell", "--no-imports", "-c", COOKIES, **environment)
    assert "True ['127.0.0.1', 'localhost', '[::1]']" in told.stdout
