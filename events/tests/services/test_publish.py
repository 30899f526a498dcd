"""Publishing an event, by whichever door."""

import json

import pytest

from accounts.models import Activity, UserPermission
from events.models import Event
from events.services.publish import publish_event, unpublish_event
from events.tests.factories import in_days, make_event
from openevent.core.refusals import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(ada):
    return make_event(owner=ada, state="draft", location_name=None)


def lines():
    told = Activity.objects.filter(action__in=("event.published", "event.unpublished"))
    return list(told.order_by("pk").values_list("action", flat=True))


def test_a_name_and_dates_are_enough(draft, ada):
    publish_event(draft, by=ada)
    assert (draft.state, Event.objects.get().state, lines()) == ("published", "published", ["event.published"])


def test_twice_is_once(draft, ada):
    publish_event(draft, by=ada)
    publish_event(draft, by=ada)
    unpublish_event(draft, by=ada)
    unpublish_event(draft, by=ada)
    assert lines() == ["event.published", "event.unpublished"]


@pytest.mark.parametrize(
    ("facts", "pointer"),
    [({"name": ""}, "/data/attributes/name"), ({"ends_at": in_days(1)}, "/data/attributes/ends-at")],
)
def test_without_a_name_or_dates_that_hold_it_stays_a_draft(draft, ada, facts, pointer):
    Event.objects.filter(pk=draft.pk).update(**facts)
    with pytest.raises(Refused) as refused:
        publish_event(draft, by=ada)
    assert refused.value.pointer == pointer
    assert Event.objects.get().state == "draft"


def test_the_row_as_it_is_now_counts_not_the_one_at_hand(draft, ada):
    Event.objects.update(name="")
    with pytest.raises(Refused):
        publish_event(draft, by=ada)


def patch(client, event, **attributes):
    body = {"data": {"type": "event", "id": str(event.pk), "attributes": attributes}}
    return client.patch(f"/v1/events/{event.pk}", json.dumps(body), content_type="application/vnd.api+json")


def test_the_api_goes_the_same_way(client, draft, ada):
    client.force_login(ada, backend="accounts.backends.EmailBackend")
    assert patch(client, draft, state="published", name="Quay").status_code == 200
    assert (Event.objects.get().state, Event.objects.get().name, lines()) == ("published", "Quay", ["event.published"])
    assert patch(client, draft, state="published").status_code == 200
    assert patch(client, draft, state="draft").status_code == 200
    assert lines() == ["event.published", "event.unpublished"]


def test_the_api_refuses_what_the_page_refuses(client, draft, ada):
    Event.objects.update(ends_at=in_days(1))
    client.force_login(ada, backend="accounts.backends.EmailBackend")
    answer = patch(client, draft, state="published", name="Quay")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["source"]["pointer"] == "/data/attributes/ends-at"
    assert (Event.objects.get().state, Event.objects.get().name) == ("draft", "Harbour Days")


def test_whoever_has_an_unproven_address_publishes_if_staff_let_them(draft, ada, root):
    ada.is_verified = False
    ada.save()
    with pytest.raises(Refused) as refused:
        publish_event(draft, by=ada)
    assert (refused.value.code, refused.value.status, lines()) == ("unverified-user", 403, [])
    UserPermission.objects.filter(name="publish_event").update(unverified_user=True)
    publish_event(draft, by=ada)
    assert lines() == ["event.published"]
