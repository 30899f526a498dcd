"""What staff keep for all events, through the API: sizes of pictures, the table of rights, counts."""

import pytest

from events.models import EventImageSize, EventTopic, EventType, SpeakerImageSize
from events.services.image_sizes import event_sizes, speaker_sizes
from events.tests.factories import make_event
from tests.contract.world import API, resource_document


@pytest.fixture
def staff(root):
    return API(root)


@pytest.mark.parametrize(("path", "number"), [("event-image-sizes", "1"), ("speaker-image-sizes", "2")])
def test_sizes_are_one_row_at_the_bare_path_and_by_number(staff, path, number):
    answers = [staff.get(f"/v1/{path}{last}") for last in ("", f"/{number}")]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [answer.json()["data"]["id"] for answer in answers] == [number] * 2
    assert answers[0].json()["data"] == answers[1].json()["data"]
    assert staff.get(f"/v1/{path}/3").status_code == 404


def test_pictures_are_cut_as_staff_say(staff):
    document = resource_document("event-image-size", key=1, thumbnail_width=320, thumbnail_quality=70)
    assert staff.patch("/v1/event-image-sizes", document).status_code == 200
    assert (event_sizes()["thumbnail"].width, event_sizes()["thumbnail"].quality) == (320, 70)
    document = resource_document("speaker-image-size", key=2, icon_size_width_height=40)
    assert staff.patch("/v1/speaker-image-sizes/2", document).status_code == 200
    assert speaker_sizes()["icon"].width == 40
    assert [model.objects.count() for model in (EventImageSize, SpeakerImageSize)] == [1, 1]


@pytest.mark.parametrize("sent", [{"icon_width": -1}, {"full_quality": 101}, {"logo_height": "wide"}])
def test_a_size_that_is_none_is_refused_at_its_place(staff, sent):
    answer = staff.patch("/v1/event-image-sizes", resource_document("event-image-size", key=1, **sent))
    [name] = sent
    pointer = f"/data/attributes/{name.replace('_', '-')}"
    assert (answer.status_code, answer.json()["errors"][0]["source"]) == (422, {"pointer": pointer})


@pytest.mark.parametrize("path", ["event-image-sizes", "speaker-image-sizes", "services", "event-role-permissions"])
def test_nobody_else_reads_what_staff_keep(ada, path):
    for user in (ada, None):
        answer = API(user).get(f"/v1/{path}")
        assert answer.status_code == 404 or answer.json()["data"] == []


def test_the_table_of_rights_is_there_from_the_beginning(staff):
    names = [row["attributes"]["name"] for row in staff.get("/v1/services").json()["data"]]
    assert names == ["track", "session", "speaker", "sponsor", "microlocation"]
    answer = staff.get("/v1/event-role-permissions", {"page[size]": 35, "include": "role,service"}).json()
    assert answer["meta"] == {"count": 30}
    names = {(each["type"], each["id"]): each["attributes"]["name"] for each in answer["included"]}
    table = {
        tuple(names[kind, row["relationships"][kind]["data"]["id"]] for kind in ("role", "service")): [
            row["attributes"][f"can-{deed}"] for deed in ("create", "read", "update", "delete")
        ]
        for row in answer["data"]
    }
    assert table["owner", "sponsor"] == [True] * 4
    assert table["coorganizer", "track"] == [False, True, True, False]
    assert table["track_organizer", "track"] == [True] * 4
    assert table["track_organizer", "session"] == table["registrar", "track"] == [False, True, False, False]


def test_a_service_has_a_name_that_clients_know(staff):
    service = staff.get("/v1/services").json()["data"][0]["id"]
    document = resource_document("service", key=service, name="catering")
    answer = staff.patch(f"/v1/services/{service}", document)
    assert (answer.status_code, answer.json()["errors"][0]["source"]) == (422, {"pointer": "/data/attributes/name"})


def test_staff_count_events_by_topic_and_by_type(staff, ada):
    talks, fairs = (EventType.objects.create(name=name) for name in ("Talks", "Fairs"))
    topic = EventTopic.objects.create(name="Science")
    for name in ("One", "Two"):
        make_event(owner=ada, name=name, event_type=talks, event_topic=topic)
    make_event(owner=ada, name="Gone", event_type=talks).hide()
    types = staff.get("/v1/admin/statistics/event-types").json()
    assert {"id": talks.pk, "name": "Talks", "count": 2} in types
    assert {"id": fairs.pk, "name": "Fairs", "count": 0} in types
    topics = staff.get("/v1/admin/statistics/event-topics").json()
    assert {"id": topic.pk, "name": "Science", "count": 2} in topics
    assert [API(user).get("/v1/admin/statistics/event-types").status_code for user in (ada, None)] == [403, 401]
