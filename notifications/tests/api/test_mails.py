"""Mails and which kinds of them are sent, through the API."""

import json

import pytest
from django.core import mail as outbox

from accounts.models import CustomSystemRole, PanelPermission
from accounts.tests.people import make_person
from notifications.kinds import KNOWN_AS, MAILS, action_of, kind_of
from notifications.models import BLOCKED, QUEUED, Mail, MessageSetting
from notifications.services.mail import queue_mail, send_mail
from tests.contract.world import API, resource_document


@pytest.fixture
def staff(root):
    return API(root)


def write(kind="order-completed", to="bob@example.org", **more):
    return queue_mail(kind, **{"to": to, "subject": "Your tickets", "text": "Hello Bob", **more})


def attributes_of(answer):
    return [row["attributes"] for row in answer.json()["data"]]


def switch(action, /, **changes):
    setting = MessageSetting.objects.get(action=action)
    return f"/v1/message-settings/{setting.pk}", resource_document("message-setting", key=setting.pk, **changes)


# ── Mails ────────────────────────────────────────────────────────────────────────────────────────


def test_staff_read_what_was_written_newest_first(staff):
    write()
    write("account-password-reset-key", to="eve@example.org", subject="A new password")
    query = {"filter": "[]", "page[number]": 1, "page[size]": 100, "sort": "-time"}
    found = attributes_of(staff.get("/v1/mails", query))
    assert [(one["recipient"], one["action"], one["subject"]) for one in found] == [
        ("eve@example.org", "password_reset", "A new password"),
        ("bob@example.org", "ticket_purchased", "Your tickets"),
    ]
    assert found[0].keys() == {"recipient", "time", "action", "subject", "message"}


@pytest.mark.parametrize(
    ("condition", "kinds"),
    [
        ({"name": "recipient", "op": "ilike", "val": "%eve%"}, ["event-role"]),
        ({"name": "action", "op": "eq", "val": "ticket_purchased"}, ["order-completed"]),
        ({"name": "action", "op": "eq", "val": "event_role"}, ["event-role"]),
    ],
)
def test_mails_are_searched(staff, condition, kinds):
    write()
    write("event-role", to="eve@example.org")
    found = attributes_of(staff.get("/v1/mails", {"filter": json.dumps([condition])}))
    assert [one["action"] for one in found] == [action_of(kind) for kind in kinds]


def test_links_that_open_doors_are_not_shown(staff):
    write(text="Open https://example.org/orders/1/ABC?x=y (or HTTP://other.example/verify/abc:def) now.\nBob")
    [found] = attributes_of(staff.get("/v1/mails"))
    assert found["message"] == "Open [link] (or [link] now.\nBob"


def test_no_mail_of_the_house_shows_a_link(staff, ada, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        staff.post("/v1/auth/reset-password", {"data": {"email": "ada@example.org"}})
        staff.post("/v1/auth/resend-verification-email", {"data": {"email": "ada@example.org"}})
    assert any("http" in message.body for message in outbox.outbox)
    assert not any("://" in one["message"] for one in attributes_of(staff.get("/v1/mails")))


def test_mails_are_for_staff_alone(ada):
    mail = write()
    for user in (ada, make_person("mark", is_marketer=True), None):
        assert API(user).get("/v1/mails").json()["data"] == []
        assert API(user).get(f"/v1/mails/{mail.pk}").status_code == 404


def test_staff_open_the_reports_to_marketers(ada):
    write()
    reports = PanelPermission.objects.get(panel_name="reports")
    reports.custom_system_roles.add(CustomSystemRole.objects.get(name="Marketer"))
    api = API(make_person("mark", is_marketer=True))
    assert api.get("/v1/mails").json()["meta"] == {"count": 1}
    assert api.get("/v1/message-settings").json()["data"] == []


def test_a_new_mail_makes_another_tag(staff):
    write()
    tag = staff.get("/v1/mails")["ETag"]
    assert staff.get("/v1/mails", **{"If-None-Match": tag}).status_code == 304
    write()
    assert staff.get("/v1/mails", **{"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_nobody_writes_them_by_hand(staff, method):
    mail = write()
    path = "/v1/mails" if method == "POST" else f"/v1/mails/{mail.pk}"
    assert staff.send(method, path, resource_document("mail", key=mail.pk, subject="x")).status_code == 405


# ── Which kinds are sent ─────────────────────────────────────────────────────────────────────────


def test_there_is_a_switch_for_each_kind_that_clients_know(staff):
    answer = staff.get("/v1/message-settings", {"page[size]": 100, "page[number]": 1})
    found = {one["action"]: one for one in attributes_of(answer)}
    assert found.keys() == MAILS.keys()
    assert len(found) == 33
    assert all(one["enabled"] for one in found.values())


def test_a_switch_says_who_gets_the_mail_and_what_it_says(staff):
    answer = staff.get("/v1/message-settings", {"page[size]": 100})
    found = {one["action"]: one for one in attributes_of(answer)}
    assert found["ticket_purchased"]["recipient"] == "Buyer"
    assert "{event_name}" in found["ticket_purchased"]["email-subject"]
    assert "{event_name}" in found["ticket_purchased"]["email-message"]
    assert "{base_url}" in found["password_reset"]["email-message"]
    assert found["test_mail"]["email-subject"] == "{app_name} can send mail"


def test_every_sample_is_a_mail_of_the_house():
    assert {action_of(kind_of(action)) for action in MAILS} == MAILS.keys()
    assert set(KNOWN_AS.values()) <= MAILS.keys()


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("ticket_purchased", "order-completed"),
        ("ticket_purchased", "order-placed"),
        ("ticket_cancelled", "order-cancelled"),
        ("event_role", "event-role"),
        ("password_reset", "account-password-reset-key"),
    ],
)
def test_a_kind_that_is_switched_off_is_held_back_and_others_go(staff, action, kind):
    path, document = switch(action, enabled=False)
    assert staff.patch(path, document).status_code == 200
    assert [write(kind).status, write("order-links").status] == [BLOCKED, QUEUED]
    staff.patch(*switch(action, enabled=True))
    assert write(kind).status == QUEUED


def test_what_a_switch_is_for_does_not_change(staff):
    path, document = switch("test_mail", action="another", recipient="x", email_subject="x")
    assert staff.patch(path, document).status_code == 200
    assert MessageSetting.objects.filter(action="test_mail").exists()


# ── Trying it ────────────────────────────────────────────────────────────────────────────────────


def test_staff_try_whether_mail_arrives(staff, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = staff.post("/v1/test-mail", {"recipient": "Paul@example.org"})
    assert (answer.status_code, answer.json()) == (200, {"message": "The mail is on its way to paul@example.org."})
    assert [message.to for message in outbox.outbox] == [["paul@example.org"]]


@pytest.mark.parametrize(
    "body", [{}, [], {"recipient": None}, {"recipient": "paul"}, {"recipient": "a@b.example\nBcc: x"}]
)
def test_a_trial_needs_an_address(staff, body):
    answer = staff.post("/v1/test-mail", body)
    assert (answer.status_code, answer.json()["errors"][0]["source"]) == (422, {"pointer": "/recipient"})
    assert not Mail.objects.exists()


def test_nobody_else_sends_mail_by_this(ada):
    assert [API(user).post("/v1/test-mail", {"recipient": "x@example.org"}).status_code for user in (ada, None)] == [
        403,
        401,
    ]
    assert not Mail.objects.exists()


def test_a_trial_is_said_to_be_held_back_where_trials_are(staff):
    staff.patch(*switch("test_mail", enabled=False))
    assert "held back" in staff.post("/v1/test-mail", {"recipient": "paul@example.org"}).json()["message"]
    assert send_mail("test-mail", to="paul@example.org", context={}).status == BLOCKED
