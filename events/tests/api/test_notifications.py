"""What is behind somebody's bell, through the API."""

import json

import pytest

from events.tests.factories import make_event
from notifications.models import Notification, NotificationSetting
from notifications.services.notify import notify
from tests.contract.world import API, resource_document


@pytest.fixture
def card(ada, bob):
    event = make_event(owner=ada, name="Harbour Days")
    return notify(
        ada,
        "new_session",
        title="A talk was submitted",
        message="<p>About tides<script>x</script></p>",
        action="/manage/x/",
        about=event,
        event_id=event.pk,
        by=bob,
    )


def listed(api, path, **query):
    return [row["attributes"]["title"] for row in api.get(path, query).json()["data"]]


def test_a_message_is_read_with_what_it_is_about(ada, bob, card):
    attributes = API(ada).get(f"/v1/notifications/{card.pk}").json()["data"]["attributes"]
    assert (attributes["title"], attributes["message"]) == ("A talk was submitted", "<p>About tides</p>")
    assert (attributes["is-read"], attributes["received-at"]) == (False, attributes["created-at"])
    assert attributes["content"] == {
        "type": "new_session",
        "target-type": "event",
        "target-id": card.event_id,
        "target-action": "published",
        "actors": [
            {
                "id": bob.pk,
                "first-name": "Bob",
                "last-name": None,
                "public-name": "bob",
                "avatar-url": None,
                "thumbnail-image-url": None,
            }
        ],
    }


def test_the_unread_are_asked_for_newest_first(ada, card):
    notify(ada, "event_role", title="Somebody invites you")
    old = notify(ada, "event_role", title="Long read")
    Notification.objects.filter(pk=old.pk).update(is_read=True)
    unread = json.dumps([{"name": "is-read", "op": "eq", "val": False}])
    found = listed(API(ada), f"/v1/users/{ada.pk}/notifications", filter=unread, sort="-created-at")
    assert found == ["Somebody invites you", "A talk was submitted"]


def test_a_message_is_marked_read_and_nothing_else_of_it_changes(ada, eve, card):
    document = resource_document(
        "notification",
        key=card.pk,
        is_read=True,
        title="x",
        message="x",
        action="//evil.example",
        content={"type": "x"},
    )
    assert API(ada).patch(f"/v1/notifications/{card.pk}", document).status_code == 200
    card.refresh_from_db()
    assert (card.is_read, card.title, card.action) == (True, "A talk was submitted", "/manage/x/")


def test_no_get_marks_a_message_read(ada, card):
    API(ada).get(f"/v1/notifications/{card.pk}")
    card.refresh_from_db()
    assert not card.is_read


def test_others_have_nothing_to_do_with_it(card, bob, eve):
    path = f"/v1/notifications/{card.pk}"
    document = resource_document("notification", key=card.pk, is_read=True)
    for user, refused in ((bob, 404), (eve, 404), (None, 401)):
        assert [API(user).patch(path, document).status_code, API(user).delete(path).status_code] == [refused] * 2
        assert API(user).get(path).status_code == 404
        assert listed(API(user), "/v1/notifications") == []


def test_nobody_writes_a_message_by_hand(root, ada):
    document = resource_document("notification", title="x", relationships={"user": ada})
    for path in ("/v1/notifications", f"/v1/users/{ada.pk}/notifications"):
        assert API(root).post(path, document).status_code == 405


def test_staff_read_all_of_them_with_their_people(root, card):
    query = {"filter": "[]", "include": "user", "page[number]": 1, "page[size]": 100, "sort": "-received-at"}
    answer = API(root).get("/v1/notifications", query).json()
    assert [row["type"] for row in answer["included"]] == ["user"]
    assert answer["meta"] == {"count": 1}


def test_the_event_and_the_person_are_reached(ada, card):
    api = API(ada)
    assert api.get(f"/v1/notifications/{card.pk}/event").json()["data"]["attributes"]["name"] == "Harbour Days"
    assert api.get(f"/v1/notifications/{card.pk}/user").json()["data"]["id"] == str(ada.pk)


def test_an_event_that_one_does_not_see_is_not_reached_by_a_message(ada, bob):
    draft = make_event(owner=ada, name="Secret", state="draft")
    card = notify(bob, "event_role", title="Come and help", about=draft, event_id=draft.pk)
    assert API(bob).get(f"/v1/notifications/{card.pk}/event").status_code == 404


@pytest.mark.parametrize(
    "path", ["/v1/notification-actions/1/notification", "/v1/notifications/1/relationships/actions"]
)
def test_actions_of_messages_are_nothing_that_there_is(ada, path):
    answer = API(ada).get(path)
    assert (answer.status_code, answer.json()["errors"][0]["status"]) == (404, 404)


def test_what_staff_have_switched_off_is_told_nobody(root, ada):
    setting = NotificationSetting.objects.get(type="event_role")
    document = resource_document("notification-setting", key=setting.pk, enabled=False, type="another")
    assert API(root).patch(f"/v1/notification-settings/{setting.pk}", document).status_code == 200
    setting.refresh_from_db()
    assert setting.type == "event_role"
    assert notify(ada, "event_role", title="Come and help") is None
    assert notify(ada, "new_session", title="A talk was submitted")
    assert API(root).get("/v1/notification-settings").json()["meta"] == {"count": 9}
