"""Mails: queued with the transaction, delivered once, tried again when the mail server is away."""

import socket
import threading
from datetime import timedelta

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Setting, User
from notifications.models import BLOCKED, FAILED, QUEUED, SENDING, SENT, Mail
from notifications.services import attachments
from notifications.services.attachments import Attachment, register_attachment
from notifications.services.delivery import MINUTES_BETWEEN, deliver, waiting_mails
from notifications.services.mail import queue_mail, queue_message, resend_mail, send_mail, send_to_all
from notifications.tasks import send_waiting_mails
from openevent.core.refusals import Refused
from openevent.core.sealed import UNREADABLE

pytestmark = pytest.mark.django_db(transaction=True)
SMTP = "django.core.mail.backends.smtp.EmailBackend"
PLACED = {
    "event_name": "Harbour Code Days",
    "order_identifier": "A7K2Q9XM",
    "when": ["Thursday 14 May 2026", "09:00 – 17:00"],
    "zone": "Europe/Lisbon, UTC+01:00",
    "place": "Quay Hall",
    "buyer_name": "Bob",
    "instructions": "IBAN 1\nWithin 14 days",
    "payment_words": "By bank transfer",
    "lines": [("Three days", 2, "€178.00")],
    "sums": [],
    "total": "€178.00",
    "button_url": "https://tickets.example/orders/A7K2Q9XM",
    "button_text": "Open the order",
}


@pytest.fixture
def smtp(post_office, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, post_office.host, post_office.port
    return post_office


@pytest.fixture
def no_smtp(settings):
    """A port on which nobody answers, until somebody does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = probe.getsockname()
    settings.EMAIL_BACKEND = SMTP


@pytest.fixture
def builders(monkeypatch):
    """Attachments that only this test registers."""
    monkeypatch.setattr(attachments, "_builders", {})


def write(to="bob@example.org", **changes) -> Mail:
    values = {"subject": "Your ticket", "text": "Here it is.", "html": "<p>Here it is.</p>", **changes}
    mail = queue_mail("order-completed", to=to, **values)
    mail.refresh_from_db()
    return mail


def make_due(mail):
    Mail.objects.filter(pk=mail.pk).update(next_attempt_at=timezone.now() - timedelta(seconds=1))


def test_a_mail_is_delivered_with_its_plain_twin(smtp):
    mail = send_mail("order-placed", to="bob@example.org", context=PLACED)
    [got] = smtp.mails
    assert got["To"] == "bob@example.org"
    assert got["Subject"] == "How to pay for Harbour Code Days (order A7K2Q9XM)"
    assert got["Message-ID"] == mail.message_id
    plain, rich = (got.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for words in (plain, rich):
        for said in ("IBAN 1", "Within 14 days", "€178.00", "Quay Hall", "tickets.example/orders/A7K2Q9XM"):
            assert said in words
    assert "<" not in plain
    mail.refresh_from_db()
    assert (mail.status, mail.attempts, mail.next_attempt_at) == (SENT, 1, None)
    assert mail.sent_at is not None


def test_many_get_the_same_words_each_in_a_mail_of_their_own_as_far_as_the_day_goes(smtp, ada, settings):
    settings.MAILS_A_DAY_OF_NEW_ACCOUNTS = 2
    people = [f"person{number}@example.org" for number in range(3)]
    first, second, held = send_to_all("order-placed", to=people, context=PLACED, by=ada)
    assert [(mail["To"], mail["Message-ID"]) for mail in smtp.mails] == [
        (people[0], first.message_id),
        (people[1], second.message_id),
    ]
    assert smtp.mails[0].get_body(("plain",)).get_content() == smtp.mails[1].get_body(("plain",)).get_content()
    held.refresh_from_db()
    assert (held.status, held.next_attempt_at, held.recipient) == (BLOCKED, None, people[2])
    assert held.error.startswith("Ada has asked for 2 mails within a day, and 2 is the most.")


def test_a_mail_goes_out_after_the_commit_and_not_before(smtp):
    with transaction.atomic():
        queue_mail("x", to="bob@example.org", subject="x", text="x")
        assert smtp.mails == []
    assert len(smtp.mails) == 1


def test_what_is_rolled_back_is_not_mailed(smtp):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queue_mail("x", to="bob@example.org", subject="x", text="x")
        raise ZeroDivisionError
    assert smtp.mails == []
    assert Mail.objects.count() == 0


def test_a_mail_server_that_is_away_is_tried_again(no_smtp, post_office, settings):
    mail = write()
    assert (mail.status, mail.attempts) == (QUEUED, 1)
    assert mail.error.startswith("ConnectionRefusedError")
    assert mail.next_attempt_at - timezone.now() > timedelta(seconds=50)

    settings.EMAIL_HOST, settings.EMAIL_PORT = post_office.host, post_office.port
    send_waiting_mails()
    assert post_office.mails == []  # it is not time yet
    make_due(mail)
    send_waiting_mails()
    mail.refresh_from_db()
    assert (mail.status, mail.attempts, mail.error) == (SENT, 2, "")
    assert len(post_office.mails) == 1


def test_a_full_mailbox_is_tried_again_and_the_answer_is_kept(smtp):
    smtp.refusals["bob@example.org"] = "452 4.2.2 Mailbox full"
    mail = write()
    assert (mail.status, mail.error) == (QUEUED, "452 4.2.2 Mailbox full")
    smtp.refusals.clear()
    make_due(mail)
    send_waiting_mails()
    mail.refresh_from_db()
    assert mail.status == SENT


def test_an_address_that_does_not_exist_is_given_up_at_once(smtp):
    smtp.refusals["bob@example.org"] = "550 5.1.1 No such mailbox"
    mail = write()
    assert (mail.status, mail.error, mail.next_attempt_at) == (FAILED, "550 5.1.1 No such mailbox", None)
    send_waiting_mails()
    mail.refresh_from_db()
    assert mail.attempts == 1


def test_a_mail_is_given_up_after_eight_attempts(no_smtp):
    mail = write()
    for _ in MINUTES_BETWEEN:
        make_due(mail)
        send_waiting_mails()
    mail.refresh_from_db()
    assert (mail.status, mail.attempts, mail.next_attempt_at) == (FAILED, 8, None)


def test_two_workers_send_a_mail_once(smtp, settings):
    mail = write()
    Mail.objects.filter(pk=mail.pk).update(status=QUEUED)
    smtp.mails.clear()
    start = threading.Barrier(4)

    def work():
        start.wait()
        deliver(mail.pk)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(smtp.mails) == 1


def test_a_sent_mail_is_not_sent_by_asking_again(smtp):
    mail = write()
    deliver(mail.pk)
    assert len(smtp.mails) == 1


def test_a_mail_that_no_worker_took_is_found_by_the_clock(smtp):
    waiting = {"kind": "x", "recipient": "bob@example.org", "sender": "a@example.org", "text": "x"}
    mail = Mail.objects.create(**waiting, message_id="<1@x>")
    send_waiting_mails()
    mail.refresh_from_db()
    assert mail.status == SENT


def test_a_mail_of_a_worker_that_died_is_free_again(smtp):
    mail = write()
    Mail.objects.filter(pk=mail.pk).update(status=SENDING, next_attempt_at=timezone.now())
    assert waiting_mails() == [mail.pk]
    deliver(mail.pk)
    assert [got["Message-ID"] for got in smtp.mails] == [mail.message_id] * 2


def test_the_clock_asks_for_a_waiting_mail_once_in_a_while_only():
    Mail.objects.create(kind="x", recipient="b@example.org", sender="a@example.org", text="x", message_id="<1@x>")
    assert len(waiting_mails()) == 1
    assert waiting_mails() == []


@pytest.mark.parametrize(
    "address",
    [
        "bob@example.org\nBcc: eve@example.org",
        "bob@example.org\r\nSubject: x",
        "bob@example.org, eve@example.org",
        "Bob <bob@example.org>",
        "bob",
        "",
        None,
    ],
)
def test_an_address_that_would_write_headers_is_refused(address, smtp):
    for to, reply_to in ((address, ""), ("bob@example.org", address or "x")):
        with pytest.raises(Refused):
            queue_mail("x", to=to, reply_to=reply_to, subject="x", text="x")
    assert smtp.mails == []
    assert Mail.objects.count() == 0


@pytest.mark.parametrize("name", ["Days\r\nBcc: eve@example.org", "Days\nBcc: eve@example.org", "Days\u2028Bcc: e@x"])
def test_a_name_with_line_breaks_stays_in_its_header(name, smtp):
    send_mail("order-placed", to="bob@example.org", context={**PLACED, "event_name": name})
    [got] = smtp.mails
    assert got["Bcc"] is None
    assert got["Subject"] == f"How to pay for {' '.join(name.split())} (order A7K2Q9XM)"


@pytest.mark.parametrize(
    "name", ["{{7*7}}", "{{ 7|add:7 }}", "{0.__class__}", "{user.password}", "{% now 'Y' %}", "%(x)s"]
)
def test_templates_in_names_are_printed_as_they_are(name, smtp):
    context = {**PLACED, "event_name": name, "buyer_name": name, "instructions": name}
    send_mail("order-placed", to="bob@example.org", context=context)
    [got] = smtp.mails
    plain, rich = (got.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert plain.count(name) == 3
    assert name.replace("'", "&#x27;") in rich
    assert name in got["Subject"]


def test_markup_in_names_is_escaped_in_html(smtp):
    context = {**PLACED, "event_name": "<script>alert(1)</script>", "place": '"><img src=x onerror=alert(1)>'}
    send_mail("order-placed", to="bob@example.org", context=context)
    rich = smtp.mails[0].get_body(("html",)).get_content()
    assert "<script" not in rich
    assert "<img" not in rich


def test_attachments_are_made_when_the_mail_goes_out(smtp, builders):
    register_attachment("papers", lambda name: [Attachment(f"{name}.pdf", b"%PDF", "application/pdf")])
    mail = write(attachments=[("papers", {"name": "Büro 王"})])
    assert mail.attachments == [["papers", {"name": "Büro 王"}]]
    [file] = smtp.mails[0].iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("Büro 王.pdf", b"%PDF")


def test_a_builder_that_fails_is_tried_again(smtp, builders):
    register_attachment("papers", lambda: 1 / 0)
    mail = write(attachments=[("papers", {})])
    assert (mail.status, mail.error) == (QUEUED, "ZeroDivisionError: division by zero")


def test_an_attachment_that_nobody_makes_is_a_mistake_of_the_caller(builders):
    with pytest.raises(LookupError, match="papers"):
        write(attachments=[("papers", {})])


def test_a_mail_sent_again_is_a_mail_of_its_own(smtp):
    first = write()
    second = resend_mail(first, to="bob@work.example")
    second.refresh_from_db()
    assert (second.status, second.recipient, second.text) == (SENT, "bob@work.example", first.text)
    assert second.message_id != first.message_id
    assert [got["To"] for got in smtp.mails] == ["bob@example.org", "bob@work.example"]


def test_a_mail_knows_what_it_is_about(bob, smtp):
    mail = write(about=bob)
    assert list(Mail.objects.about(bob)) == [mail]
    assert list(Mail.objects.about(User(pk=bob.pk + 1))) == []


def test_the_sender_is_the_one_in_the_settings(smtp):
    Setting.objects.update_or_create(pk=1, defaults={"email_from": "box@harbour.example", "email_from_name": "Bö\nx"})
    write()
    assert smtp.mails[0]["From"] == "Bö x <box@harbour.example>"


@pytest.mark.parametrize("address", ["not an address", "a@b.example\nBcc: eve@example.org"])
def test_a_sender_that_is_no_address_does_not_keep_mail_from_people(address, smtp, settings):
    Setting.objects.update_or_create(pk=1, defaults={"email_from": address})
    write()
    assert smtp.mails[0]["From"] == settings.DEFAULT_FROM_EMAIL


def test_a_copied_database_does_not_show_what_mails_say(smtp, settings):
    mail = write(text="https://tickets.example/orders/x?key=SECRETSECRET", html="<p>SECRETSECRET</p>")
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, html FROM notifications_mail")
        assert "SECRET" not in "".join(cursor.fetchone())
    assert Mail.objects.get(pk=mail.pk).html == "<p>SECRETSECRET</p>"
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another secret"
    assert Mail.objects.get(pk=mail.pk).html == UNREADABLE
    settings.SECRET_KEY_FALLBACKS = [old]
    assert Mail.objects.get(pk=mail.pk).html == "<p>SECRETSECRET</p>"


def test_mails_of_another_library_are_queued_too(smtp):
    message = EmailMultiAlternatives("New\npassword", "Follow the link", to=["bob@example.org"])
    message.attach_alternative("<p>Follow the link</p>", "text/html")
    queue_message("account-password", message)
    assert smtp.mails[0].get_body(("html",)).get_content().strip() == "<p>Follow the link</p>"
    assert smtp.mails[0]["Subject"] == "New password"
