"""What other machines ask."""

import base64

import pytest
from django.conf import settings

from accounts.tests.people import PASSWORD


def test_info_tells_the_version(client):
    assert client.get("/info").json() == {"build": {"version": settings.VERSION}}


def test_a_server_that_is_well_says_so(client, db):
    answer = client.get("/health-check")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "ok", "queue": "ok"})


def environment(client, email, password=PASSWORD):
    basic = base64.b64encode(f"{email}:{password}".encode()).decode()
    return client.get("/environment", headers={"Authorization": f"Basic {basic}"})


def test_those_who_keep_the_site_are_told_what_it_runs_on(client, root):
    answer = environment(client, root.email)
    assert answer.status_code == 200
    assert answer.json().keys() == {"version", "python", "django", "database", "queue", "storage", "is_demo"}
    assert settings.SECRET_KEY not in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"


def test_nobody_else_is(client, root, ada):
    assert environment(client, ada.email).status_code == 403
    for answer in (environment(client, root.email, "wrong"), client.get("/environment")):
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize("password", ["wrong", PASSWORD])
def test_asking_for_it_is_throttled(client, root, password):
    statuses = [environment(client, root.email, password).status_code for _ in range(11)]
    assert statuses[-1] == 429
