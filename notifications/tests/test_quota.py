"""How many mails the forms of one person send in a day, and what becomes of the rest."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import BLOCKED, QUEUED, Mail, MessageSetting
from notifications.services.mail import queue_mail, resend_mail
from notifications.tasks import send_waiting_mails

pytestmark = pytest.mark.django_db
WORDS = {"to": "bob@example.org", "subject": "x", "text": "x"}


@pytest.fixture
def quota(settings):
    settings.MAILS_A_DAY, settings.MAILS_A_DAY_OF_NEW_ACCOUNTS, settings.NEW_ACCOUNT_DAYS = 3, 1, 7


def grow_old(user):
    user.created_at = timezone.now() - timedelta(days=8)
    user.save(update_fields=["created_at"])


def states_of(*mails):
    return [mail.status for mail in mails]


@pytest.mark.usefixtures("quota")
def test_one_more_than_a_days_mails_is_held_back_and_says_why(ada):
    grow_old(ada)
    mails = [queue_mail("role-invite", **WORDS, by=ada) for _ in range(4)]
    assert states_of(*mails) == [QUEUED] * 3 + [BLOCKED]
    assert mails[3].error == "Ada has asked for 3 mails within a day, and 3 is the most. Send it again tomorrow."
    assert (mails[3].next_attempt_at, mails[3].badge["word"]) == (None, "Held back")


@pytest.mark.usefixtures("quota")
def test_a_new_account_sends_less(ada):
    assert states_of(*(queue_mail("role-invite", **WORDS, by=ada) for _ in range(2))) == [QUEUED, BLOCKED]


@pytest.mark.usefixtures("quota")
def test_tomorrow_one_may_send_again_and_what_was_held_back_does_not_count(ada):
    first, *held = (queue_mail("role-invite", **WORDS, by=ada) for _ in range(3))
    Mail.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(days=1, seconds=1))
    assert states_of(*held, resend_mail(held[0], by=ada)) == [BLOCKED, BLOCKED, QUEUED]


@pytest.mark.usefixtures("quota")
def test_nobody_uses_up_anybody_elses_and_the_servers_own_mails_count_for_nobody(ada, bob):
    queue_mail("role-invite", **WORDS, by=ada)
    others = [queue_mail("x", **WORDS, by=by) for by in (bob, "guest", "server", None, None)]
    assert states_of(*others) == [QUEUED] * 5


@pytest.mark.usefixtures("quota")
def test_what_is_held_back_is_sent_by_no_clock(ada, mailoutbox):
    for _ in range(2):
        queue_mail("role-invite", **WORDS, by=ada)
    Mail.objects.filter(status=QUEUED).delete()
    send_waiting_mails()
    assert mailoutbox == []


def test_a_kind_that_staff_switched_off_is_held_back(bob, mailoutbox):
    mail = queue_mail("order-cancelled", **WORDS)
    MessageSetting.objects.update_or_create(action="ticket_cancelled", defaults={"enabled": False})
    again = resend_mail(mail)
    assert (again.status, again.error) == (BLOCKED, "The site's staff has switched off mails of this kind.")
