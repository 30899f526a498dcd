"""What happens when an event is over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.models import Session, Speaker
from events.services.after_event import close_events
from events.tests.factories import in_days, make_event
from notifications.models import Mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def over(ada, cora):
    return make_event(owner=ada, coorganizer=cora, starts_at=in_days(-2), ends_at=timezone.now() - timedelta(hours=3))


def talk(event, state, email, **more):
    session = Session.objects.create(event=event, title=f"A talk {state}", state=state)
    session.speakers.add(Speaker.objects.create(event=event, name="Somebody", email=email, **more))
    return session


def recipients(kind):
    return sorted(Mail.objects.filter(kind=kind).values_list("recipient", flat=True))


def test_team_and_speakers_are_thanked_once(over):
    talk(over, "confirmed", "said@example.org")
    talk(over, "accepted", "spoke@example.org")
    talk(over, "rejected", "waited@example.org")
    talk(over, "confirmed", "nobody@example.org", is_email_overridden=True)
    assert [close_events(), close_events()] == [1, 0]
    assert recipients("after-event") == ["ada@example.org"]
    assert recipients("after-event-speaker") == ["said@example.org", "spoke@example.org"]


def test_what_nobody_decided_on_is_turned_down(over):
    waiting, shown = talk(over, "pending", "a@example.org"), talk(over, "confirmed", "b@example.org")
    close_events()
    assert [Session.objects.get(pk=each.pk).state for each in (waiting, shown)] == ["rejected", "confirmed"]
    assert not Mail.objects.filter(kind="session-state-change").exists()


@pytest.mark.parametrize("how", [{"state": "draft"}, {"ends_at": in_days(1)}, {"ends_at": in_days(-9)}])
def test_events_that_are_not_over_drafts_and_old_ones_are_left_alone(how, ada):
    event = make_event(owner=ada, **{"starts_at": in_days(-10), "ends_at": in_days(-1), **how})
    waiting = talk(event, "pending", "a@example.org")
    assert close_events() == 0
    assert Session.objects.get(pk=waiting.pk).state == "pending"
