"""What other machines ask."""

from django.conf import settings


def test_info_tells_the_version(client):
    assert client.get("/info").json() == {"build": {"version": settings.VERSION}}


def test_a_server_that_is_well_says_so(client, db):
    answer = client.get("/health-check")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "ok", "queue": "ok"})
