"""The mail server is down, then full, then well: people buy all the while, and every mail arrives, once."""

import socket

import pytest

from notifications.models import QUEUED, SENT, Mail
from orders.services.paying import pay_by_token
from orders.services.states import cancel_order
from orders.tests.factories import make_finished_order, make_order
from orders.tests.later import let_the_clock_repair

pytestmark = pytest.mark.django_db(transaction=True)

ANN = {"firstname": "Ann", "lastname": "Other", "email": "ann@example.org"}


@pytest.fixture
def nobody_answers(settings):
    """A mail server's address, at which there is none."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = probe.getsockname()


def letters():
    return sorted(Mail.objects.values_list("recipient", "kind", "status"))


def test_orders_complete_and_their_mails_arrive_when_the_mail_server_is_back(
    nobody_answers, post_office, settings, local_stripe, ada, bob, free_ticket, paid_ticket
):
    free = make_finished_order(free_ticket, by=bob, names=ANN)
    paid = pay_by_token(make_order(paid_ticket, by=bob), by=bob, token="tok_visa")
    assert (free.status, paid.status, local_stripe.balance()) == ("completed", "completed", {"eur": 2000})
    cancel_order(free, by=ada)
    waiting = [
        ("ann@example.org", "ticket-for-holder"),
        ("bob@example.org", "order-cancelled"),
        ("bob@example.org", "order-completed"),
        ("bob@example.org", "order-completed"),
    ]
    assert letters() == [(*letter, QUEUED) for letter in waiting]

    settings.EMAIL_HOST, settings.EMAIL_PORT = post_office.host, post_office.port
    post_office.refusals["bob@example.org"] = "451 4.3.2 System not accepting network messages"
    let_the_clock_repair()
    assert letters() == [(*waiting[0], SENT), *((*letter, QUEUED) for letter in waiting[1:])]

    post_office.refusals.clear()
    for _ in range(2):
        let_the_clock_repair()
    assert letters() == [(*letter, SENT) for letter in waiting]
    assert sorted(mail["To"] for mail in post_office.mails) == [recipient for recipient, _ in waiting]
    papers = [[part.get_filename().partition("-")[0] for part in mail.iter_attachments()] for mail in post_office.mails]
    assert sorted(papers) == [[], [], ["order"], ["tickets", "order"]]  # what was cancelled has no tickets by then
