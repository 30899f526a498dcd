"""Mails, jobs and switches in the admin."""

import pytest

from accounts.models import Activity
from notifications.models import BLOCKED, FAILED, SENT, Mail, MessageSetting
from notifications.services.mail import send_mail
from openevent.core.admin_site import list_address, row_address
from openevent.core.tests.admin import press, save, told

LINK = "https://tickets.example.org/orders/X?key=opens-a-door"


@pytest.fixture
def keeper(client, root):
    client.force_login(root)
    return client


@pytest.fixture
def mail(db, django_capture_on_commit_callbacks):
    """One that was sent, with a link in it that opens an order."""
    context = {"order_identifier": "K7M4QX2P", "buyer_name": "Bob", "button_url": LINK, "button_text": "See"}
    with django_capture_on_commit_callbacks(execute=True):
        return send_mail("order-cancelled", to="bob@example.org", context=context)


def the(mail):
    return Mail.objects.get(pk=mail.pk)


def test_a_mails_text_with_its_links_is_never_shown(keeper, mail):
    assert LINK in the(mail).text
    for address in (list_address(Mail), row_address(Mail, mail.pk)):
        page = keeper.get(address).content.decode()
        assert mail.subject in page
        assert "opens-a-door" not in page


@pytest.mark.parametrize("status", [FAILED, BLOCKED])
def test_a_mail_that_was_given_up_or_held_back_goes_out_after_all(
    keeper, mail, root, status, mailoutbox, django_capture_on_commit_callbacks
):
    Mail.objects.update(status=status, attempts=8, error="550 no such user", next_attempt_at=None)
    mailoutbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        press(keeper, mail, "try_again")
    assert (the(mail).status, the(mail).attempts) == (SENT, 1)
    assert [one.to for one in mailoutbox] == [["bob@example.org"]]
    assert Activity.objects.get(action="mail.tried-again").actor == root


def test_a_mail_that_was_sent_is_not_tried_again_but_copied(keeper, mail):
    assert told(press(keeper, mail, "try_again")) == [f"{mail}: This mail is on its way, or was sent."]
    press(keeper, mail, "send_once_more")
    assert Mail.objects.filter(subject=mail.subject, recipient="bob@example.org").count() == 2


def test_a_kind_that_is_switched_off_is_not_tried_again(keeper, mail):
    switch = MessageSetting.objects.get(action="ticket_cancelled")
    assert save(keeper, MessageSetting, switch.pk, enabled=None).status_code == 302
    switch.refresh_from_db()
    assert switch.enabled is False
    Mail.objects.update(status=FAILED)
    assert "switched off" in told(press(keeper, mail, "try_again"))[-1]
    assert the(mail).status == FAILED


def test_a_switch_is_offered_once_for_each_kind_of_mail(keeper):
    offered = keeper.get(f"{list_address(MessageSetting)}add/").context["adminform"].form.fields["kind"].choices
    assert ("order_links", "order_links") in offered
    assert ("ticket_purchased", "ticket_purchased") not in offered  # there is one from the beginning
    save(keeper, MessageSetting, kind="order_links", enabled="on")
    assert save(keeper, MessageSetting, kind="order_links").status_code == 200  # drawn again, with its error
    assert save(keeper, MessageSetting, kind="no-such-mail").status_code == 200
    added = MessageSetting.objects.get(action="order_links")
    assert added.enabled
    [line] = Activity.objects.filter(action="messagesetting.added")
    assert line.subject_id == str(added.pk)


def test_a_switch_is_turned_and_removed_and_the_log_says_so(keeper):
    switch = MessageSetting.objects.get(action="ticket_purchased")
    save(keeper, MessageSetting, switch.pk, enabled=None)
    switch.refresh_from_db()
    assert switch.enabled is False
    address = row_address(MessageSetting, switch.pk).replace("/change/", "/delete/")
    keeper.post(address, {"post": "yes"})
    assert not MessageSetting.objects.filter(pk=switch.pk).exists()
    assert [line.action for line in Activity.objects.order_by("pk")] == [
        "messagesetting.edited",
        "messagesetting.deleted",
    ]
