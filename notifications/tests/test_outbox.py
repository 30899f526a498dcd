"""The outbox of a demo: mails as they look, in a frame that may do nothing."""

import pytest
from django.test import Client

from notifications.services import attachments
from notifications.services.attachments import Attachment, register_attachment
from notifications.services.mail import queue_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"


@pytest.fixture
def mail(monkeypatch):
    monkeypatch.setattr(attachments, "_builders", {})
    register_attachment("papers", lambda: [Attachment("Büro.pdf", b"%PDF", "application/pdf")])
    return queue_mail(
        "order-completed",
        to="bob@example.org",
        subject="Yours & ours",
        text="Here it is.",
        html="<html><head></head><body><a href='/orders/x'>Here</a></body></html>",
        attachments=[("papers", {})],
    )


def pages_of(mail):
    return ["/outbox/", *(f"/outbox/{mail.pk}/{part}" for part in ("", "body", "attachments/0"))]


def test_a_real_server_has_no_outbox(mail, settings):
    settings.DEMO = False
    assert [Client().get(page).status_code for page in pages_of(mail)] == [404] * 4


def test_a_demo_shows_its_mails(demo, mail):
    listed, page, body, file = (Client().get(page) for page in pages_of(mail))
    assert "Yours &amp; ours" in listed.content.decode()
    for said in ("bob@example.org", "Here it is.", "Büro.pdf", f'src="/outbox/{mail.pk}/body"', "sandbox="):
        assert said in page.content.decode()
    assert '<base target="_blank">' in body.content.decode()
    assert (file.content, file["Content-Type"]) == (b"%PDF", "application/pdf")
    assert file["Content-Disposition"] == "attachment; filename*=UTF-8''B%C3%BCro.pdf"


def test_the_frame_of_a_mail_runs_nothing_and_is_framed_by_us_alone(demo, mail):
    answer = Client().get(f"/outbox/{mail.pk}/body")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy
    assert "script-src" not in policy
    assert "allow-scripts" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("path", ["/outbox/999999/", "/outbox/999999/body", "/outbox/999999/attachments/0"])
def test_what_is_not_there_is_404(demo, path):
    assert Client().get(path).status_code == 404


def test_an_attachment_that_is_not_there_is_404(demo, mail):
    assert Client().get(f"/outbox/{mail.pk}/attachments/1").status_code == 404


def test_an_empty_outbox_says_what_to_do(demo):
    assert "No mails yet" in Client().get("/outbox/").content.decode()
