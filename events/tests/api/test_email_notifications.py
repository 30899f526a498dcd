"""Which mails of an event somebody wants, through the API; and that it counts."""

import pytest

from accounts.models import User
from events.models import EmailNotification, Session, Speaker
from events.services.email_notifications import willing
from events.services.session_mails import tell_of_submission
from events.tests.factories import make_event
from notifications.models import Mail
from tests.contract.world import API, resource_document

WISHES = ("next-event", "new-paper", "session-schedule", "session-accept-reject", "after-ticket-purchase")


@pytest.fixture
def event(ada):
    """Made through the API, as organizers make theirs."""
    document = resource_document(
        "event", name="Harbour Days", starts_at="2030-05-01T09:00:00Z", ends_at="2030-05-02T09:00:00Z", timezone="UTC"
    )
    answer = API(ada).post("/v1/events", document)
    return ada.events_roles.get().event if answer.status_code == 201 else None


@pytest.fixture
def wishes(event, ada):
    return EmailNotification.objects.get(user=ada, event=event)


def decline(user, wishes, name):
    document = resource_document("email-notification", key=wishes.pk, **{name: False})
    assert API(user).patch(f"/v1/email-notifications/{wishes.pk}", document).status_code == 200


def test_who_makes_an_event_gets_all_its_mails_at_first(ada, wishes, event):
    answer = API(ada).get(f"/v1/users/{ada.pk}/email-notifications", {"include": "event"}).json()
    [row] = answer["data"]
    assert [row["attributes"][name] for name in WISHES] == [True] * 5
    assert row["attributes"]["event-id"] == event.pk
    assert answer["included"][0]["attributes"]["name"] == "Harbour Days"


def test_whoever_declines_new_papers_is_not_mailed_of_them(ada, bob, event, wishes):
    session = Session.objects.create(event=event, title="Tides", creator=bob, state="pending")
    tell_of_submission(session, by=bob)
    assert [mail.recipient for mail in Mail.objects.filter(kind="new-session")] == [ada.email]
    decline(ada, wishes, "new_paper")
    tell_of_submission(session, by=bob)
    assert Mail.objects.filter(kind="new-session").count() == 1


def test_whoever_declines_decisions_is_not_mailed_of_them(ada, bob, eve, event):
    session = Session.objects.create(event=event, title="Tides", state="accepted")
    for user in (bob, eve):
        session.speakers.add(Speaker.objects.create(event=event, name=user.name, email=user.email, user=user))
    EmailNotification.objects.create(user=bob, event=event, session_accept_reject=False)
    answer = API(ada).post(f"/v1/sessions/{session.pk}/notify", {"subject": "Yes", "message": "Come"})
    assert answer.status_code == 200
    told = set(Mail.objects.filter(kind="session-state-change").values_list("recipient", flat=True))
    assert told == {eve.email, ada.email}


def test_addresses_without_an_account_and_in_any_spelling_are_told_once(event, ada, wishes):
    decline(ada, wishes, "new_paper")
    addresses = ["ADA@example.org", "new@example.org", "new@example.org"]
    assert willing(addresses, event_id=event.pk, to="new_paper") == ["new@example.org"]
    assert willing(addresses, event_id=event.pk, to="next_event") == ["ADA@example.org", "new@example.org"]


def test_a_wish_at_one_event_is_none_at_another(ada, wishes):
    other = make_event(owner=ada, name="Other")
    decline(ada, wishes, "new_paper")
    assert willing([ada.email], event_id=other.pk, to="new_paper") == [ada.email]


def test_people_say_what_they_want_once_an_event_and_for_themselves(bob, ada, event):
    User.objects.filter(pk=bob.pk).update(is_verified=True)
    event.state = "published"
    event.save()
    relationships = {"user": bob, "event": event}
    document = resource_document("email-notification", relationships=relationships, session_accept_reject=False)
    assert [API(bob).post("/v1/email-notifications", document).status_code for _ in range(2)] == [201, 409]
    document = resource_document("email-notification", relationships={"user": ada, "event": event})
    assert API(bob).post("/v1/email-notifications", document).status_code == 403


def test_others_do_not_see_them(wishes, bob, root):
    path = f"/v1/email-notifications/{wishes.pk}"
    assert [API(user).get(path).status_code for user in (bob, None, root)] == [404, 404, 200]
    assert API(bob).get("/v1/email-notifications").json()["data"] == []


def test_they_vanish_with_the_event(ada, event, wishes):
    event.hide()
    assert API(ada).get(f"/v1/email-notifications/{wishes.pk}").status_code == 404
