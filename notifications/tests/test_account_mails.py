"""Account mails go the way of all mails."""

import pytest
from django.core import mail
from django.test import Client

from notifications.models import SENT, Mail


def test_a_mail_of_the_account_pages_is_queued_and_recorded(db, ada, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        Client().post("/accounts/password/forgotten", {"email": "ada@example.org"})
    sent = Mail.objects.get()
    assert (sent.kind, sent.recipient, sent.status) == ("account-password-reset-key", "ada@example.org", SENT)
    assert [message.to for message in mail.outbox] == [["ada@example.org"]]


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_known_and_unknown_addresses_are_answered_alike(db, ada, email, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = Client().post("/accounts/password/forgotten", {"email": email})
    assert (answer.status_code, Mail.objects.count()) == (302, 1)
